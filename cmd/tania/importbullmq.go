package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tania/internal/assembly"
	"tania/internal/audit"
	"tania/internal/bullmq"
	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/intake"
	"tania/internal/operator/connect"
	"tania/internal/store"
	"tania/internal/telemetry"
)

type importBullMQCmd struct {
	Env    string
	From   string
	Name   string
	Dead   string
	Prefix string
	Failed bool
	DryRun bool
	JSON   bool
}

func importBullMQCommand(pick cli.Picker) *cobra.Command {
	var c importBullMQCmd
	cmd := &cobra.Command{
		Use: "import-bullmq", Short: "Move the waiting jobs of a BullMQ queue into this one, once", Args: cli.None, Run: pick(&c),
	}
	flags := cmd.Flags()
	cli.EnvFlag(cmd, &c.Env)
	flags.StringVar(&c.From, "from", "", "`URL` of the Redis that has the BullMQ queue; default: REDIS_URL")
	flags.StringVar(&c.Name, "name", "", "`NAME` of the BullMQ queue; default: QUEUE_NAME")
	flags.StringVar(&c.Dead, "dead-letters", "tania-dlq", "`NAME` of the BullMQ queue of dead letters, moved with --failed")
	flags.StringVar(&c.Prefix, "prefix", "bull", "BullMQ's `PREFIX`")
	flags.BoolVar(&c.Failed, "failed", false, "Move failed jobs and dead letters too")
	flags.BoolVar(&c.DryRun, "dry-run", false, "Change nothing, only count")
	cli.JSONFlag(cmd, &c.JSON)
	return cmd
}

// Run moves the jobs and says what came of it; jobs that could not be moved are an error.
func (c importBullMQCmd) Run(ctx context.Context) error {
	settings, err := config.LoadSettings(os.Environ(), c.Env)
	if err != nil {
		return err
	}
	address := c.From
	if address == "" {
		if !settings.Redis.Configured() {
			return errors.New("--from: say where BullMQ's Redis is, redis://host:6379 for example (or set REDIS_URL)")
		}
		address = settings.Redis.Address().Reveal()
	}
	client, err := bullmq.Connect(address)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer client.Close()
	opened, err := store.Open(ctx, settings, telemetry.NewLogger(io.Discard, settings.LogLevel, settings.LogFormat))
	if err != nil {
		return fmt.Errorf("the queue to move into: %w", err)
	}
	name := c.Name
	if name == "" {
		name = settings.Queue.Name
	}
	log := telemetry.NewLogger(os.Stderr, settings.LogLevel, settings.LogFormat)
	door := intake.New(intake.Options{Engine: opened.Queue, Governor: assembly.Gate(settings), Log: log})
	report, err := bullmq.Import(ctx, bullmq.Options{
		Client: client, Prefix: c.Prefix, Name: name, DeadLetters: c.Dead, Account: settings.Chatwoot.Account,
		Failed: c.Failed, DryRun: c.DryRun, Intake: door,
	})
	if !c.DryRun {
		err = errors.Join(err, connect.NoteIn(context.WithoutCancel(ctx), settings, opened, audit.Import, name, err))
	}
	return errors.Join(err, c.print(os.Stdout, name, report), opened.Close())
}

// print says what became of the jobs, one line for each that stays; those that a worker has or that could not be read are an error.
func (c importBullMQCmd) print(w io.Writer, name string, r bullmq.Report) error {
	shown := r.Print
	if c.JSON {
		shown = func(io.Writer, bool) error { return printJSON(r) }
	}
	if err := shown(w, c.DryRun); err != nil {
		return err
	}
	if len(r.Queues) > 0 {
		return errors.Join(fmt.Errorf("there is no BullMQ queue %s:%s on that Redis, but %s: say --prefix and --name", c.Prefix, name,
			strings.Join(r.Queues, ", ")), r.Err())
	}
	return r.Err()
}
