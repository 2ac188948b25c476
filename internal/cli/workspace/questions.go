package workspace

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/operator"
	"tania/internal/questions"
)

type questionsCmd struct {
	flags
	Miss, Inbox, Day, Words, Sort string
	Limit                         int
}

// Questions is the command that lists what the bot missed.
func Questions(pick cli.Picker) *cobra.Command {
	var c questionsCmd
	cmd := &cobra.Command{
		Use: "questions", Short: "List what customers asked and the bot missed, grouped", Args: cli.None, Run: pick(&c),
		Long: "List what customers asked and the bot did not know, handed over, was doubted for or corrected by a human,\n" +
			"those together that ask the same. Where customers are hidden (PRIVACY_MASK) it shows the lengths of texts.",
	}
	c.bind(cmd)
	cmd.Flags().StringVar(&c.Miss, "miss", "", "Only one of: "+questions.Names())
	cmd.Flags().StringVar(&c.Inbox, "inbox", "", "Only those of an inbox, by its number")
	cmd.Flags().StringVar(&c.Day, "day", "", "Only those of a day in UTC, 2026-11-28 for example")
	cmd.Flags().StringVar(&c.Words, "words", "", "Only those with these words in the question or the answer")
	cmd.Flags().StringVar(&c.Sort, "sort", "newest", "newest or most: what comes first")
	cmd.Flags().IntVar(&c.Limit, "limit", 50, "How many groups at most; 0: all")
	return cmd
}

// Run lists.
func (c questionsCmd) Run(ctx context.Context) error {
	f, err := questions.FilterOf(url.Values{"miss": {c.Miss}, "inbox": {c.Inbox}, "day": {c.Day}, "words": {c.Words}, "sort": {c.Sort}})
	if err != nil {
		return fmt.Errorf("--%w", err)
	}
	return c.target().Questions(ctx, func(q operator.Questions) error {
		asked, err := q.Questions(ctx, f)
		if err != nil {
			return err
		}
		if c.Limit > 0 {
			asked.Groups = asked.Groups[:min(c.Limit, len(asked.Groups))]
		}
		if c.JSON {
			if asked.Groups == nil {
				asked.Groups = []questions.Group{}
			}
			return printJSON(asked)
		}
		if len(asked.Groups) == 0 {
			fmt.Println("There are no such questions.")
			return nil
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(w, "TIMES\tLAST\tMISSED\tCONVERSATION\tQUESTION")
		for _, g := range asked.Groups {
			last := g.Newest()
			_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", len(g.Questions), last.At.Local().Format(time.DateTime), last.Miss, last.Key,
				oneLine(last.Text, 100))
		}
		return w.Flush()
	})
}
