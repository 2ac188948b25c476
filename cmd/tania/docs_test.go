package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

var (
	fence  = regexp.MustCompile("(?ms)^[ \t]*```(.*?)$(.*?)^[ \t]*```[ \t]*$")
	inline = regexp.MustCompile("`([^`\n]+)`")
	// called is where a line runs tania, or tells to.
	called = regexp.MustCompile(`(?:^|[\s"'(/])tania +([a-z][^#;&<>()─` + "`" + `]*)`)
	// listed is a command in the form of a list, in YAML or a Dockerfile.
	listed = regexp.MustCompile(`(?m)(?:command:|args:|test:|CMD|ENTRYPOINT) *\[([^\[\]]*)\]`)
	word   = regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`)
	// placeholder stands for what the reader has to fill in.
	placeholder = regexp.MustCompile(`^[^a-z]*\p{Lu}+[^a-z]*$|…`)
)

// TestCommandLinesOfTheDocsAreUnderstood looks for command lines of tania in guides, settings of deployments and comments.
func TestCommandLinesOfTheDocsAreUnderstood(t *testing.T) {
	found := 0
	for _, path := range documents(t, filepath.Join("..", "..")) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range commandLines(filepath.Base(path), string(content)) {
			found++
			if err := l.check(); err != nil {
				t.Errorf("%s: tania %s: %v", path, strings.Join(l.words, " "), err)
			}
		}
	}
	if found < 200 {
		t.Errorf("only %d command lines were found", found)
	}
}

// TestAStaleCommandLineIsFound makes sure that the other test can fail.
func TestAStaleCommandLineIsFound(t *testing.T) {
	text := "Run `tania serve`, `bin/tania servee`, `tania dead list|lost`, `tania queue`, `tania cache eval DIR [--n 9] [--seeds 1]`.\n" +
		"```sh\ntania queue pause   # tania old\nPORT=1 tania serve --no-workers && tania demo -v | tee log\ntania dead show\n" +
		"tania dead retry TURN…\ntania cache explain \"¿abren hoy?\" --inbox web\ntania forget --contact N\ntania serve now\n```\n" +
		"```\ntania serve ──> tania the request ──> tania queue stast\n```\n"
	settings := "# tania doctor checks it, and tania says so; tania serve --wrkr.\n" +
		`"startCommand": "/tania serve --worker=maybe",` + "\n" +
		"CMD [\"serve\", \"--wrkr\"]\nargs: [worker, --env=]\ncommand: [\"redis-server\", \"--save\", \"\"]\ntest: [\"CMD\", \"/tania\", \"helth\"]\n"
	var stale []string
	for _, l := range slices.Concat(commandLines("page.md", text), commandLines("compose.yml", settings)) {
		if l.check() != nil {
			stale = append(stale, strings.Join(l.words, " "))
		}
	}
	want := []string{
		"servee", "dead lost", "cache eval DIR --n 9 --seeds 1",
		"serve --no-workers", "dead show", `cache explain "¿abren hoy?" --inbox web`, "serve now", "queue stast",
		"serve --wrkr.", "serve --worker=maybe", "serve --wrkr", "helth",
	}
	if !slices.Equal(stale, want) {
		t.Errorf("found stale:\n%s\nwant\n%s", strings.Join(stale, "\n"), strings.Join(want, "\n"))
	}
}

