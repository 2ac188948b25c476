package language

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed lexicon/unfinished.txt
var unfinishedFile string

// unfinished are words with which no message ends, and messages that come before another. A mistake in the file panics, which every
// test finds.
var unfinished = sync.OnceValue(func() (list struct{ ends, whole map[string]bool }) {
	list.ends, list.whole = map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(unfinishedFile) {
		line, _, _ = strings.Cut(line, "#")
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch kind {
		case "":
		case "ends":
			for word := range strings.FieldsSeq(rest) {
				list.ends[word] = true
			}
		case "whole":
			for said := range strings.SplitSeq(rest, "|") {
				list.whole[strings.TrimSpace(said)] = true
			}
		default:
			panic(fmt.Sprintf("language: unfinished.txt: %q is neither ends nor whole", line))
		}
	}
	return list
})

// Unfinished reports whether the writer plainly goes on: the text stops at a comma or behind a word that joins what comes next, or it only
// says that a question follows.
func (r *Reading) Unfinished() bool {
	text := strings.TrimSpace(r.Text)
	switch {
	case text == "":
		return false
	case strings.HasSuffix(text, "...") || strings.ContainsRune(",:;…-", lastRune(text)):
		return true
	case strings.ContainsRune("?!.)", lastRune(text)):
		return false
	}
	tokens := r.Tokens()
	if len(tokens) == 0 {
		return false
	}
	// A word alone is an answer: "sí", "o".
	return len(tokens) > 1 && unfinished().ends[tokens[len(tokens)-1]] || unfinished().whole[strings.Join(tokens, " ")]
}

func lastRune(text string) rune {
	runes := []rune(text)
	return runes[len(runes)-1]
}
