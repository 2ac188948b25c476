package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/assembly"
	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/store"
)

type serveCmd struct {
	Env    string
	Worker bool
}

func serveCommand(pick cli.Picker) *cobra.Command {
	var c serveCmd
	cmd := &cobra.Command{
		Use: "serve", Short: "Take webhooks and answer customers", Args: cli.None, Run: pick(&c),
		Long: "Take webhooks and answer customers. Configured by environment variables, .env and bot.yaml.",
	}
	flags := cmd.Flags()
	cli.EnvFlag(cmd, &c.Env)
	flags.BoolVar(&c.Worker, "worker", true, "Answer customers too")
	flags.BoolFunc("no-worker", "Take webhooks only, with separate workers (needs "+store.ManyProcesses+"); same as --worker=false",
		func(s string) error {
			without, err := strconv.ParseBool(s)
			c.Worker = !without
			return err
		})
	return withVariables(cmd)
}

type workerCmd struct {
	Env string
}

func workerCommand(pick cli.Picker) *cobra.Command {
	var c workerCmd
	cmd := &cobra.Command{
		Use: "worker", Short: "Answer customers only, beside tania serve --no-worker; any number of workers (needs " + store.ManyProcesses + ")",
		Args: cli.None, Run: pick(&c),
	}
	cli.EnvFlag(cmd, &c.Env)
	return withVariables(cmd)
}

// withVariables adds every variable to the help of a command that reads them.
func withVariables(cmd *cobra.Command) *cobra.Command {
	show := cmd.HelpFunc()
	cmd.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		show(cmd, args)
		_, _ = fmt.Fprintln(cmd.OutOrStdout(), "\nVariables (with their defaults):")
		_ = config.PrintVariables(cmd.OutOrStdout())
	})
	return cmd
}

// Run serves until it is told to stop.
func (c serveCmd) Run(ctx context.Context) error {
	began := time.Now()
	settings, log, err := assembly.Load(c.Env)
	if err != nil {
		return err
	}
	if !c.Worker && !store.KindOf(settings).Many {
		return store.ErrAlone
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(settings.Server.Host, strconv.Itoa(settings.Server.Port)))
	if err != nil {
		return fmt.Errorf("HOST, PORT: %w", err)
	}
	defer func() { _ = listener.Close() }()
	log.Info("listening", "address", listener.Addr().String(), "version", version)
	return assembly.Process{
		Settings: settings, Listener: listener, Worker: c.Worker, Log: log, Began: began, Version: version, Reload: assembly.Hangups(ctx),
	}.Run(ctx)
}

// Run answers customers whose messages other processes take, until it is told to stop.
func (c workerCmd) Run(ctx context.Context) error {
	began := time.Now()
	settings, log, err := assembly.Load(c.Env)
	if err != nil {
		return err
	}
	if !store.KindOf(settings).Many {
		return store.ErrAlone
	}
	p := assembly.Process{Settings: settings, Worker: true, Log: log, Began: began, Version: version, Reload: assembly.Hangups(ctx)}
	if settings.Watch.MetricsPort != 0 {
		p.Watched, err = new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(settings.Server.Host,
			strconv.Itoa(settings.Watch.MetricsPort)))
		if err != nil {
			return fmt.Errorf("HOST, METRICS_PORT: %w", err)
		}
		defer func() { _ = p.Watched.Close() }()
		log.Info("metrics and health", "address", p.Watched.Addr().String())
	}
	return p.Run(ctx)
}
