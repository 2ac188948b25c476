package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/doctor"
	"tania/internal/operator/connect"
)

type doctorCmd struct {
	Env  string
	JSON bool

	Migration bool
	URL       string
}

func doctorCommand(pick cli.Picker) *cobra.Command {
	var c doctorCmd
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check the configuration against the live Chatwoot and model, with a fix for each finding",
		Args: cli.None, Run: pick(&c),
	}
	flags := cmd.Flags()
	cli.EnvFlag(cmd, &c.Env)
	cli.JSONFlag(cmd, &c.JSON)
	flags.BoolVar(&c.Migration, "migration", false, "Check the running system instead, against the six points of the migration check list")
	cli.URLFlag(cmd, &c.URL, "for --migration")
	return withVariables(cmd)
}

// Run checks and prints; a failed check is an error.
func (c doctorCmd) Run(ctx context.Context) error {
	settings, err := config.Load(os.Environ(), c.Env)
	examine := doctor.Run
	if c.Migration {
		if c.URL == "" {
			c.URL = connect.LocalURL(settings, settings.Server.Port)
		}
		examine = doctor.Migration
		if token, tokenErr := connect.AdminToken(settings, c.URL); tokenErr == nil {
			settings.Server.AdminToken = config.Secret(token)
		}
	}
	checks := examine(ctx, settings, doctor.Deps{ConfigError: err, Tania: c.URL})
	show := func() error { return doctor.Print(os.Stdout, checks) }
	if c.JSON {
		show = func() error { return printJSON(checks) }
	}
	if err := show(); err != nil {
		return err
	}
	if n := doctor.Failed(checks); n > 0 {
		return fmt.Errorf("doctor: %d of %d checks failed", n, len(checks))
	}
	return nil
}
