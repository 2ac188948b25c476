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

// apostropheEndings follow the rules of English. Behind a noun, "'s" says whose something is; the lexicon has the words behind which it is
// "is".
var apostropheEndings = [...]struct {
	short string
	full  []string
}{
	{"n't", []string{"not"}},
	{"'m", []string{"am"}},
	{"'re", []string{"are"}},
	{"'ve", []string{"have"}},
	{"'ll", []string{"will"}},
	{"'d", []string{"would"}},
	{"'s", nil},
}

// apostrophes are all that are typed for one, straight the one that the lexicon has.
const apostrophes = "'’´`"

var straight = strings.NewReplacer("’", "'", "´", "'", "`", "'")

// IsWhole reports whether Expand gives a folded word back as it is, as it does with most.
func IsWhole(word string) bool {
	_, short := contractions()[word]
	return !short && !strings.ContainsAny(word, apostrophes)
}

// Expand writes a contraction out: "dont" and "don't" give "do" and "not", "xq" gives "porque". The word is folded; one that is no
// contraction comes back alone, without apostrophes. The slice must not be changed.
func Expand(word string) []string {
	if IsWhole(word) {
		return []string{word}
	}
	if full, ok := contractions()[word]; ok {
		return full
	}
	word = straight.Replace(word)
	if full, ok := contractions()[word]; ok {
		return full
	}
	for _, e := range apostropheEndings {
		if head, ok := strings.CutSuffix(word, e.short); ok && head != "" {
			return append([]string{strings.ReplaceAll(head, "'", "")}, e.full...)
		}
	}
	return []string{strings.ReplaceAll(word, "'", "")}
}