// documents are the files below root that tell people or machines to run tania.
func documents(t *testing.T, root string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules"):
			return filepath.SkipDir
		case slices.Contains([]string{".md", ".yml", ".yaml", ".json", ".service", ".example"}, filepath.Ext(name)), name == "Dockerfile":
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// commandLine is one of tania, as it is written somewhere.
type commandLine struct {
	words []string
	// whole: it is all there, to be copied. Else it names a command, and perhaps its flags.
	whole bool
	// prose: it may be a sentence, of a command or of tania itself.
	prose bool
}

func commandLines(file, content string) (list []commandLine) {
	add := func(l commandLine, text string) {
		for line := range strings.Lines(text) {
			if strings.Contains(line, "-n tania") || strings.Contains(line, "-t tania") {
				continue // a namespace, or an image
			}
			line, _, _ = strings.Cut(line, " # ")
			for _, m := range called.FindAllStringSubmatch(line, -1) {
				rest, _, _ := strings.Cut(m[1], " | ")
				if l.prose {
					rest, _, _ = strings.Cut(rest, `"`)
				}
				for _, words := range alternatives(word.FindAllString(rest, -1)) {
					l.words = words
					list = append(list, l)
				}
			}
		}
	}
	if strings.HasSuffix(file, ".md") {
		for _, m := range inline.FindAllStringSubmatch(fence.ReplaceAllString(content, ""), -1) {
			add(commandLine{}, m[1])
		}
		for _, m := range fence.FindAllStringSubmatch(content, -1) {
			add(commandLine{whole: m[1] == "sh", prose: m[1] != "sh"}, m[2])
		}
	} else {
		add(commandLine{prose: true}, content)
	}
	for _, m := range listed.FindAllStringSubmatch(content, -1) {
		var words []string
		for item := range strings.SplitSeq(m[1], ",") {
			words = append(words, strings.Trim(item, ` "`))
		}
		words = slices.DeleteFunc(words, func(w string) bool { return w == "CMD" || w == "/tania" })
		if len(words) > 0 && !strings.HasPrefix(words[0], "redis-") {
			list = append(list, commandLine{words: words, whole: true})
		}
	}
	return list
}

// alternatives takes the brackets from words, and makes a line of each choice between words: list|show.
func alternatives(words []string) [][]string {
	lines := [][]string{nil}
	for _, w := range words {
		var longer [][]string
		for choice := range strings.SplitSeq(strings.Trim(w, "[],\\"), "|") {
			for _, l := range lines {
				if choice != "" && choice != "…" {
					l = append(slices.Clone(l), choice)
				}
				longer = append(longer, l)
			}
		}
		lines = longer
	}
	return lines
}

// check says what tania would not understand.
func (l commandLine) check() error {
	cmd, words, err := tree().Find(l.words)
	if err != nil {
		return err
	}
	if l.prose && !cmd.HasParent() {
		return nil
	}
	cmd.InitDefaultHelpFlag()
	var args []string
	for ; len(words) > 0; words = words[1:] {
		if !strings.HasPrefix(words[0], "-") {
			if l.prose && !cmd.HasSubCommands() {
				return nil
			}
			args = append(args, words[0])
			continue
		}
		if words, err = checkFlag(cmd, words); err != nil {
			return err
		}
	}
	switch {
	case cmd.HasSubCommands() && len(args) > 0:
		return cmd.RunE(cmd, args)
	case cmd.HasSubCommands() || !l.whole && len(args) == 0:
		return nil
	}
	if err := cmd.Args(cmd, args); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// checkFlag checks the first of the words, a flag, with its value. It gives the words from its last one on.
func checkFlag(cmd *cobra.Command, words []string) ([]string, error) {
	name, value, given := strings.Cut(words[0], "=")
	flag := cmd.Flags().Lookup(strings.TrimPrefix(name, "--"))
	if !strings.HasPrefix(name, "--") && len(name) == 2 {
		flag = cmd.Flags().ShorthandLookup(name[1:])
	}
	switch {
	case flag == nil:
		return nil, fmt.Errorf("there is no flag %s", name)
	case !given && flag.NoOptDefVal != "":
		return words, nil
	case !given && len(words) == 1:
		return nil, fmt.Errorf("%s has no value", name)
	case !given:
		words = words[1:]
		value = words[0]
	}
	if placeholder.MatchString(value) {
		return words, nil
	}
	return words, flag.Value.Set(value)
}
