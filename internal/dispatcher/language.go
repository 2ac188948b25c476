package dispatcher

import (
	"strings"

	"tania/internal/tania"
)

// The languages of the rules, as indexes.
const (
	spanish = iota
	english
	portuguese
	languages
)

var languageCodes = [languages]tania.Language{tania.Spanish, tania.English, tania.Portuguese}

// langSet is the languages that a word of the tables belongs to.
type langSet uint8

// vote counts a word: two for a language that has it alone, one each where two share it, none when all do.
func (s langSet) vote(votes *[languages]int) {
	n, weight := 0, 0
	for lang := range languages {
		n += int(s >> lang & 1)
	}
	switch n {
	case 1:
		weight = 2
	case 2:
		weight = 1
	}
	for lang := range languages {
		if s>>lang&1 == 1 {
			votes[lang] += weight
		}
	}
}

// telling are endings of words that no table has.
var telling = [...]struct {
	ending string
	lang   int
}{
	{"cion", spanish},
	{"ciones", spanish},
	{"idad", spanish},
	{"ito", spanish},
	{"illo", spanish},
	{"ejo", spanish},
	{"uelo", spanish},
	{"aje", spanish},
	{"ing", english},
	{"tion", english},
	{"tions", english},
	{"ght", english},
	{"ness", english},
	{"ly", english},
	{"ck", english},
	{"ful", english},
	{"ment", english},
	{"cao", portuguese},
	{"coes", portuguese},
	{"ao", portuguese},
	{"inho", portuguese},
	{"inha", portuguese},
	{"agem", portuguese},
	{"eira", portuguese},
	{"eiro", portuguese},
	{"idade", portuguese},
	{"lho", portuguese},
	{"lha", portuguese},
	{"nha", portuguese},
	{"ou", portuguese},
	{"ei", portuguese},
}

func voteByEnding(word string, votes *[languages]int) {
	for _, t := range telling {
		if len(word) > len(t.ending)+1 && strings.HasSuffix(word, t.ending) {
			votes[t.lang]++
		}
	}
}

// DetectLanguage tells Spanish, English and Portuguese apart in texts as short as a word, by function words, the words of
// the rules, letters and endings. It gives "" when the text does not tell: "ok", "123", "👍".
func DetectLanguage(text string) tania.Language {
	m := builtin().read(text)
	defer m.release()
	return m.language()
}

func (m *message) language() tania.Language {
	best, second := 0, -1
	for lang := 1; lang < languages; lang++ {
		switch {
		case m.votes[lang] > m.votes[best]:
			best, second = lang, best
		case second < 0 || m.votes[lang] > m.votes[second]:
			second = lang
		}
	}
	if m.votes[best] == m.votes[second] {
		return ""
	}
	return languageCodes[best]
}
