package main

import (
	"context"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/demo"
	"tania/internal/telemetry"
)

type demoCmd struct {
	Port    int
	Verbose bool
}

func demoCommand(pick cli.Picker) *cobra.Command {
	var c demoCmd
	cmd := &cobra.Command{
		Use: "demo", Short: "Try Tania with a simulated Chatwoot and an offline responder; nothing to configure", Args: cli.None, Run: pick(&c),
	}
	flags := cmd.Flags()
	flags.IntVar(&c.Port, "port", 8788, "Port `N` of the demo's page; if it is in use, the next free one")
	flags.BoolVarP(&c.Verbose, "verbose", "v", false, "Show Tania's log lines")
	return cmd
}

// Run serves the demo until it is told to stop.
func (c demoCmd) Run(ctx context.Context) error {
	log := telemetry.NewLogger(io.Discard, slog.LevelError, "text")
	if c.Verbose {
		log = telemetry.NewLogger(os.Stderr, slog.LevelInfo, "text")
	}
	return demo.Run(ctx, demo.Options{Port: c.Port, Out: os.Stdout, Log: log, Version: version})
}
