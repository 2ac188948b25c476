package dispatcher

import "strings"

// diminutives are the endings that make a word small and fond, without the vowel and the s that follow: "nochecita", "tardinha". The longer
// come first.
var diminutives = []string{"zinh", "inh", "cit", "it"}

// shortestFond is how many letters a word has before the ending at least: "oizinho".
const shortestFond = 2

// meantFondly gives the word of the grammar that a word no table has stands for, its drawn out letters aside: as a diminutive, as many
// speak it, or as a typing error that leaves the first letter, which is hardly ever mistyped and tells "noche" from "coche".
func (g *grammar) meantFondly(word string) (string, bool) {
	spellings := append([]string{word}, undrawn(word)...)
	for _, spelled := range spellings {
		if meant, ok := g.undiminished(spelled); ok {
			return meant, true
		}
		if meant, ok := g.asSpoken(spelled); ok {
			return meant, true
		}
	}
	for _, spelled := range spellings {
		if meant, ok := g.misread(spelled); ok && meant[0] == word[0] {
			return meant, true
		}
	}
	return "", false
}

// shortestSpoken is how many letters a word has at least that is written as it is spoken.
const shortestSpoken = 4

// asSpoken takes a word for one that is written as many speak it: without the h that no one hears ("olis"), with the closed vowels that
// end words in Brazil ("boa tardi", "até logu"), without the s that the Caribbean and Andalusia breathe ("nos vemo").
func (g *grammar) asSpoken(word string) (string, bool) {
	if len(word) < shortestSpoken {
		return "", false
	}
	body, last := word[:len(word)-1], word[len(word)-1]
	heard := []string{"h" + word, word + "s"}
	switch last {
	case 'u':
		heard = append(heard, body+"o")
	case 'i':
		heard = append(heard, body+"e")
	}
	for _, spelled := range heard {
		if g.knows(spelled) {
			return spelled, true
		}
	}
	return "", false
}

// undiminished takes a diminutive back: "tarditas" to "tardes", "amiguita" to "amiga", "oizinho" to "oi".
func (g *grammar) undiminished(word string) (string, bool) {
	one := strings.TrimSuffix(word, "s")
	ending, fond := strings.CutSuffix(one, "o")
	if !fond {
		if ending, fond = strings.CutSuffix(one, "a"); !fond {
			return "", false
		}
	}
	vowel, plural := one[len(ending):], word[len(one):]
	for _, d := range diminutives {
		stem, ok := strings.CutSuffix(ending, d)
		if !ok || len(stem) < shortestFond {
			continue
		}
		for _, spelled := range []string{hardened(stem), stem} {
			for _, end := range []string{vowel + plural, plural, "e" + plural, vowel + "s", vowel, "", "e"} {
				if g.knows(spelled + end) {
					return spelled + end, true
				}
			}
		}
	}
	return "", false
}

// hardened writes the sound before an i as it is written before an a or o: "amigu" as "amig", "poqu" as "poc".
func hardened(stem string) string {
	if short, ok := strings.CutSuffix(stem, "gu"); ok {
		return short + "g"
	}
	if short, ok := strings.CutSuffix(stem, "qu"); ok {
		return short + "c"
	}
	return stem
}
