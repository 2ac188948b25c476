package language

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed lexicon/contractions.txt
var contractionsFile string

// contractions are the words that each short form of the lexicon stands for. A mistake in the file panics, which every test finds.
var contractions = sync.OnceValue(func() map[string][]string {
	full := map[string][]string{}
	for line := range strings.Lines(contractionsFile) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		short, words, _ := strings.Cut(line, ":")
		if full[short] != nil || len(strings.Fields(words)) == 0 {
			panic(fmt.Sprintf("language: contractions.txt: %q is there twice, or stands for nothing", line))
		}
		full[short] = strings.Fields(words)
	}
	return full
})

var apostropheEndings = [...]struct{ short, full string }{
	{"n't", "not"}, {"'m", "am"}, {"'re", "are"}, {"'ve", "have"}, {"'ll", "will"}, {"'d", "would"}, {"'s", "is"},
}

// Expand writes a contraction out: "dont" and "don't" give "do" and "not", "xq" gives "porque". The word is folded, its apostrophes are straight; one
// that is no contraction comes back alone, without apostrophes. The slice must not be changed.
func Expand(word string) []string {
	if full, ok := contractions()[word]; ok {
		return full
	}
	if !strings.Contains(word, "'") {
		return []string{word}
	}
	for _, e := range apostropheEndings {
		if head, ok := strings.CutSuffix(word, e.short); ok && head != "" {
			return []string{strings.ReplaceAll(head, "'", ""), e.full}
		}
	}
	return []string{strings.ReplaceAll(word, "'", "")}
}
