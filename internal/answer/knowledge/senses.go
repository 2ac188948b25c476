package knowledge

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"tania/internal/answer/knowledge/spelling"
	"tania/internal/answer/knowledge/synonyms"
	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/words"
)

//go:embed senses.txt
var senseLines string

// senses names what everyday words mean, by the stem that they have in a language.
var senses = readSenses(senseLines)

// senseMark begins the name of a sense, with which no word begins.
const senseMark = "^"

func readSenses(list string) map[tania.Language]map[string][]string {
	of := map[tania.Language]map[string][]string{}
	for _, lang := range languages {
		of[lang] = map[string][]string{}
	}
	columns := []tania.Language{tania.Spanish, tania.English, tania.Portuguese}
	n := 0
	for line := range strings.Lines(list) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		n++
		name := senseMark + strconv.Itoa(n)
		for i, column := range strings.Split(line, "|") {
			in := of[columns[i]]
			for word := range strings.FieldsSeq(column) {
				stem := synonyms.Root(word, columns[i], words.Stem)
				if had := in[stem]; len(had) == 0 || had[len(had)-1] != name {
					in[stem] = append(had, name)
				}
			}
		}
	}
	return of
}

// sensesOf gives those of a word in any language.
func sensesOf(word string) (all []string) {
	for _, lang := range languages {
		all = append(all, senses[lang][synonyms.Root(word, lang, words.Stem)]...)
	}
	return all
}

// everyday are the words of senses.txt, to correct those of a question that no entry has.
var everyday = sync.OnceValue(func() *spelling.Vocabulary {
	v := spelling.New()
	for line := range strings.Lines(senseLines) {
		if !strings.HasPrefix(line, "#") {
			for word := range strings.FieldsSeq(strings.ReplaceAll(line, "|", " ")) {
				v.Add(word)
			}
		}
	}
	return v
})

// meanings gives the senses of a text's words, each once, by the languages that they may be in.
func meanings(r *language.Reading, spoken ...tania.Language) []string {
	return meant(r, words.Stem, 4*mostWords, spoken...)
}

// meant are meanings of so many of a text's words at most.
func meant(r *language.Reading, by stemmer, most int, spoken ...tania.Language) []string {
	var found []string
	seen := map[string]bool{}
	for i, w := range r.Words() {
		if i == most {
			break
		}
		for _, lang := range spoken {
			for _, s := range senses[lang][synonyms.Root(w, lang, by)] {
				if !seen[s] {
					seen[s] = true
					found = append(found, s)
				}
			}
		}
	}
	return found
}
