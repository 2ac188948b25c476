package promise

import (
	"slices"
	"strings"

	"tania/internal/language"
	"tania/internal/words"
)

// clause is a part of a sentence in words: with accents in small letters, and folded, contractions written out.
type clause struct {
	text      string
	low, fold []string
	acts      []Act
	forms     []form
}

func read(text string) *clause {
	c := &clause{}
	lower := strings.ToLower(text)
	for token := range language.Tokens(lower) {
		folded := words.Fold(token)
		for n, w := range language.Expand(folded) {
			low := token
			if n > 0 || w != folded {
				low = w
			}
			c.low, c.fold = append(c.low, low), append(c.fold, w)
			act, f := formOf(w, low)
			c.acts, c.forms = append(c.acts, act), append(c.forms, f)
		}
	}
	return c
}

func (c *clause) word(i int) string {
	if i < 0 || i >= len(c.fold) {
		return ""
	}
	return c.fold[i]
}

func (c *clause) form(i int) form {
	if i < 0 || i >= len(c.forms) {
		return 0
	}
	return c.forms[i]
}

// skip gives the first place from i on whose word is none of a set.
func (c *clause) skip(i int, passed map[string]bool) int {
	for i < len(c.fold) && (passed[c.fold[i]] || c.manner(i)) {
		i++
	}
	return i
}

// manner reports whether a word says how: "correctamente", "successfully".
func (c *clause) manner(i int) bool {
	w := c.fold[i]
	return strings.HasSuffix(w, "mente") || len(w) > 4 && strings.HasSuffix(w, "ly") && c.acts[i] == ""
}

// back gives the last place before i whose word is none of a set, -1 for none.
func (c *clause) back(i int, passed map[string]bool) int {
	i--
	for i >= 0 && passed[c.fold[i]] {
		i--
	}
	return i
}

// any reports whether a word of a set stands from one place up to another.
func (c *clause) any(from, to int, of map[string]bool) bool {
	from, to = max(from, 0), min(to, len(c.fold))
	return from < to && slices.ContainsFunc(c.fold[from:to], func(w string) bool { return of[w] })
}

// has reports whether a word of a list stands from one place up to another.
func (c *clause) has(from, to int, list string) bool {
	from, to = max(from, 0), min(to, len(c.fold))
	return from < to && slices.ContainsFunc(c.fold[from:to], func(w string) bool { return in(w, list) })
}

// in reports whether a word is one of a short list.
func in(w, list string) bool {
	for at := 0; w != ""; {
		i := strings.Index(list[at:], w)
		if i < 0 {
			return false
		}
		at += i + len(w)
		if (at == len(list) || list[at] <= ' ') && (at == len(w) || list[at-len(w)-1] <= ' ') {
			return true
		}
	}
	return false
}

func set(list string) map[string]bool { return endings(list) }

var (
	adverbs = set(`ya tambien ahora mismo hoy just already now also successfully recently gone ahead and went ja agora tambem
		acabado tudo all been`)
	clitics   = set(`te le les os se lo la los las me nos ya lhe lhes o a os as vos ti`)
	possessed = set(`tu tus su sus vuestro vuestra vuestros vuestras your seu sua seus suas teu tua`)
	negations = set(`no not never nunca jamas sin nao nem tampoco without cannot aun isn wasn yet nothing nada nadie nobody ninguno
		ninguna ningun nenhum nenhuma ninguem none`)
	modals = set(`puedo puede podemos pueden puedes podria podriamos podrian can could would may might should must posso pode
		podemos podem poderia podera debe deben debes
		deve devem need needs want wants quiero quieres quiere queremos quer querem hay que para to`)
	whens = set(`si if cuando when quando once unless until caso case hasta ate antes before mientras while whether as assim
		cualquier se whenever siempre sempre after despues depois tras where donde
		onde quienes those aquellos orders pedidos`)
)
