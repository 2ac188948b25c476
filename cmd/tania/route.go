package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/dispatcher"
)

func routeCommand(pick cli.Picker) *cobra.Command {
	return cli.Group("route", "Show and measure which way messages are answered", routeEvalCommand(pick))
}

type routeEvalCmd struct {
	File string
	JSON bool
	// Misses are what one works with when a bot's rules are extended.
	Misses bool
}

func routeEvalCommand(pick cli.Picker) *cobra.Command {
	var c routeEvalCmd
	cmd := &cobra.Command{
		Use: "eval FILE", Short: "Measure the dispatcher on labelled messages",
		Long: "Measure the dispatcher on labelled messages: FILE has JSON lines of {text, route}.",
		Args: cli.Existing("FILE", &c.File, false), Run: pick(&c),
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault),
	}
	flags := cmd.Flags()
	cli.JSONFlag(cmd, &c.JSON)
	flags.BoolVar(&c.Misses, "misses", false, "List the messages whose route differs from their label, and why")
	return cmd
}

// Run prints precision, recall and count per route.
func (c routeEvalCmd) Run(context.Context) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	report, err := dispatcher.Evaluate(f, dispatcher.New(dispatcher.Options{}))
	if err != nil {
		return err
	}
	if !c.Misses {
		report.Misses = nil
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(report)
	}
	return report.Print(os.Stdout)
}
