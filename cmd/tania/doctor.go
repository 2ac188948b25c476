package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"tania/internal/config"
	"tania/internal/doctor"
)

type doctorCmd struct {
	Env  string `help:"File of variables; the environment wins over it." default:".env" placeholder:"FILE"`
	JSON bool   `help:"Print the checks as a JSON array." name:"json"`

	Migration bool   `help:"Check the running system instead, by the six lines of the migration's check list."`
	URL       string `help:"With --migration: address of the running tania serve; HOST and PORT say it else." name:"url" placeholder:"URL"`
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

// printChecks writes one line for each check, with the mend behind an arrow.
func printChecks(w io.Writer, checks []doctor.Check) error {
	var b strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&b, "%-4s  %s: %s", c.Status, c.Name, c.Text)
		if c.Mend != "" {
			b.WriteString("  → " + c.Mend)
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
