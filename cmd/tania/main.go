// Command tania is the bot server behind Chatwoot.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the linker.
var version = "dev"

type cli struct {
	Serve   serveCmd   `cmd:"" help:"Take webhooks and answer customers. Configured by environment variables, .env and bot.yaml; serve --help lists them all."`
	Worker  workerCmd  `cmd:"" help:"Answer customers only; any number of workers, with Redis, beside tania serve --no-worker."`
	Queue   queueCmd   `cmd:"" help:"Pause, resume and watch the queue of all processes."`
	Dead    deadCmd    `cmd:"" help:"List, show, retry and discard dead turns."`
	Cache   cacheCmd   `cmd:"" help:"Look into the semantic cache, explain, clear and measure it."`
	Forget  forgetCmd  `cmd:"" help:"Erase one contact from all that Tania stores."`
	Demo    demoCmd    `cmd:"" help:"Try it: Tania, a simulated Chatwoot and an offline responder, nothing to configure."`
	Doctor  doctorCmd  `cmd:"" help:"Check the configuration against the live Chatwoot and model, one line each with the mend."`
	Health  healthCmd  `cmd:"" help:"Ask the process of this machine whether it takes webhooks; for the health checks of containers."`
	Route   routeCmd   `cmd:"" help:"Show and measure which way messages are answered."`
	Sim     simCmd     `cmd:"" help:"Run the simulated Chatwoot alone, for tests against a real server process."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	_, err := fmt.Println("tania", version)
	return err
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	command := kong.Parse(&c,
		kong.Name("tania"),
		kong.Description("Answers customers in Chatwoot: every accepted message, once, in order."),
		kong.UsageOnError(),
		kong.Help(help),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "tania:", err)
		os.Exit(1)
	}
}
