package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tania/internal/config"
	"tania/internal/doctor"
)

type doctorCmd struct {
	Env  string
	JSON bool

	Migration bool
	URL       string
}

func doctorCommand(pick picker) *cobra.Command {
	var c doctorCmd
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check the configuration against the live Chatwoot and model, with a fix for each finding",
		Args: none, Run: pick(&c),
	}
	flags := cmd.Flags()
	envFlag(cmd, &c.Env)
	jsonFlag(cmd, &c.JSON)
	flags.BoolVar(&c.Migration, "migration", false, "Check the running system instead, against the six points of the migration check list")
	urlFlag(cmd, &c.URL, "for --migration")
	return withVariables(cmd)
}

// Run checks and prints; a failed check is an error.
func (c doctorCmd) Run(ctx context.Context) error {
	settings, err := config.Load(os.Environ(), c.Env)
	examine := doctor.Run
	if c.Migration {
		if c.URL == "" {
			c.URL = localURL(settings, settings.Server.Port)
		}
		examine = doctor.Migration
		if token, tokenErr := adminToken(settings, c.URL); tokenErr == nil {
			settings.Server.AdminToken = config.Secret(token)
		}
	}
	checks := examine(ctx, settings, doctor.Deps{ConfigError: err, Tania: c.URL})
	show := printChecks
	if c.JSON {
		show = printChecksJSON
	}
	if err := show(os.Stdout, checks); err != nil {
		return err
	}
	if n := doctor.Failed(checks); n > 0 {
		return fmt.Errorf("doctor: %d of %d checks failed", n, len(checks))
	}
	return nil
}

// printChecks writes one line for each check, with the fix behind an arrow.
func printChecks(w io.Writer, checks []doctor.Check) error {
	var b strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&b, "%-4s  %s: %s", c.Status, c.Name, c.Text)
		if c.Fix != "" {
			b.WriteString("  → " + c.Fix)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func printChecksJSON(w io.Writer, checks []doctor.Check) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(checks)
}
