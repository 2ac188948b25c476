// Package personal has the commands about personal data in what customers write: how well it is found. Command lines come in, what an
// operator sees goes out on the standard output.
package personal

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/pii"
)

// Command is the group of them all.
func Command(pick cli.Picker) *cobra.Command {
	return cli.Group("pii", "Measure how personal data is found", evalCommand(pick))
}

type evalCmd struct {
	File   string
	Kinds  []string
	JSON   bool
	Misses bool
}

func evalCommand(pick cli.Picker) *cobra.Command {
	var c evalCmd
	cmd := &cobra.Command{
		Use: "eval FILE", Short: "Measure how personal data is found in labelled texts",
		Long: "Measure how personal data is found: FILE has JSON lines of {text, values: [{kind, value}]}.\n\n" +
			"A value counts as found when nothing of it is left. What is found where no value is counts as false.\n" +
			"Postal addresses are looked for where FILE has some, or --kinds names them.",
		Args: cli.Existing("FILE", &c.File, false), Run: pick(&c),
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault),
	}
	flags := cmd.Flags()
	cli.JSONFlag(cmd, &c.JSON)
	flags.StringSliceVar(&c.Kinds, "kinds", nil, "Look for these only, as PII_MASK names them: cards,email for example")
	flags.BoolVar(&c.Misses, "misses", false, "List the values that were missed, and what was found and is none")
	return cmd
}

// Run measures.
func (c evalCmd) Run(context.Context) error {
	kinds, err := pii.Parse(c.Kinds)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	report, err := pii.Evaluate(f, kinds...)
	if err != nil {
		return err
	}
	if !c.Misses {
		report.Misses = nil
	}
	if c.JSON {
		return cli.PrintJSON(os.Stdout, report)
	}
	return report.Print(os.Stdout)
}
