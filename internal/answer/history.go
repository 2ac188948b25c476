package answer

import (
	"fmt"
	"strings"

	"tania/internal/tania"
	"tania/internal/tokens"
)

// longestEntry bounds one message of the history, in tokens, so that a pasted document does not push out the rest.
const longestEntry = 400

// trim keeps the newest entries that fit into a number of tokens.
func trim(history []tania.Entry, left int) []tania.Entry {
	from := len(history)
	kept := make([]tania.Entry, len(history))
	for i := len(history) - 1; i >= 0; i-- {
		e := history[i]
		if cut := tokens.Cut(e.Text, longestEntry); cut != e.Text {
			e.Text = cut + "…"
		}
		left -= tokens.Count(e.Text) + 4
		if left < 0 {
			break
		}
		kept[i], from = e, i
	}
	return kept[from:]
}

// lastOf is the newest text of an author.
func lastOf(history []tania.Entry, from tania.Author) string {
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].From == from && strings.TrimSpace(history[i].Text) != "" {
			return history[i].Text
		}
	}
	return ""
}

// longestTurn bounds what the customer wrote in one turn, in characters: several hundred pasted messages would be more than any
// model takes.
const longestTurn = 16_000

// shortened leaves out the middle of a text that is longer than most characters. What a customer wants stands at the beginning or,
// three times as likely, at the end.
func shortened(text string, most int) string {
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	head := most / 4
	tail := len(letters) - (most - head)
	return fmt.Sprintf("%s\n[… %d characters left out …]\n%s", string(letters[:head]), tail-head, string(letters[tail:]))
}
