// Package dispatcher chooses the way to answer a message: text in, route out. It does no I/O and takes microseconds.
//
// A message is read once: its words are looked up in tables that say what they mean (hablar, speak and falar are TALK), also
// when they are misspelt; short patterns over meanings, the same for Spanish, English and Portuguese, then say what the
// customer does. Tables and patterns are text, in the folder grammar. What no pattern finds is weighed by what its words and
// meanings speak for in labelled messages.
//
// Language, contractions and edit distances are those of packages language and words. The words themselves are cut here, with the pauses
// between them and their capitals, which the patterns need: see scanner.
package dispatcher

import (
	"strings"

	"tania/internal/language"
	"tania/internal/tania"
)

// Choice is the dispatcher's answer.
type Choice struct {
	Route tania.Route
	// Language is the customer's, recognised from the text; empty when the text does not tell ("ok", "👍", "123").
	Language tania.Language
	// FAQ is the id of the entry when Route is RouteFAQ.
	FAQ string
	// OfferHuman is set for mild frustration: answer, and offer a human beside it.
	OfferHuman bool
	// Why names the rule and the words that decided, for the decision record.
	Why string
}

// Options are what bot.yaml adds to the built-in rules.
type Options struct {
	FAQ []FAQ
	// Handoff, Frustration and Sensitive are additional phrases: their words, one after another.
	Handoff, Frustration, Sensitive []string
}

// Dispatcher chooses routes. It is safe for concurrent use.
type Dispatcher struct {
	g *grammar
	// phrases are those of Options, in the order of the routes' precedence.
	phrases []phrase
	faq     []keywords
}

type phrase struct {
	route tania.Route
	words []string
}

// New compiles the options. Phrases without a letter or digit are left out.
func New(o Options) *Dispatcher {
	d := &Dispatcher{g: builtin()}
	for _, p := range []struct {
		route   tania.Route
		phrases []string
	}{{tania.RouteSensitive, o.Sensitive}, {tania.RouteHandoff, o.Handoff}, {tania.RouteFrustration, o.Frustration}} {
		for _, text := range p.phrases {
			if words := d.g.wordsOf(text); len(words) > 0 {
				d.phrases = append(d.phrases, phrase{p.route, words})
			}
		}
	}
	d.faq = d.g.compileFAQ(o.FAQ)
	return d
}

// precedence is which route wins when a message asks for several: the one that must not be missed comes first.
var precedence = map[tania.Route]int{tania.RouteSensitive: 3, tania.RouteHandoff: 2, tania.RouteFrustration: 1}

// Dispatch reads a text and chooses its route.
func (d *Dispatcher) Dispatch(text string) Choice { return d.Choose(language.Read(text)) }

// Choose chooses the route of a turn's text that was read.
func (d *Dispatcher) Choose(r *language.Reading) Choice {
	text := r.Text
	m := d.g.readWords(r)
	defer m.release()
	c := Choice{Route: tania.RouteModel, Language: m.spoken}
	decide := func(route tania.Route, why string) {
		if precedence[route] > precedence[c.Route] {
			c.Route, c.Why = route, why
		}
	}
	for _, p := range d.phrases {
		if m.contains(p.words) {
			decide(p.route, "bot.yaml: "+strings.Join(p.words, " "))
		}
	}
	if route, ok := m.pleasantry(); ok && c.Route == tania.RouteModel && !isUpset(text) {
		c.Route, c.Why = route, m.words(0, len(m.tokens))
		return c
	}
	m.readPhrases()
	for _, h := range m.hits(nil) {
		switch {
		case h.strong && precedence[h.block.route] <= precedence[c.Route], !h.strong && c.OfferHuman, m.vetoed(h):
		case h.strong:
			decide(h.block.route, h.block.name+": "+m.words(h.from, h.to))
		default:
			c.OfferHuman = true
			if c.Why == "" {
				c.Why = h.block.name + ": " + m.words(h.from, h.to)
			}
		}
	}
	if c.Route != tania.RouteModel {
		c.OfferHuman = false // it is more than offered
		return c
	}
	if len(m.tokens) == 0 {
		readEmoji(text, &c)
		return c
	}
	if route, why, ok := m.weigh(weightsFile); ok {
		c.Route, c.OfferHuman, c.Why = route, false, "weighed: "+why
		return c
	}
	switch f, ok := m.findFAQ(d.faq); {
	case ok && f.more == "":
		c.Route, c.FAQ, c.Why = tania.RouteFAQ, f.topic.id, "keywords: "+f.text
	case ok && c.Why == "":
		c.Why = "more than the keywords " + f.text + ": " + f.more
	}
	return c
}

// contains reports whether the words stand in the message one after another.
func (m *message) contains(words []string) bool {
	for at := 0; at+len(words) <= len(m.tokens); at++ {
		n := 0
		for n < len(words) && m.tokens[at+n].text == words[n] {
			n++
		}
		if n == len(words) {
			return true
		}
	}
	return false
}

// wordsOf reads a phrase as messages are read, so that the two can be compared.
func (g *grammar) wordsOf(text string) []string {
	m := g.readWords(language.Read(text))
	defer m.release()
	words := make([]string, len(m.tokens))
	for i := range m.tokens {
		words[i] = m.tokens[i].text
	}
	return words
}
