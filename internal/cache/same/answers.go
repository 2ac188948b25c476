package same

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"tania/internal/cache/reading"
	"tania/internal/language"
)

// AnswerComparer tells whether two answers say the same, from their text alone. What stands in answers to questions that have nothing in
// common is said around the answer ("Con gusto.", "¿Algo más?"); the rest must be the same.
type AnswerComparer struct {
	sentences map[string]*sentence
	answers   float64
	// changes counts what was learnt and forgotten.
	changes uint64
	// all is the sum of all questions' terms.
	all map[reading.Feature]float64
}

// sentence is what is known of one: how often it stood in an answer, and the terms of the questions.
type sentence struct {
	times float64
	// first are the terms of the only question; terms counts those of more, and is nil until there are.
	first []reading.Feature
	terms map[reading.Feature]float64
	// general is what was last found, twice the judge's changes then plus one if it was; 0: nothing.
	general atomic.Uint64
}

func (s *sentence) learn(terms []reading.Feature) {
	s.times++
	switch {
	case s.times == 1:
		s.first = terms
		return
	case s.terms == nil:
		s.terms = make(map[reading.Feature]float64, 2*len(terms))
		for _, t := range s.first {
			s.terms[t]++
		}
		s.first = nil
	}
	for _, t := range terms {
		s.terms[t]++
	}
}

func (s *sentence) forget(terms []reading.Feature) {
	s.times--
	for _, t := range terms {
		if s.terms[t]--; s.terms[t] <= 0 {
			delete(s.terms, t)
		}
	}
}

// NewAnswerComparer makes one that knows no answers yet.
func NewAnswerComparer() *AnswerComparer {
	return &AnswerComparer{sentences: map[string]*sentence{}, all: map[reading.Feature]float64{}}
}

// SentencesOf gives the sentences of an answer as they are compared, each once and without order.
func SentencesOf(answer string) []string {
	var all []string
	for s := range language.Statements(answer) {
		if folded := strings.Join(language.Read(s).Compounds(), " "); folded != "" {
			all = append(all, folded)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Learn takes an answer into account.
func (j *AnswerComparer) Learn(q *reading.Question, answer string) {
	j.answers++
	j.changes++
	for _, t := range q.Terms {
		j.all[t]++
	}
	for _, text := range SentencesOf(answer) {
		s := j.sentences[text]
		if s == nil {
			s = &sentence{}
			j.sentences[text] = s
		}
		s.learn(q.Terms)
	}
}

// Forget takes an answer out of account.
func (j *AnswerComparer) Forget(q *reading.Question, answer string) {
	j.answers--
	j.changes++
	for _, t := range q.Terms {
		if j.all[t]--; j.all[t] <= 0 {
			delete(j.all, t)
		}
	}
	for _, text := range SentencesOf(answer) {
		s := j.sentences[text]
		if s == nil {
			continue
		}
		if s.times <= 1 {
			delete(j.sentences, text)
			continue
		}
		s.forget(q.Terms)
	}
}

// enough is how many answers a sentence must have stood in to be called general.
const enough = 4

// General reports whether a sentence stands in answers to all sorts of questions: its questions are as little like each other as
// any two. What was found of a sentence that has been seen often holds for a while.
func (j *AnswerComparer) General(text string) bool {
	s := j.sentences[text]
	if s == nil || s.times < enough {
		return false
	}
	if known := s.general.Load(); known > 0 && j.changes-known/2 <= uint64(s.times)/steady {
		return known%2 == 1
	}
	known := 2 * j.changes
	general := j.spread(s)
	if general {
		known++
	}
	s.general.Store(known)
	return general
}

// steady is the part of a sentence's times within which the verdict on it is not made again.
const steady = 32

func (j *AnswerComparer) spread(s *sentence) bool {
	var own, base float64
	for t, n := range s.terms {
		all := j.all[t] / j.answers
		rarity := 1 - all
		own += rarity * n * (n - 1) / (s.times * (s.times - 1))
		base += rarity * all * n / s.times
	}
	return own < 1.5*base+0.1
}

// AnswerCounts is what an AnswerComparer has counted.
type AnswerCounts struct {
	Answers float64
	// Terms are of all questions; Sentences says in how many answers each stands, OfSentences the terms of their questions.
	Terms       map[reading.Feature]float64
	Sentences   map[string]float64
	OfSentences map[string]map[reading.Feature]float64
}

// Counts gives a copy of what was counted.
func (j *AnswerComparer) Counts() AnswerCounts {
	c := AnswerCounts{
		Answers: j.answers, Terms: maps.Clone(j.all), Sentences: map[string]float64{},
		OfSentences: map[string]map[reading.Feature]float64{},
	}
	for text, s := range j.sentences {
		c.Sentences[text], c.OfSentences[text] = s.times, maps.Clone(s.terms)
		if s.terms == nil {
			c.OfSentences[text] = map[reading.Feature]float64{}
			for _, t := range s.first {
				c.OfSentences[text][t]++
			}
		}
	}
	return c
}

// Verdict of a judgement.
type Verdict int

const (
	// Unknown means that the texts do not tell.
	Unknown Verdict = iota
	// Equal answers say the same.
	Equal
	// Different answers do not.
	Different
)

// Compare judges two answers.
func (j *AnswerComparer) Compare(a, b string) Verdict {
	sa, sb := SentencesOf(a), SentencesOf(b)
	switch {
	case strings.TrimSpace(a) == strings.TrimSpace(b):
		return Equal
	case len(sa) == 0 || len(sb) == 0: // no words
		return Unknown
	case slices.Equal(sa, sb):
		return Equal
	}
	general := func(s string) bool { return j.General(s) }
	sa, sb = slices.DeleteFunc(sa, general), slices.DeleteFunc(sb, general)
	switch {
	case len(sa) == 0 || len(sb) == 0:
		return Unknown
	case slices.Equal(sa, sb):
		return Equal
	}
	// Answers that share a sentence, or most of their words, may well say the same in part or in other words: nobody can tell from the text.
	for _, s := range sa {
		if slices.Contains(sb, s) {
			return Unknown
		}
	}
	if overlap(sa, sb) >= alike && !otherFigures(sa, sb) {
		return Unknown
	}
	return Different
}

// alike is the share of common words from which two texts may say the same in other words.
const alike = 0.4

// overlap is the share of words with a meaning that two texts have in common, of all of theirs.
func overlap(a, b []string) float64 {
	wa, wb := wordsOf(a, meaningful), wordsOf(b, meaningful)
	common := 0
	for w := range wa {
		if wb[w] {
			common++
		}
	}
	return float64(common) / float64(max(1, len(wa)+len(wb)-common))
}

// otherFigures reports whether two texts, each, have a number that the other has not: "20 € a month", "40 € a month".
func otherFigures(a, b []string) bool {
	na, nb := wordsOf(a, reading.IsNumber), wordsOf(b, reading.IsNumber)
	beyond := func(x, y map[string]bool) bool {
		for w := range x {
			if !y[w] {
				return true
			}
		}
		return false
	}
	return beyond(na, nb) && beyond(nb, na)
}

func meaningful(w string) bool { return !reading.FunctionWords[w] }

// wordsOf gives the words of sentences that are of a kind, numbers as figures.
func wordsOf(sentences []string, of func(string) bool) map[string]bool {
	m := map[string]bool{}
	for _, s := range sentences {
		for _, w := range reading.Canonical(strings.Fields(s), language.Detect(s)) {
			if of(w) {
				m[w] = true
			}
		}
	}
	return m
}
