package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/cli/workspace"
	"tania/internal/operator"
	"tania/internal/operator/connect"
	"tania/internal/queue"
)

func botCommand(pick cli.Picker) *cobra.Command {
	return cli.Group("bot", "List, compare and go back to versions of the bot; reload, teach and pause bots; see how sources are",
		botVersionsCommand(pick), botDiffCommand(pick), botRollbackCommand(pick), botReloadCommand(pick),
		botPauseCommand(pick), botResumeCommand(pick), botPausesCommand(pick), botSourcesCommand(pick), botStatsCommand(pick),
		workspace.Teach(pick))
}

// withBots runs a command on the versions.
func (f operatorFlags) withBots(ctx context.Context, run func(operator.Bots) error) error {
	return f.target().Bots(ctx, run)
}

type botVersionsCmd struct{ operatorFlags }

func botVersionsCommand(pick cli.Picker) *cobra.Command {
	var c botVersionsCmd
	cmd := &cobra.Command{
		Use: "versions", Short: "List the versions, newest first; the first answers", Args: cli.None, Run: pick(&c),
		Long: fmt.Sprintf("List the versions, newest first; the first answers. The last %d are stored.", queue.BotVersionsKept),
	}
	c.bind(cmd)
	return cmd
}

// Run lists.
func (c botVersionsCmd) Run(ctx context.Context) error {
	return c.withBots(ctx, func(b operator.Bots) error {
		list, err := b.Versions(ctx)
		if err != nil {
			return err
		}
		return cli.Table[queue.BotVersion]{
			None: "There are no versions: the built-in bot answers, or Tania has not run yet.", Head: "VERSION\tPUBLISHED\tBY\tWHY",
			Row: func(v queue.BotVersion) string {
				return fmt.Sprintf("%d\t%s\t%s\t%s", v.Number, v.At.Local().Format(time.DateTime), v.By, whyOf(v))
			},
		}.Print(os.Stdout, c.JSON, list)
	})
}

func whyOf(v queue.BotVersion) string {
	switch {
	case v.Of == 0:
		return v.Why
	case v.Why == "":
		return fmt.Sprintf("back to version %d", v.Of)
	}
	return fmt.Sprintf("back to version %d: %s", v.Of, v.Why)
}

type botDiffCmd struct {
	operatorFlags
	From, To string
}

func botDiffCommand(pick cli.Picker) *cobra.Command {
	var c botDiffCmd
	cmd := &cobra.Command{
		Use: "diff [FROM [TO]]", Short: "Show what changed between two versions", Run: pick(&c),
		Long: "Show what changed between two versions, file by file.\n" +
			"Without TO: up to the current version; without FROM: since the one before it.",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				c.To, args = args[1], append(args[:1:1], args[2:]...)
			}
			return cli.Optional(&c.From)(cmd, args)
		},
	}
	c.bind(cmd)
	return cmd
}

// Run compares.
func (c botDiffCmd) Run(ctx context.Context) error {
	from, err := versionNumber("FROM", c.From)
	if err != nil {
		return err
	}
	to, err := versionNumber("TO", c.To)
	if err != nil {
		return err
	}
	return c.withBots(ctx, func(b operator.Bots) error {
		newer, err := b.Version(ctx, to)
		if err != nil {
			return unknownVersion(to, err)
		}
		if from == 0 {
			from = newer.Number - 1
		}
		var older operator.Version
		if from > 0 {
			if older, err = b.Version(ctx, from); err != nil {
				return unknownVersion(from, err)
			}
		}
		changed := operator.Difference(older, newer)
		if c.JSON {
			return printJSON(map[string]any{"from": older.Number, "to": newer.Number, "diff": changed})
		}
		if changed == "" {
			changed = fmt.Sprintf("Versions %d and %d have the same files.\n", older.Number, newer.Number)
		}
		_, err = fmt.Print(changed)
		return err
	})
}

type botRollbackCmd struct {
	operatorFlags
	Version string
	Why     string
}

func botRollbackCommand(pick cli.Picker) *cobra.Command {
	var c botRollbackCmd
	cmd := &cobra.Command{
		Use: "rollback VERSION", Short: "Publish the files of an earlier version again", Args: cli.One("VERSION", &c.Version), Run: pick(&c),
		Long: "Publish the files of an earlier version again, as a new version.\n" +
			"bot.yaml is left as it is: it is published again when it changes.",
	}
	c.bind(cmd)
	cmd.Flags().StringVar(&c.Why, "why", "", "The reason, for those who read the versions later")
	return cmd
}

// Run goes back.
func (c botRollbackCmd) Run(ctx context.Context) error {
	to, err := versionNumber("VERSION", c.Version)
	if err != nil {
		return err
	}
	return c.withBots(ctx, func(b operator.Bots) error {
		v, err := b.RollBack(ctx, to, connect.User(), c.Why)
		if err != nil {
			return unknownVersion(to, err)
		}
		if c.JSON {
			return printJSON(v)
		}
		_, err = fmt.Printf("Version %d has the files of version %d, and answers from now on.\n", v.Number, to)
		return err
	})
}

type botReloadCmd struct{ operatorFlags }

func botReloadCommand(pick cli.Picker) *cobra.Command {
	var c botReloadCmd
	cmd := &cobra.Command{
		Use: "reload", Short: "Read bot.yaml and what is beside it now, and publish what changed", Args: cli.None, Run: pick(&c),
		Long: "Read bot.yaml and what is beside it now, and publish what changed. A running Tania does so by itself within two seconds.",
	}
	c.bind(cmd)
	return cmd
}

// Run reads.
func (c botReloadCmd) Run(ctx context.Context) error {
	return c.withBots(ctx, func(b operator.Bots) error {
		v, err := b.Reload(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(v)
		}
		_, err = fmt.Printf("Version %d answers, of %s.\n", v.Number, v.At.Local().Format(time.DateTime))
		return err
	})
}

// versionNumber reads an argument; one that was left out is 0.
func versionNumber(name, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s: want the number of a version, not %q; tania bot versions lists them", name, text)
	}
	return n, nil
}

func unknownVersion(number int, err error) error {
	if errors.Is(err, queue.ErrNotFound) {
		return fmt.Errorf("there is no version %d; tania bot versions lists those that are stored", number)
	}
	return err
}
