package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/bots/pauses"
	"tania/internal/cli"
	"tania/internal/operator"
	"tania/internal/operator/connect"
	"tania/internal/tania"
)

// scopeFlags say where a bot is to be silent.
type scopeFlags struct {
	operatorFlags
	Bot                          string
	Account, Inbox, Conversation int64
}

func (s *scopeFlags) bind(cmd *cobra.Command) {
	s.operatorFlags.bind(cmd)
	cmd.Flags().Int64Var(&s.Account, "account", 0, "The account of the inbox or conversation; CHATWOOT_ACCOUNT_ID's when it is left out")
	cmd.Flags().Int64Var(&s.Inbox, "inbox", 0, "In this inbox")
	cmd.Flags().Int64Var(&s.Conversation, "conversation", 0, "In this conversation")
}

func (s *scopeFlags) scope() pauses.Scope {
	return pauses.Scope{
		Bot: s.Bot, Account: tania.AccountID(s.Account), Inbox: tania.InboxID(s.Inbox), Conversation: tania.ConversationID(s.Conversation),
	}
}

// withPauses runs a command on the pauses.
func (f operatorFlags) withPauses(ctx context.Context, run func(operator.Pauses) error) error {
	return f.target().Pauses(ctx, run)
}

type botPauseCmd struct {
	scopeFlags
	Why string
}

func botPauseCommand(pick cli.Picker) *cobra.Command {
	var c botPauseCmd
	cmd := &cobra.Command{
		Use: "pause [NAME]", Short: "Have a bot silent, everywhere or in an inbox or a conversation", Args: cli.Optional(&c.Bot), Run: pick(&c),
		Long: "Have a bot silent, everywhere or in an inbox or a conversation.\n" +
			"Whoever writes there goes to the team, without a word from the bot.\n" +
			"NAME is a bot's name in bot.yaml, main for the bot of bot.yaml itself; without it all bots are meant.\n" +
			"It lasts until tania bot resume, across restarts and in all processes.",
	}
	c.bind(cmd)
	cmd.Flags().StringVar(&c.Why, "why", "", "The reason, for the team")
	return cmd
}

// Run pauses.
func (c botPauseCmd) Run(ctx context.Context) error {
	return c.withPauses(ctx, func(all operator.Pauses) error {
		changed, err := all.Pause(ctx, pauses.Pause{Scope: c.scope(), By: connect.User(), Why: c.Why})
		return c.say(changed, err, "Paused. Whoever writes there goes to the team.", "It is paused already.")
	})
}

func (s scopeFlags) say(changed bool, err error, done, already string) error {
	switch {
	case err != nil:
		return err
	case s.JSON:
		return printJSON(map[string]any{"changed": changed})
	case changed:
		already = done
	}
	_, err = fmt.Println(already)
	return err
}

type botResumeCmd struct{ scopeFlags }

func botResumeCommand(pick cli.Picker) *cobra.Command {
	var c botResumeCmd
	cmd := &cobra.Command{
		Use: "resume [NAME]", Short: "End a pause: the same NAME and flags as it was made with", Args: cli.Optional(&c.Bot), Run: pick(&c),
		Long: "End a pause: the same NAME and flags as it was made with; tania bot pauses lists them.\n" +
			"Conversations that went to the team meanwhile stay with it until they are resolved or given back to the bot.",
	}
	c.bind(cmd)
	return cmd
}

// Run resumes.
func (c botResumeCmd) Run(ctx context.Context) error {
	return c.withPauses(ctx, func(all operator.Pauses) error {
		changed, err := all.Resume(ctx, c.scope(), connect.User())
		return c.say(changed, err, "Resumed.", "There is no such pause; tania bot pauses lists them.")
	})
}

type botPausesCmd struct{ operatorFlags }

func botPausesCommand(pick cli.Picker) *cobra.Command {
	var c botPausesCmd
	cmd := &cobra.Command{Use: "pauses", Short: "List where bots are paused, by whom and why", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	return cmd
}

// Run lists.
func (c botPausesCmd) Run(ctx context.Context) error {
	return c.withPauses(ctx, func(all operator.Pauses) error {
		list, err := all.List(ctx)
		if err != nil {
			return err
		}
		return cli.Table[pauses.Pause]{
			None: "No bot is paused.", Head: "BOT\tACCOUNT\tINBOX\tCONVERSATION\tSINCE\tBY\tWHY",
			Row: func(p pauses.Pause) string {
				return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s", orAll(p.Bot), number(int64(p.Account)), number(int64(p.Inbox)),
					number(int64(p.Conversation)), p.At.Local().Format(time.DateTime), p.By, p.Why)
			},
		}.Print(os.Stdout, c.JSON, list)
	})
}

func number(id int64) string {
	if id == 0 {
		return "all"
	}
	return strconv.FormatInt(id, 10)
}

func orAll(name string) string {
	if name == "" {
		return "all"
	}
	return name
}
