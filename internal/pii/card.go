package pii

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// networks are how the numbers of cards begin, and how long they are.
var networks = []struct {
	begins  *regexp.Regexp
	lengths []int
}{
	{regexp.MustCompile(`^3[47]`), []int{15}},
	{regexp.MustCompile(`^3(?:0[0-5]|095|[689])`), []int{14, 16, 17, 18, 19}},
	{regexp.MustCompile(`^4`), []int{13, 16, 18, 19}},
	{regexp.MustCompile(`^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|220[0-4])`), []int{16}},
	{regexp.MustCompile(`^(?:35(?:2[89]|[3-8])|6011|64[4-9]|65|62|81|60|508|36)`), []int{14, 16, 17, 18, 19}},
	{regexp.MustCompile(`^(?:50|5[6-9]|6)`), []int{12, 13, 14, 15, 16, 17, 18, 19}},
	{regexp.MustCompile(`^(?:9792|1946|8600|9860)`), []int{16}},
}

func ofNetwork(number string) bool {
	for _, n := range networks {
		if n.begins.MatchString(number) && slices.Contains(n.lengths, len(number)) {
			return true
		}
	}
	return false
}

// asPrinted are the groups in which cards show their numbers.
var asPrinted = map[string]bool{
	"4 4 4 4": true, "4 6 5": true, "4 6 4": true, "4 4 4 4 3": true,
	"4 4 4 1": true, "4 5 6": true, "8 8": true, "6 13": true, "4 4 4 3": true,
	"4 12": true, "4 4 4 4 2": true, "4 4 4 4 1": true, "4 4 8": true, "8 4 4": true, "4 8 4": true, "4 4 5": true, "4 4 4 2": true,
}

func grouped(w window) string { return strings.Trim(fmt.Sprint(w.groups), "[]") }

// cards finds the numbers of cards.
func cards(t *reading) {
	for first := range t.atoms {
		if !t.atoms[first].figures || t.taken[t.atoms[first].from] {
			continue
		}
		for _, w := range t.windows(first, 12, 19, " -./_\n", onlyFigures) {
			if luhn(w.text) && !allSame(w.text) && t.loose(w) && t.isCard(w) {
				t.take(Card, w.from, w.to, w.text)
				break
			}
		}
	}
}

// isCard reports whether a number that agrees with its check figure is a card's, by how it is written and by the words around it.
func (t *reading) isCard(w window) bool {
	a := t.around(w)
	known := ofNetwork(w.text)
	if a.says(cueCard) {
		return known || len(w.text) >= 15
	}
	if !known || len(w.text) < 13 || t.counted(w) {
		return false
	}
	if c := a.names(); c != none && c != cueAccount && c != cuePhone {
		// "La tarjeta con que pagué el pedido es 4111…": the verb is about the card.
		return a.verb && a.clause[cueCard] && a.behind == none
	}
	if a.names() != none && len(w.text) < 15 {
		return false
	}
	return len(w.groups) == 1 && len(w.text) >= 14 || asPrinted[grouped(w)] || len(w.groups) == len(w.text)
}
