package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/redis/rueidis"
	"github.com/spf13/cobra"

	"tania/internal/bullmq"
	"tania/internal/config"
	"tania/internal/queue/redisqueue"
	"tania/internal/telemetry"
)

type importBullMQCmd struct {
	Env    string
	From   string
	Name   string
	Prefix string
	Failed bool
	DryRun bool
	JSON   bool
}

func importBullMQCommand(pick picker) *cobra.Command {
	var c importBullMQCmd
	cmd := &cobra.Command{
		Use: "import-bullmq", Short: "Move what waits in a BullMQ queue into this one, once", Args: none, Run: pick(&c),
	}
	flags := cmd.Flags()
	envFlag(cmd, &c.Env)
	flags.StringVar(&c.From, "from", "", "`URL` of the Redis that has the BullMQ queue; REDIS_URL when it is not said")
	flags.StringVar(&c.Name, "name", "", "`NAME` of the BullMQ queue; QUEUE_NAME when it is not said")
	flags.StringVar(&c.Prefix, "prefix", "bull", "BullMQ's `PREFIX`")
	flags.BoolVar(&c.Failed, "failed", false, "Move failed jobs too")
	flags.BoolVar(&c.DryRun, "dry-run", false, "Change nothing, and count")
	jsonFlag(cmd, &c.JSON)
	return cmd
}

// Run moves the jobs and says what came of it; jobs that could not be moved are an error.
func (c importBullMQCmd) Run(ctx context.Context) error {
	settings, err := config.Load(os.Environ(), c.Env)
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
	connect, err := redisqueue.ParseURL(address)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	connect.DisableCache = true
	client, err := rueidis.NewClient(connect)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer client.Close()
	engine, err := openEngine(ctx, settings, telemetry.NewLogger(io.Discard, settings.LogLevel, settings.LogFormat))
	if err != nil {
		return fmt.Errorf("the queue to move into: %w", err)
	}
	name := c.Name
	if name == "" {
		name = settings.Queue.Name
	}
	report, err := bullmq.Import(ctx, bullmq.Options{
		Client: client, Prefix: c.Prefix, Name: name, Account: settings.Chatwoot.Account,
		Failed: c.Failed, DryRun: c.DryRun, Push: engine.Push,
	})
	return errors.Join(err, c.print(report), engine.Close())
}

func (c importBullMQCmd) print(r bullmq.Report) error {
	if c.JSON {
		if err := printJSON(r); err != nil {
			return err
		}
	} else {
		what := "moved"
		if c.DryRun {
			what = "would be moved"
		}
		fmt.Printf("%d messages %s, %d were here already.\n", r.Imported, what, r.Duplicates)
		for _, id := range slices.Sorted(maps.Keys(r.Left)) {
			fmt.Printf("left: job %s: %s\n", id, r.Left[id])
		}
	}
	var problems []error
	if len(r.Running) > 0 {
		problems = append(problems, fmt.Errorf("%d jobs are being worked: stop the Node workers, wait half a minute and import again", len(r.Running)))
	}
	if len(r.Left) > 0 {
		problems = append(problems, fmt.Errorf("%d jobs could not be read and are where they were", len(r.Left)))
	}
	return errors.Join(problems...)
}
