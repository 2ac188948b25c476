package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/operator"
	"tania/internal/operator/connect"
	"tania/internal/queue"
	"tania/internal/store"
	"tania/internal/tania"
)

func queueCommand(pick cli.Picker) *cobra.Command {
	return cli.Group("queue", "Pause, resume and watch the queue of all processes",
		pauseCommand(pick), resumeCommand(pick), statsCommand(pick), watchCommand(pick), importBullMQCommand(pick))
}

func deadCommand(pick cli.Picker) *cobra.Command {
	return cli.Group("dead", "List, show, retry and discard dead letters",
		deadListCommand(pick), deadShowCommand(pick), deadRetryCommand(pick), deadDiscardCommand(pick))
}

// operatorFlags say which queue is meant.
type operatorFlags struct {
	Env  string
	URL  string
	JSON bool
}

func (f *operatorFlags) bind(cmd *cobra.Command) {
	cli.EnvFlag(cmd, &f.Env)
	cli.URLFlag(cmd, &f.URL, "where "+store.ManyProcesses+" is not configured")
	cli.JSONFlag(cmd, &f.JSON)
}

func (f operatorFlags) target() connect.Target { return connect.Target{Env: f.Env, URL: f.URL} }

// with runs a command on the queue.
func (f operatorFlags) with(ctx context.Context, run func(operator.Queue) error) error {
	return f.target().Queue(ctx, run)
}

func printJSON(v any) error { return cli.PrintJSON(os.Stdout, v) }

// say prints a sentence, or what it says as JSON.
func (f operatorFlags) say(data map[string]any, sentence string) error {
	if f.JSON {
		return printJSON(data)
	}
	_, err := fmt.Println(sentence)
	return err
}

type pauseCmd struct{ operatorFlags }

func pauseCommand(pick cli.Picker) *cobra.Command {
	var c pauseCmd
	cmd := &cobra.Command{
		Use: "pause", Short: "Start no new turns in any process until resume; webhooks are still accepted", Args: cli.None, Run: pick(&c),
	}
	c.bind(cmd)
	return cmd
}

// Run pauses.
func (c pauseCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(q operator.Queue) error {
		changed, err := q.Pause(ctx, connect.User())
		if err != nil {
			return err
		}
		sentence := "Paused: no new turn starts in any process. Running turns finish, webhooks are still accepted. tania queue resume ends the pause."
		if !changed {
			sentence = "It was paused already."
		}
		return c.say(map[string]any{"paused": true, "changed": changed}, sentence)
	})
}

type resumeCmd struct{ operatorFlags }

func resumeCommand(pick cli.Picker) *cobra.Command {
	var c resumeCmd
	cmd := &cobra.Command{Use: "resume", Short: "Start turns again", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	return cmd
}

// Run ends a pause.
func (c resumeCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(q operator.Queue) error {
		changed, err := q.Resume(ctx, connect.User())
		if err != nil {
			return err
		}
		sentence := "Turns start again."
		if !changed {
			sentence = "It was not paused."
		}
		return c.say(map[string]any{"paused": false, "changed": changed}, sentence)
	})
}

type statsCmd struct{ operatorFlags }

func statsCommand(pick cli.Picker) *cobra.Command {
	var c statsCmd
	cmd := &cobra.Command{Use: "stats", Short: "Count waiting, running and failed turns", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	return cmd
}

// Run counts once.
func (c statsCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(q operator.Queue) error {
		s, err := q.Stats(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s)
		}
		type line struct {
			name  string
			value any
		}
		lines := []line{
			{"engine", s.Engine},
			{"paused", pausedText(s)},
			{"waiting", fmt.Sprintf("%d, the oldest for %s", s.Waiting,
				(time.Duration(s.OldestWaitingMS) * time.Millisecond).Round(time.Millisecond))},
			{"active", s.Active},
			{"delayed", s.Delayed},
			{"parked", s.Parked},
			{"completed", s.Completed},
			{"not known", fmt.Sprintf("%d turns in which the bot said that it does not know", s.NotKnown)},
			{"failed", fmt.Sprintf("%d dead letters, %d in the last hour", s.Failed, s.FailedLastHour)},
			{"messages", fmt.Sprintf("%d, and %d duplicates", s.Messages, s.Duplicates)},
		}
		if !s.RepairedAt.IsZero() {
			lines = append(lines, line{"lost data", fmt.Sprintf("%d entries or pages put back, %d messages or transactions lost, last at %s",
				s.Repaired, s.Lost, s.RepairedAt.Format(time.RFC3339))})
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for _, line := range lines {
			_, _ = fmt.Fprintf(w, "%s\t%v\n", line.name, line.value)
		}
		return w.Flush()
	})
}

