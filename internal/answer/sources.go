package answer

import (
	"fmt"
	"slices"
	"strings"

	"tania/internal/answer/citation"
	"tania/internal/answer/knowledge"
	"tania/internal/answer/llm"
	"tania/internal/language"
)

// mostSources bounds the sources that are named where the model cites none.
const mostSources = 5

// numbered are the entries that a prompt holds: an entry's number is its place, from 1, in every length that the prompt is made in. held
// are those of the length that it was made in last, which is the one that was answered.
type numbered struct{ hits, held []knowledge.Hit }

// number is an entry's, which has one from now on.
func (n *numbered) number(h knowledge.Hit) int {
	at := slices.IndexFunc(n.hits, func(have knowledge.Hit) bool { return same(have, h) })
	if at < 0 {
		n.hits = append(n.hits, h)
		at = len(n.hits) - 1
	}
	return at + 1
}

func same(a, b knowledge.Hit) bool { return a.FAQ == b.FAQ && a.Passage == b.Passage }

// those are the numbers cited of entries that were held, and of others.
func (n *numbered) those(read citation.Reading) (held, unknown []int) {
	unknown = slices.Clone(read.Unknown)
	for _, number := range read.Cited {
		cited := n.hits[number-1]
		if slices.ContainsFunc(n.held, func(have knowledge.Hit) bool { return same(have, cited) }) {
			held = append(held, number)
		} else {
			unknown = append(unknown, number)
		}
	}
	return held, unknown
}

// cite takes the citations out of what a model wrote, and names the entries that it answers from. What it says of entries that it was not
// given is noted.
func (a *Answerer) cite(made Answer, given *numbered) Answer {
	if made.Truncated {
		made.Text = citation.Trimmed(made.Text)
	}
	read := citation.Read(made.Text, len(given.hits))
	made.Text = read.Text
	if made.Handoff != nil {
		made.Handoff = &llm.Handoff{Reason: citation.Read(made.Handoff.Reason, len(given.hits)).Text}
	}
	held, unknown := given.those(read)
	if len(unknown) > 0 {
		made.Notes = append(slices.Clone(made.Notes), fmt.Sprintf("the model cited entries that it was not given: %s", listed(unknown)))
	}
	for _, n := range held {
		made.Sources = append(made.Sources, given.hits[n-1].Source())
	}
	if made.Text == "" && len(held)+len(unknown) > 0 {
		made.Known = false
	}
	return made
}

func listed(numbers []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", ", "), "[]")
}

// What an answer whose model cites nothing has in common with the entries that it rests on, as parts of its words: stated is enough, and
// related is enough of an entry that the question is about, which is so from relevant.
const (
	stated   = 0.6
	related  = 0.3
	relevant = 0.4
)

// bearing names the entries given that bear out what an answer says: those that say the same, and those that the question is about and that
// say some of it. Of an answer too short to tell, or in another language than the entry, the question decides.
func (a *Answerer) bearing(text string, q Question, given *numbered) (sources []string) {
	add := func(h knowledge.Hit) {
		if len(sources) < mostSources && !slices.Contains(sources, h.Source()) {
			sources = append(sources, h.Source())
		}
	}
	for sentence := range language.Sentences(text) {
		if says := a.index.Stating(language.Read(sentence), stated, given.held); len(says) > 0 {
			add(says[0])
		}
	}
	read := language.Read(text)
	says := a.index.Stating(read, related, given.held)
	for _, h := range a.index.Judged(readingOf(q), given.held) {
		if h.Score < relevant {
			break
		}
		said := slices.ContainsFunc(says, func(s knowledge.Hit) bool { return same(s, h) })
		if said || knowledge.SaysLittle(read) || a.foreign(h, read) {
			add(h)
		}
	}
	return sources
}

// foreign reports whether nothing of an entry is written in the language of a text.
func (a *Answerer) foreign(h knowledge.Hit, read *language.Reading) bool {
	lang := read.Language()
	if lang == "" {
		return false
	}
	if h.FAQ != nil {
		return !h.FAQ.Answer.SpokenIn(lang, a.language(""))
	}
	spoken := language.Detect(h.Passage.Text)
	return spoken != "" && spoken != lang
}

func readingOf(q Question) *language.Reading {
	if q.Reading != nil {
		return q.Reading
	}
	return language.Read(q.Text)
}
