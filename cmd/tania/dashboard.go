package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/dashboard/session"
	"tania/internal/operator/connect"
)

type dashboardCmd struct {
	Env string
	URL string
}

func dashboardCommand(pick cli.Picker) *cobra.Command {
	var c dashboardCmd
	cmd := &cobra.Command{
		Use: "dashboard", Short: "Print a link that signs in to the dashboard, valid for five minutes", Args: cli.None, Run: pick(&c),
	}
	cli.EnvFlag(cmd, &c.Env)
	cli.URLFlag(cmd, &c.URL, "as the browser reaches it")
	return cmd
}

// linkLife is how long a printed link signs in: it is opened at once, and what is left of it in a history is worth nothing.
const linkLife = 5 * time.Minute

// Run makes the link from the admin token; nobody is asked.
func (c dashboardCmd) Run(context.Context) error {
	settings, err := config.LoadSettings(os.Environ(), c.Env)
	if err != nil {
		return err
	}
	token, err := connect.AdminToken(settings, connect.LocalURL(settings, settings.Server.Port))
	if err != nil {
		return err
	}
	if token == "" {
		return errors.New("no admin token is known here: set ADMIN_TOKEN to that of the process, or run this as its user with its TANIA_DATA_DIR")
	}
	_, err = fmt.Println(session.SignInLink(connect.Target{URL: c.URL}.Address(settings), token, time.Now().Add(linkLife)))
	return err
}
