package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/audit"
	"tania/internal/cli"
	"tania/internal/operator"
)

type auditCmd struct {
	operatorFlags
	Since age
}

func auditCommand(pick cli.Picker) *cobra.Command {
	var c auditCmd
	cmd := &cobra.Command{Use: "audit", Short: "Show who changed something or operated Tania, the newest first", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	cmd.Flags().Var(&c.Since, "since", "Only the last `TIME`, 7d or 12h for example; default: all")
	return cmd
}

// Run lists.
func (c auditCmd) Run(ctx context.Context) error {
	var since time.Time
	if c.Since > 0 {
		since = time.Now().Add(-time.Duration(c.Since))
	}
	return c.target().Audit(ctx, func(a operator.Audit) error {
		list, err := a.List(ctx, since)
		if err != nil {
			return err
		}
		return cli.Table[audit.Entry]{
			None: "Nobody has changed or operated anything.", Head: "WHEN\tWHO\tFROM\tACTION\tON\tOUTCOME",
			Row: func(e audit.Entry) string {
				who := strings.TrimSpace(strings.ReplaceAll(string(e.As), "_", " ") + " " + e.By)
				return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", e.At.Local().Format(time.DateTime), who, e.From, e.Action, e.On, e.Outcome)
			},
		}.Print(os.Stdout, c.JSON, list)
	})
}

// age is a time that has passed: days as 7d, or what time.ParseDuration reads.
type age time.Duration

// String implements pflag.Value.
func (a *age) String() string {
	if *a == 0 {
		return ""
	}
	return time.Duration(*a).String()
}

// Type implements pflag.Value.
func (*age) Type() string { return "TIME" }

// Set implements pflag.Value.
func (a *age) Set(text string) error {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(n) * 24 * time.Hour
		if n > 3650 {
			err = strconv.ErrRange
		}
	}
	if err != nil || d <= 0 {
		return fmt.Errorf("%q: want a time as 7d, 12h or 30m", text)
	}
	*a = age(d)
	return nil
}
