package promise

import (
	"slices"
	"strings"

	"tania/internal/language"
	"tania/internal/words"
)

// evidence is what bears claims out.
type evidence struct {
	given Given
	// did are the acts that results say were done, does those that passages say the business does.
	did, does map[Act]bool
	// asked are the customer's words, folded.
	asked string
	// good reports whether a result says that all went well.
	good bool
}

func evidenceOf(g Given) *evidence {
	e := &evidence{given: g, did: map[Act]bool{}, does: map[Act]bool{}}
	for _, text := range g.Results {
		e.result(text)
	}
	for _, text := range g.Passages {
		if isResult(text) {
			e.result(text)
		} else {
			e.passage(text)
		}
	}
	e.asked = words.Fold(strings.Join(g.Asked, "\n"))
	return e
}

// isResult reports whether a text is what a tool gave: JSON, or names as programs write them.
func isResult(text string) bool {
	t := strings.TrimSpace(text)
	if strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[{") {
		return true
	}
	head, _, _ := strings.Cut(t, "\n")
	low := strings.ToLower(head)
	for _, mark := range []string{"tool", "herramienta", "ferramenta", "resultado de", "result of", "→", "=>", "status:", "estado:"} {
		if strings.HasPrefix(low, mark) {
			return true
		}
	}
	name, _, call := strings.Cut(head, "(")
	if !call {
		name, _, call = strings.Cut(head, ":")
	}
	return call && strings.Contains(name, "_") && !strings.Contains(name, " ")
}

// result takes in what a tool gave, or what was said before: every verb of it was done.
func (e *evidence) result(text string) {
	spaced := strings.Map(func(r rune) rune {
		if r == '_' || r == '"' || r == '-' {
			return ' '
		}
		return r
	}, text)
	c := read(spaced)
	e.good = e.good || c.any(0, len(c.fold), wentWell)
	for i := range c.fold {
		done := c.forms[i] == participle || c.forms[i] == past1 || e.good
		if c.acts[i] != "" && done && !c.any(i-2, i, negations) {
			e.did[c.acts[i]] = true
		}
		if c.acts[i] != "" {
			e.does[c.acts[i]] = true
		}
	}
}

// passage takes in what the business says that it does.
func (e *evidence) passage(text string) {
	for sentence := range language.Sentences(text) {
		c := read(sentence)
		c.text = sentence
		for i := range c.fold {
			act := c.acts[i]
			if noun := nouns[c.fold[i]]; noun != "" {
				e.does[noun] = true
			}
			if act == "" {
				continue
			}
			switch c.form(i) {
			case we, future1, future3, past1:
				e.does[act] = true
			case they, it, gerund:
				e.does[act] = e.does[act] || !determiners[c.word(i-1)]
			case participle:
				e.does[act] = e.does[act] || c.any(i-3, i, beings) || c.word(i-1) == "we"
			case infinitive:
				if c.has(i-3, i, `we will team voy vamos us`) || act == Send {
					e.does[act] = true
				}
			case present1:
				if !c.nominal(i) {
					e.does[act] = true
				}
			}
			// A passage may tell of something that was done: "El pedido 4821 ha sido cancelado."
			if c.form(i) == participle && c.told(i) {
				e.did[act] = true
			}
		}
		for _, p := range c.claims() {
			e.does[p.Act] = true
		}
	}
}

var (
	wentWell    = set(`ok success successful done true completed hecho exito sucesso`)
	determiners = set(`el la los las un una su sus tu tus de del the a your our his her o os as um uma seu sua da do por con para en al y`)
	beings      = set(`es son ser sera seran sido se han ha is are be been being foi sao sera serao get gets getting fue queda quedan will`)
)

// told reports whether a participle tells of one thing that was done, and not of what may be.
func (c *clause) told(i int) bool {
	before := c.back(i, adverbs)
	switch c.word(before) {
	case "sido", "been", "fue", "foi", "was", "ha", "quedo", "status", "estado":
		return !c.any(0, i, whens) && !c.any(before-2, before, modals)
	}
	return false
}

// nouns are things whose name alone says that the business does them.
var nouns = map[string]Act{
	"envio": Send, "envios": Send, "entrega": Send, "entregas": Send, "shipping": Send, "delivery": Send, "deliveries": Send,
	"frete": Send, "pedidos": Send,
	"reembolso": Refund, "reembolsos": Refund, "refund": Refund, "refunds": Refund, "devolucion": Refund,
	"devoluciones": Refund, "estorno": Refund,
}

// bears reports whether a claim is borne out.
func (e *evidence) bears(c Claim, sentence string) bool {
	switch {
	case c.Act == HandOver && e.given.Handover != None:
		return true
	case e.did[c.Act]:
		return true
	case c.Act == Other && (e.good || len(e.did) > 0):
		return true
	case c.Act == Contact && e.given.Handover == Made && !c.Done:
		return true
	case c.Done:
		return e.saidBefore(sentence)
	}
	if c.Act == Other {
		return e.says(c.stem)
	}
	return e.does[c.Act]
}

// says reports whether a passage has a word that begins so.
func (e *evidence) says(stem string) bool {
	if len(stem) < leastStem {
		return false
	}
	for _, text := range e.given.Passages {
		if i := strings.Index(words.Fold(text), stem); i >= 0 {
			return true
		}
	}
	return false
}

// leastStem is how much of a verb tells it from others.
const leastStem = 4

// understands begin sentences that say the customer's own words again; sees those that need some.
var (
	understands = []string{
		"entiendo que", "comprendo que", "lamento que", "siento que", "dices que", "mencionas que", "me dices", "i understand",
		"sorry that", "sorry to hear",
		"you said", "you mentioned", "entendo que", "voce disse", "sinto muito que", "indicas que", "lamento mucho que", "i am sorry",
	}
	sees = []string{"veo que", "i see that", "vejo que"}
)

// saidBefore reports whether a sentence says again what the customer said was done.
func (e *evidence) saidBefore(sentence string) bool {
	folded := words.Fold(sentence)
	in := func(begin string) bool { return strings.Contains(folded, begin) }
	return slices.ContainsFunc(understands, in) || e.asked != "" && slices.ContainsFunc(sees, in)
}
