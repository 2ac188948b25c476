package modeltext

import (
	"strings"

	"tania/internal/lazyregexp"
)

// code are the pieces of a text that Markdown shows as they are.
type code [][]int

var codePieces = lazyregexp.New("(?s)(?:^|\n) {0,3}(?:```|~~~)[^\n]*\n.*?(?:\n {0,3}(?:```|~~~)|$)|`[^`\n]+`")

func codeIn(text string) code {
	if !strings.ContainsAny(text, "`~") {
		return nil
	}
	return codePieces.FindAllStringIndex(text, -1)
}

func (c code) has(i int) bool {
	for _, at := range c {
		if i < at[1] {
			return i >= at[0]
		}
	}
	return false
}

var emptyFence = lazyregexp.New("(?m)^ {0,3}(?:```|~~~)[ \t]*\\w*[ \t]*\n[\\s,;\\[\\]]*^ {0,3}(?:```|~~~)[ \t]*$|``[ \t]*``")

// withoutEmptyFences drops the fences whose content was a call.
func withoutEmptyFences(text string) string {
	if !strings.Contains(text, "``") && !strings.Contains(text, "~~~") {
		return text
	}
	return emptyFence.ReplaceAllString(text, "")
}

// outsideCode changes what is no code.
func outsideCode(text string, change func(string) string) string {
	var b strings.Builder
	end := 0
	for _, at := range codeIn(text) {
		b.WriteString(change(text[end:at[0]]))
		b.WriteString(text[at[0]:at[1]])
		end = at[1]
	}
	b.WriteString(change(text[end:]))
	return b.String()
}
