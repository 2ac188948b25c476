// Package approve has the commands by which the team decides on calls of tools that wait for its word.
package approve

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/approval"
	"tania/internal/cli"
	"tania/internal/operator"
	"tania/internal/operator/connect"
	"tania/internal/store"
	"tania/internal/tania"
)

// flags say which Tania is meant, and in which form it is shown.
type flags struct {
	Env, URL string
	JSON     bool
}

func (f *flags) bind(cmd *cobra.Command) {
	cli.EnvFlag(cmd, &f.Env)
	cli.URLFlag(cmd, &f.URL, "where "+store.ManyProcesses+" is not configured")
	cli.JSONFlag(cmd, &f.JSON)
}

func (f flags) target() connect.Target { return connect.Target{Env: f.Env, URL: f.URL} }

// Commands are the group of them.
func Commands(pick cli.Picker) *cobra.Command {
	return cli.Group("approvals", "Decide on calls of tools that the team has to approve",
		list(pick), decide(pick, false), decide(pick, true))
}

type listCmd struct{ flags }

func list(pick cli.Picker) *cobra.Command {
	var c listCmd
	cmd := &cobra.Command{Use: "list", Short: "List the calls that wait, what is due first at the head", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	return cmd
}

// Run lists.
func (c listCmd) Run(ctx context.Context) error {
	return c.target().Approvals(ctx, func(all operator.Approvals) error {
		waiting, err := all.List(ctx, 0)
		if err != nil {
			return err
		}
		return cli.Table[operator.Waiting]{
			None: "No call waits.", Head: "CONVERSATION\tNO.\tUNTIL\tCUSTOMER\tCALL",
			Row: func(w operator.Waiting) string {
				return fmt.Sprintf("%s\t%d\t%s\t%s\t%s", w.Key, w.Number, w.Until.Local().Format(time.DateTime), oneLine(w.Customer), call(w))
			},
		}.Print(os.Stdout, c.JSON, waiting)
	})
}

func call(w operator.Waiting) string { return w.Tool + " " + oneLine(compact(w.Arguments)) }

func compact(arguments json.RawMessage) string {
	if len(arguments) == 0 {
		return "{}"
	}
	return string(arguments)
}

// oneLine is a text as a line of a table has it.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

type decideCmd struct {
	flags
	Conversation, Reason string
	Number               int
	reject               bool
}

func decide(pick cli.Picker, reject bool) *cobra.Command {
	c := decideCmd{reject: reject}
	cmd := &cobra.Command{
		Use: "approve ACCOUNT:CONVERSATION", Short: "Approve the call that waits in a conversation",
		Args: cli.One("ACCOUNT:CONVERSATION", &c.Conversation),
		Run:  pick(&c), Long: "Approve the call that waits in a conversation, as tania approvals list shows it. It is made once.",
	}
	if reject {
		cmd.Use, cmd.Short = "reject ACCOUNT:CONVERSATION", "Reject the call that waits in a conversation"
		cmd.Long = "Reject the call that waits in a conversation. The customer is told."
		cmd.Flags().StringVar(&c.Reason, "why", "", "The reason, which the bot is told")
	}
	c.bind(cmd)
	cmd.Flags().IntVar(&c.Number, "number", 0, "Its number in the list: what was changed meanwhile has another")
	_ = cmd.MarkFlagRequired("number")
	return cmd
}

// Run decides.
func (c decideCmd) Run(ctx context.Context) error {
	key, err := tania.ParseConversationKey(c.Conversation)
	if err != nil {
		return err
	}
	word := operator.Word{Key: key, Number: c.Number, Reject: c.reject, Reason: c.Reason, By: connect.User()}
	return c.target().Approvals(ctx, func(all operator.Approvals) error {
		came, err := all.Decide(ctx, word)
		switch {
		case err != nil:
			return err
		case came != approval.Taken:
			return fmt.Errorf("the word does not count (%s): tania approvals list shows what waits", came)
		case c.JSON:
			return cli.PrintJSON(os.Stdout, map[string]any{"came": came})
		}
		_, err = fmt.Printf("%s: %s.\n", key, word.Verdict())
		return err
	})
}
