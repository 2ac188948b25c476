package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/operator"
	"tania/internal/tania"
)

type forgetCmd struct {
	operatorFlags
	Contact int64
	Account int64
}

func forgetCommand(pick cli.Picker) *cobra.Command {
	var c forgetCmd
	cmd := &cobra.Command{
		Use: "forget --contact N", Short: "Erase one contact from everything that Tania stores",
		Args: cli.None, Run: pick(&c),
	}
	flags := cmd.Flags()
	c.bind(cmd)
	flags.Int64Var(&c.Contact, "contact", 0, "The contact's number `N`: the last in its page's address in Chatwoot")
	flags.Int64Var(&c.Account, "account", 0, "The account's number `N`; default: CHATWOOT_ACCOUNT_ID")
	cobra.CheckErr(cmd.MarkFlagRequired("contact"))
	return cmd
}

// Run erases a contact from all that Tania stores.
func (c forgetCmd) Run(ctx context.Context) error {
	if c.Account == 0 {
		settings, err := config.LoadSettings(os.Environ(), c.Env)
		if err != nil {
			return err
		}
		c.Account = int64(settings.Chatwoot.Account)
	}
	if c.Account < 1 || c.Contact < 1 {
		return errors.New("--contact and --account (or CHATWOOT_ACCOUNT_ID): want the numbers that Chatwoot has for them")
	}
	return c.with(ctx, func(q operator.Queue) error {
		f, err := q.Forget(ctx, tania.AccountID(c.Account), tania.ContactID(c.Contact), c.target().EraseCache)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(f)
		}
		fmt.Printf("Erased of contact %d: %d conversations, %d waiting messages, %d decision records, %d dead letters, %d spooled webhooks.\n",
			c.Contact, f.Conversations, f.Messages, f.Records, f.DeadTurns, f.Kept)
		return nil
	})
}