func pausedText(s queue.Stats) string {
	if s.Paused {
		return "yes, by " + s.PausedBy
	}
	return "no"
}

type watchCmd struct {
	operatorFlags
	Every time.Duration
}

func watchCommand(pick cli.Picker) *cobra.Command {
	var c watchCmd
	cmd := &cobra.Command{Use: "watch", Short: "Print the counts continuously", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	cmd.Flags().DurationVar(&c.Every, "every", 2*time.Second, "How often")
	return cmd
}

// Run counts until it is interrupted.
func (c watchCmd) Run(ctx context.Context) error {
	if c.Every < 100*time.Millisecond {
		return errors.New("--every: want 100ms or more")
	}
	return c.with(ctx, func(q operator.Queue) error {
		tick := time.NewTicker(c.Every)
		defer tick.Stop()
		if !c.JSON {
			fmt.Printf("%-8s  %8s  %8s  %8s  %8s  %8s  %10s  %9s\n", "time", "waiting", "active", "delayed", "parked", "failed", "completed",
				"oldest")
		}
		for {
			s, err := q.Stats(ctx)
			switch {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				return err
			case c.JSON:
				line, _ := json.Marshal(s)
				fmt.Println(string(line))
			default:
				note := ""
				if s.Paused {
					note = "  paused by " + s.PausedBy
				}
				fmt.Printf("%-8s  %8d  %8d  %8d  %8d  %8d  %10d  %7dms%s\n", time.Now().Format(time.TimeOnly),
					s.Waiting, s.Active, s.Delayed, s.Parked, s.Failed, s.Completed, s.OldestWaitingMS, note)
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return nil
			}
		}
	})
}

type deadListCmd struct {
	operatorFlags
	Limit int
}

func deadListCommand(pick cli.Picker) *cobra.Command {
	var c deadListCmd
	cmd := &cobra.Command{Use: "list", Short: "List dead letters, newest first", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	cli.LimitFlag(cmd, &c.Limit)
	return cmd
}

// Run lists.
func (c deadListCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(q operator.Queue) error {
		list, err := q.Dead(ctx, c.Limit)
		if err != nil {
			return err
		}
		return cli.Table[queue.DeadTurn]{
			None: "There are no dead letters.", Head: "TURN\tCONVERSATION\tDIED\tMESSAGES\tERROR",
			Row: func(d queue.DeadTurn) string {
				return fmt.Sprintf("%s\t%s\t%s\t%d\t%s", d.ID, d.Key, d.Died.Local().Format(time.DateTime), len(d.Messages), oneLine(d.Error, 80))
			},
		}.Print(os.Stdout, c.JSON, list)
	})
}

type deadShowCmd struct {
	operatorFlags
	Turn string
}

func deadShowCommand(pick cli.Picker) *cobra.Command {
	var c deadShowCmd
	cmd := &cobra.Command{
		Use: "show TURN", Short: "Show a dead letter with its messages and failures", Args: cli.One("TURN", &c.Turn), Run: pick(&c),
		Long: "Show a dead letter with its messages and failures. TURN is its id.",
	}
	c.bind(cmd)
	return cmd
}

// Run shows one.
func (c deadShowCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(q operator.Queue) error {
		d, err := q.DeadTurn(ctx, tania.TurnID(c.Turn))
		if err != nil {
			return unknownTurn(c.Turn, err)
		}
		if c.JSON {
			return printJSON(d)
		}
		fmt.Printf("turn %s of conversation %s, died %s\n\nMessages\n", d.ID, d.Key, d.Died.Local().Format(time.DateTime))
		for _, m := range d.Messages {
			fmt.Printf("  %d  %s  %s\n", m.ID, m.Created.Local().Format(time.DateTime), oneLine(m.Content, 200))
		}
		fmt.Println("\nFailures")
		for _, f := range d.History {
			fmt.Printf("  attempt %d  %s  %s\n", f.Attempt, f.At.Local().Format(time.DateTime), oneLine(f.Error, 200))
		}
		return nil
	})
}

