package cacheeval

import (
	"math"
	"math/rand/v2"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tania/internal/tania"
)

// exponent of the Zipf stream: how much more often the first question is asked than the second.
const exponent = 1.1

// draws draws n texts with repetition, the text at rank r with a weight of r^-exponent, and disturbs each as people do.
func draws(ranked []Row, n int, rnd *rand.Rand) []Row {
	sums := make([]float64, len(ranked))
	total := 0.0
	for i := range ranked {
		total += math.Pow(float64(i+1), -exponent)
		sums[i] = total
	}
	queries := make([]Row, n)
	for i := range queries {
		at := sort.SearchFloat64s(sums, rnd.Float64()*total)
		queries[i] = ranked[min(at, len(ranked)-1)]
		queries[i].Text = disturb(queries[i].Text, queries[i].Language, rnd)
	}
	return queries
}

var fronts = map[tania.Language][]string{
	tania.Spanish:    {"hola, ", "Hola! ", "buenas tardes, ", "buenos días ", "por favor ", "Por favor, ", "disculpe, "},
	tania.English:    {"hi, ", "Hello! ", "good morning, ", "hey ", "please ", "Please, ", "excuse me, "},
	tania.Portuguese: {"oi, ", "Olá! ", "boa tarde, ", "bom dia ", "por favor ", "Por favor, ", "com licença, "},
}

// disturb changes a text's surface: case, accents, punctuation, a greeting or "please" in front, a typing error in one of ten.
func disturb(text string, lang tania.Language, rnd *rand.Rand) string {
	switch rnd.IntN(4) {
	case 0:
		text = strings.ToLower(text)
	case 1:
		text = strings.ToUpper(text)
	}
	if rnd.IntN(3) == 0 {
		text = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFD.String(text))
	}
	if rnd.IntN(3) == 0 {
		text = strings.TrimFunc(text, unicode.IsPunct)
	}
	if rnd.IntN(10) == 0 {
		text = misspell(text, rnd)
	}
	if list := fronts[lang]; len(list) > 0 && rnd.IntN(4) == 0 {
		text = list[rnd.IntN(len(list))] + text
	}
	return text
}

// misspell makes one typing error in a word of four letters or more: a letter too few, doubled, or exchanged with the next.
func misspell(text string, rnd *rand.Rand) string {
	runes := []rune(text)
	var places []int
	for i := 1; i+2 < len(runes); i++ {
		if unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i]) && unicode.IsLetter(runes[i+1]) && unicode.IsLetter(runes[i+2]) {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return text
	}
	i := places[rnd.IntN(len(places))]
	switch rnd.IntN(3) {
	case 0:
		return string(runes[:i]) + string(runes[i+1:])
	case 1:
		return string(runes[:i]) + string(runes[i]) + string(runes[i:])
	}
	runes[i], runes[i+1] = runes[i+1], runes[i]
	return string(runes)
}
