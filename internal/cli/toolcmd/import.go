package toolcmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/tool/openapi"
)

// longestDescription bounds the file that is read, in bytes.
const longestDescription = 32 << 20

type importCmd struct {
	File, Operations, Only, Server string
	out, errs                      io.Writer
}

func imports(pick cli.Picker, out io.Writer) *cobra.Command {
	c := importCmd{out: out, errs: os.Stderr}
	cmd := &cobra.Command{
		Use: "import FILE", Short: "Make tools of an OpenAPI description, to be put into bot.yaml", Run: pick(&c),
		Long: "Make tools of an OpenAPI description (3.0 or 3.1, YAML or JSON) and print them as bot.yaml has\n" +
			"them. GET becomes risk: read, everything else risk: write. What could not be imported, and what is to be\n" +
			"looked at, is said on the standard error. Read what is printed: descriptions are what the model goes by,\n" +
			"and limits are yours to add.",
		Args: cli.Existing("FILE", &c.File, false),
	}
	cmd.Flags().StringVar(&c.Operations, "operations", "", "Only these, by operationId or by the name of the tool, with commas between them")
	cli.ChoiceFlag(cmd, &c.Only, "only", "read: only what changes nothing", "read")
	cmd.Flags().StringVar(&c.Server, "server", "", "`URL` that the paths follow, in place of the description's")
	return cmd
}

// Run imports.
func (c importCmd) Run(context.Context) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, longestDescription+1))
	if err != nil {
		return err
	}
	if len(data) > longestDescription {
		return fmt.Errorf("%s is longer than %d MiB", c.File, longestDescription>>20)
	}
	o := openapi.Options{Reads: c.Only == "read", Server: c.Server}
	if c.Operations != "" {
		o.Operations = strings.Split(c.Operations, ",")
	}
	made, err := openapi.Import(data, o)
	for _, n := range made.Notes {
		_, _ = fmt.Fprintln(c.errs, "note:", n)
	}
	if err != nil {
		return err
	}
	if len(made.Secrets) > 0 {
		_, _ = fmt.Fprintln(c.errs, "note: set", strings.Join(made.Secrets, ", "))
	}
	_, err = c.out.Write(made.YAML)
	return err
}
