package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"tania/internal/cli"
)

func TestArgumentsAreRead(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var to string
	for name, c := range map[string]struct {
		read cobra.PositionalArgs
		args []string
		want string
	}{
		"none":               {read: cli.None},
		"one too many":       {cli.None, []string{"x"}, `unexpected argument "x"`},
		"one":                {read: cli.One("NAME", &to), args: []string{"x"}},
		"one that is not":    {cli.One("NAME", &to), nil, "NAME is missing"},
		"two for one":        {cli.One("NAME", &to), []string{"x", "y"}, `unexpected argument "y"`},
		"optional":           {read: cli.Optional(&to)},
		"a file":             {read: cli.Existing("FILE", &to, false), args: []string{file}},
		"no file":            {cli.Existing("FILE", &to, false), []string{file + "s"}, "no such file"},
		"a folder as a file": {cli.Existing("FILE", &to, false), []string{folder}, "is a folder"},
		"a folder":           {read: cli.Existing("DIR", &to, true), args: []string{folder}},
		"a file as a folder": {cli.Existing("DIR", &to, true), []string{file}, "is no folder"},
	} {
		to = ""
		err := c.read(nil, c.args)
		if c.want == "" {
			if err != nil || len(c.args) > 0 && to != c.args[0] {
				t.Errorf("%s: %q, %v", name, to, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// colour is a command for the test.
type colour struct{ Name string }

func (*colour) Run(context.Context) error { return nil }

// read gives what a command line asks for, of a tree with one group and one command in it.
func read(t *testing.T, args ...string) (cli.Command, error) {
	t.Helper()
	var asked cli.Command
	var pick cli.Picker = func(c cli.Command) func(*cobra.Command, []string) {
		return func(*cobra.Command, []string) { asked = c }
	}
	var c colour
	paint := &cobra.Command{Use: "paint", Args: cli.None, Run: pick(&c)}
	cli.ChoiceFlag(paint, &c.Name, "in", "the colour", "red", "blue")
	root := cli.Group("test", "a test", paint)
	cli.Root(root)
	root.SetArgs(args)
	root.SetOut(&strings.Builder{})
	return asked, root.Execute()
}

func TestAChoiceIsOneOfItsWords(t *testing.T) {
	if _, err := read(t, "paint", "--in", "red"); err != nil {
		t.Error(err)
	}
	if _, err := read(t, "paint", "--in", "green"); err == nil || !strings.Contains(err.Error(), "want one of red, blue") {
		t.Error(err)
	}
}

func TestACommandThatIsMissingOrUnknownIsSaid(t *testing.T) {
	if _, err := read(t); err == nil || !strings.Contains(err.Error(), cli.ErrNoCommand.Error()) {
		t.Error(err)
	}
	for _, args := range [][]string{{"pant"}, {"pant", "--in", "red"}} {
		if _, err := read(t, args...); err == nil || !strings.Contains(err.Error(), `unknown command "pant" for "test"; did you mean paint?`) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestAListIsATableAndJSON(t *testing.T) {
	table := cli.Table[string]{Head: "NAME\tLETTERS", None: "Nothing.", Row: func(s string) string { return s + "\t" + s[:1] }}
	for want, c := range map[string]struct {
		asJSON bool
		list   []string
	}{
		"NAME   LETTERS\n<one>  <\n": {false, []string{"<one>"}},
		"Nothing.\n":                 {false, nil},
		"[\n  \"<one>\"\n]\n":        {true, []string{"<one>"}},
		"[]\n":                       {true, nil},
	} {
		var out strings.Builder
		if err := table.Print(&out, c.asJSON, c.list); err != nil || out.String() != want {
			t.Errorf("%v: %q, %v, want %q", c, out.String(), err, want)
		}
	}
}
