package knowledge

import (
	"tania/internal/language"
	"tania/internal/tania"
)

// question is what a text asks for: its words that carry meaning.
type question []queryTerm

// queryTerm is a word of the question. Its language is not known for sure, so it is stemmed in all three.
type queryTerm struct {
	terms  []int
	weight float64
	// certainty is below 1 for a word that was taken for a typing error.
	certainty float64
	number    string
	weak      bool
}

var languages = []tania.Language{tania.Spanish, tania.English, tania.Portuguese}

// typoCertainty is what a word counts that is in the index only after a correction.
const typoCertainty = 0.9

// mostWords bounds the work on a pasted document.
const mostWords = 64

func (x *Index) ask(r *language.Reading) question {
	var q question
	seen := map[string]bool{}
	for _, w := range split(r) {
		if len(q) == mostWords {
			break
		}
		a := queryTerm{terms: x.lookUp(w), certainty: 1, weak: importance(w.text) < 1}
		if len(a.terms) == 0 && !w.number {
			if corrected, ok := x.words.Correct(w.text); ok {
				a.terms, a.certainty = x.lookUp(word{text: corrected, negated: w.negated}), typoCertainty
			}
		}
		if w.number {
			a.number = w.text
		}
		a.weight = x.rare * importance(w.text)
		for _, t := range a.terms {
			a.weight = x.weightOf(t)
		}
		if key := w.mark(w.stem(tania.Spanish)); !seen[key] {
			seen[key] = true
			q = append(q, a)
		}
	}
	return q
}

// lookUp gives the terms of the index that a word may be.
func (x *Index) lookUp(w word) []int {
	var found []int
	for _, lang := range languages {
		if t, ok := x.term(w.mark(w.stem(lang))); ok {
			found = append(found, t)
		}
	}
	return found
}

func (a queryTerm) in(b bag) bool {
	for _, t := range a.terms {
		if b[t] {
			return true
		}
	}
	return false
}

// vague reports whether nothing in the text says what it is about.
func (q question) vague() bool { return q.telling() == 0 }

// telling is how many words, which the index has, say what the text is about.
func (q question) telling() int {
	n := 0
	for _, a := range q {
		if !a.weak && a.number == "" && len(a.terms) > 0 {
			n++
		}
	}
	return n
}

// contradicts reports whether the question and a variant both name numbers and share none: "plan de 20 GB" does not
// answer "plan de 50 GB".
func (q question) contradicts(numbers map[string]bool) bool {
	named := false
	for _, a := range q {
		if a.number == "" {
			continue
		}
		if numbers[a.number] {
			return false
		}
		named = true
	}
	return named && len(numbers) > 0
}
