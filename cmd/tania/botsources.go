package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/bots/sources"
	"tania/internal/cli"
	"tania/internal/operator"
)

type botSourcesCmd struct{ operatorFlags }

func botSourcesCommand(pick cli.Picker) *cobra.Command {
	var c botSourcesCmd
	cmd := &cobra.Command{
		Use: "sources", Short: "Show how the sources of bot.yaml are", Args: cli.None, Run: pick(&c),
		Long: "Show how the sources of bot.yaml are: when each was read, when it is read next, what is known of it, and what is wrong.",
	}
	c.bind(cmd)
	return cmd
}

// Run lists.
func (c botSourcesCmd) Run(ctx context.Context) error {
	return c.withBots(ctx, func(b operator.Bots) error {
		list, err := b.Sources(ctx)
		if err != nil {
			return err
		}
		return cli.Table[sources.Status]{
			None: "No source has been read: bot.yaml names none, or Tania has not run with it yet.",
			Head: "SOURCE\tREAD\tNEXT\tDOCUMENTS\tPASSAGES\tPROBLEM",
			Row: func(s sources.Status) string {
				row := fmt.Sprintf("%s\t%s\t%s\t%d\t%d\t%s", s.Source, momentOf(s.Read), momentOf(s.Next), s.Documents, s.Passages, s.Error)
				for _, note := range s.Notes {
					row += "\n  " + note
				}
				return row
			},
		}.Print(os.Stdout, c.JSON, list)
	})
}

func momentOf(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.Local().Format(time.DateTime)
}
