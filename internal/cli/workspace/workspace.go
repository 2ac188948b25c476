// Package workspace has the commands of those who teach the bot: what it missed, what it was taught. Command lines come in, what an
// operator sees goes out on the standard output.
package workspace

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/operator/connect"
	"tania/internal/store"
)

// flags say which Tania is meant, and in which form it is shown.
type flags struct {
	Env  string
	URL  string
	JSON bool
}

func (f *flags) bind(cmd *cobra.Command) {
	cli.EnvFlag(cmd, &f.Env)
	cli.URLFlag(cmd, &f.URL, "where "+store.ManyProcesses+" is not configured")
	cli.JSONFlag(cmd, &f.JSON)
}

func (f flags) target() connect.Target { return connect.Target{Env: f.Env, URL: f.URL} }

func printJSON(v any) error { return cli.PrintJSON(os.Stdout, v) }

// oneLine shortens a text for a table.
func oneLine(s string, most int) string {
	list := []rune(strings.Join(strings.Fields(s), " "))
	if len(list) > most {
		return string(list[:most-1]) + "…"
	}
	return string(list)
}

// textOf is a flag's text, or, for "-", that of the standard input.
func textOf(given string) (string, error) {
	if given != "-" {
		return given, nil
	}
	text, err := io.ReadAll(io.LimitReader(os.Stdin, 1<<20))
	if err != nil {
		return "", fmt.Errorf("the standard input: %w", err)
	}
	return string(text), nil
}
