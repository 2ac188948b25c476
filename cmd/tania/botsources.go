package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/bots/sources"
	"tania/internal/operator"
)

type botSourcesCmd struct{ operatorFlags }

func botSourcesCommand(pick picker) *cobra.Command {
	var c botSourcesCmd
	cmd := &cobra.Command{
		Use: "sources", Short: "Show how the sources of bot.yaml are", Args: none, Run: pick(&c),
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
		if c.JSON {
			if list == nil {
				list = []sources.Status{}
			}
			return printJSON(list)
		}
		if len(list) == 0 {
			fmt.Println("No source has been read: bot.yaml names none, or Tania has not run with it yet.")
			return nil
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(w, "SOURCE\tREAD\tNEXT\tDOCUMENTS\tPASSAGES\tPROBLEM")
		for _, s := range list {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\n", s.Source, momentOf(s.Read), momentOf(s.Next), s.Documents, s.Passages, s.Error)
			for _, note := range s.Notes {
				_, _ = fmt.Fprintf(w, "  %s\n", note)
			}
		}
		return w.Flush()
	})
}

func momentOf(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.Local().Format(time.DateTime)
}
