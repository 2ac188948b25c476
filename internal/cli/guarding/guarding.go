// Package guarding has the commands that measure how replies are checked.
package guarding

import (
	"context"
	"encoding/json"
	"os"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/guard/guardeval"
)

// Guard is the group of commands.
func Guard(pick cli.Picker) *cobra.Command {
	return cli.Group("guard", "Measure how replies are checked before they are sent", evalCommand(pick))
}

type evalCmd struct {
	File   string
	JSON   bool
	Misses bool
}

func evalCommand(pick cli.Picker) *cobra.Command {
	var c evalCmd
	cmd := &cobra.Command{
		Use: "eval FILE", Short: "Measure the checks on labelled replies",
		Long: "Measure the checks on labelled replies: FILE has JSON lines of\n" +
			`{"reply", "sources": […], "conversation": […], "language", "expect": "ok|facts|promise|language|others_data|pii"}.` + "\n\n" +
			"recall is the share of the replies with a label that would not have been sent, named the share for which the label\n" +
			"is among the reasons.",
		Args: cli.Existing("FILE", &c.File, false), Run: pick(&c),
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault),
	}
	cli.JSONFlag(cmd, &c.JSON)
	cmd.Flags().BoolVar(&c.Misses, "misses", false, "List the replies that were judged otherwise than they are labelled, and why")
	return cmd
}

// Run prints recall and false alarms by reason.
func (c evalCmd) Run(context.Context) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	report, err := guardeval.Evaluate(f)
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
