package reading

import (
	"cmp"
	"slices"

	"tania/internal/tania"
)

// languages are those that the tables know. Where a text tells nothing the first is assumed.
var languages = []tania.Language{tania.Spanish, tania.English, tania.Portuguese}

// surely are the odds from which the language that a question tells keeps it from one that tells another: most questions of three words
// have a language, and few of them words that no other has.
const surely = 400

// tablesFor gives the language whose tables a text is read by: the one it is asked in, if there are tables for it, and else the one that
// the text tells.
func tablesFor(asked, told tania.Language) tania.Language {
	if slices.Contains(languages, asked) {
		return asked
	}
	return cmp.Or(told, languages[0])
}
