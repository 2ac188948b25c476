package workspace

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/conversations"
	"tania/internal/operator"
)

type conversationsCmd struct {
	flags
	Customer, Words, Outcome, Reason, Day string
}

// Conversations is the command that finds conversations.
func Conversations(pick cli.Picker) *cobra.Command {
	var c conversationsCmd
	cmd := &cobra.Command{
		Use: "conversations", Short: "Find conversations by customer, words, outcome, reason and day", Args: cli.None, Run: pick(&c),
		Long: fmt.Sprintf("Find conversations by customer, words, outcome, reason and day, the newest first, at most %d.\n", conversations.Most) +
			"Where customers are hidden (PRIVACY_MASK) they are found by their numbers alone, and words by nothing.",
	}
	c.bind(cmd)
	cmd.Flags().StringVar(&c.Customer, "customer", "", "Part of a name, an e-mail or a telephone, or a contact's number, #501 for example")
	cmd.Flags().StringVar(&c.Words, "words", "", "Only those with these words in a message or its answer")
	cmd.Flags().StringVar(&c.Outcome, "outcome", "", "Only those that ended so, handed_over for example")
	cmd.Flags().StringVar(&c.Reason, "reason", "", "Only those with this reason, human_active for example")
	cmd.Flags().StringVar(&c.Day, "day", "", "Only those of a day in UTC, 2026-11-28 for example")
	return cmd
}

// Run finds.
func (c conversationsCmd) Run(ctx context.Context) error {
	f, err := conversations.FilterOf(url.Values{
		"customer": {c.Customer}, "words": {c.Words}, "outcome": {c.Outcome}, "reason": {c.Reason}, "day": {c.Day},
	})
	if err != nil {
		return fmt.Errorf("--%w", err)
	}
	return c.target().Conversations(ctx, func(o operator.Conversations) error {
		found, err := o.Find(ctx, f)
		if err != nil {
			return err
		}
		if c.JSON {
			if found.Conversations == nil {
				found.Conversations = []conversations.Conversation{}
			}
			return printJSON(found)
		}
		err = cli.Table[conversations.Conversation]{
			None: "There are no such conversations.", Head: "CONVERSATION\tDECIDED\tOUTCOME\tREASON\tCUSTOMER\tMESSAGE",
			Row: func(x conversations.Conversation) string {
				return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", x.Key, x.At.Local().Format(time.DateTime), x.Outcome, x.Reason,
					oneLine(x.Contact.Name, 30), oneLine(x.Content, 80))
			},
		}.Print(os.Stdout, false, found.Conversations)
		if err == nil && found.More {
			_, err = fmt.Printf("Of the newest %d decisions; there are more. Name a --day to look further back.\n", found.Looked)
		}
		return err
	})
}