type deadRetryCmd struct {
	operatorFlags
	Turns []string
	All   bool
}

func deadRetryCommand(pick cli.Picker) *cobra.Command {
	var c deadRetryCmd
	cmd := &cobra.Command{
		Use: "retry [TURN...]", Short: "Retry dead letters", Args: cli.List(&c.Turns), Run: pick(&c),
		Long: "Retry dead letters: those with the ids TURN, or --all.",
	}
	c.bind(cmd)
	cmd.Flags().BoolVar(&c.All, "all", false, "All of them")
	return cmd
}

// Run puts dead letters back.
func (c deadRetryCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(q operator.Queue) error {
		if c.All && len(c.Turns) == 0 {
			return operator.WithRetries(ctx, q, slog.New(slog.DiscardHandler), func(r operator.Retries) error { return c.all(ctx, r) })
		}
		return c.each(ctx, q, c.Turns, c.All, "retried", "wait to be answered", q.RetryDead)
	})
}

// all has every dead letter put back, and tells how far that is until it is done. It goes on where this is broken off, if a process serves.
func (c deadRetryCmd) all(ctx context.Context, r operator.Retries) error {
	told := time.Now()
	p, err := operator.RetryAndWait(ctx, r, connect.User(), func(p operator.RetryAll) {
		if !c.JSON && time.Since(told) > 2*time.Second {
			told = time.Now()
			_, _ = fmt.Fprintf(os.Stderr, "%d of %d dead letters are queued again …\n", p.Retried, p.Of)
		}
	})
	if err != nil {
		return err
	}
	return c.say(map[string]any{"retried": p.Retried, "failed": p.Failed, "of": p.Of},
		fmt.Sprintf("%d of %d dead letters are queued again.", p.Retried, p.Of))
}

type deadDiscardCmd struct {
	operatorFlags
	Turns []string
	All   bool
}

func deadDiscardCommand(pick cli.Picker) *cobra.Command {
	var c deadDiscardCmd
	cmd := &cobra.Command{
		Use: "discard [TURN...]", Short: "Remove dead letters for good", Args: cli.List(&c.Turns), Run: pick(&c),
		Long: "Remove dead letters for good: those with the ids TURN, or --all.",
	}
	c.bind(cmd)
	cmd.Flags().BoolVar(&c.All, "all", false, "All of them")
	return cmd
}

// Run removes dead letters.
func (c deadDiscardCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(q operator.Queue) error {
		return c.each(ctx, q, c.Turns, c.All, "discarded", "are gone", q.DiscardDead)
	})
}

// each does something to the named dead letters, or to all.
func (f operatorFlags) each(
	ctx context.Context, q operator.Queue, turns []string, all bool, did, now string, do func(context.Context, tania.TurnID) error,
) error {
	if all == (len(turns) > 0) {
		return errors.New("name dead letters, or say --all; tania dead list shows them")
	}
	done, of, err := operator.EachDead(ctx, q, turns, do)
	if err != nil && of == 0 {
		return err
	}
	return errors.Join(err, f.say(map[string]any{did: done, "of": of}, fmt.Sprintf("%d of %d dead letters %s.", done, of, now)))
}

func unknownTurn(id string, err error) error {
	if errors.Is(err, queue.ErrNotFound) {
		return fmt.Errorf("there is no dead letter %s", id)
	}
	return err
}

// oneLine shortens a text for a table.
func oneLine(s string, most int) string {
	list := []rune(strings.Join(strings.Fields(s), " "))
	if len(list) > most {
		return string(list[:most-1]) + "…"
	}
	return string(list)
}
