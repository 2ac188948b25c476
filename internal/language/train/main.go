// Command train makes the table of parts of words by which languages are told apart.
//
//	go run ./internal/language/train -o internal/language/parts.bin FILE.tsv...
//
// A line of a file is a language (es, en, pt; some or none for a text that does not tell), a tab, and a text.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strings"

	"tania/internal/language"
	"tania/internal/tania"
)

func main() {
	out := flag.String("o", "parts.bin", "file for the table")
	flag.Parse()
	if err := run(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(out string, files []string) error {
	var examples []language.Example
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			lang, text, ok := strings.Cut(lines.Text(), "\t")
			if !ok {
				return fmt.Errorf("%s: no tab in %q", name, lines.Text())
			}
			e := language.Example{Text: text}
			for l := range strings.FieldsSeq(lang) {
				e.Languages = append(e.Languages, tania.Language(l))
			}
			examples = append(examples, e)
		}
		if err := lines.Err(); err != nil {
			return err
		}
		file.Close() //nolint:errcheck // read only
	}
	table, err := language.Learn(examples)
	if err != nil {
		return err
	}
	return os.WriteFile(out, table, 0o600)
}
