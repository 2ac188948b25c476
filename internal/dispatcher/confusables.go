package dispatcher

import "strings"

// The dispatcher corrects no word that is a word. The tables hold only what the rules need, so a word that they lack may be a
// typing error ("comunicarm") or simply another word ("comunicarte"). grammar/confusables.txt lists, of the dictionaries of the three
// languages with all their endings, the words that would be taken for a word of the tables: a few thousand of millions, since
// most words look like none of them. confusables_test.go writes the file and says from what.

// addConfusables takes a line of words that are never corrected.
func (g *grammar) addConfusables(line string) error {
	for word := range strings.FieldsSeq(line) {
		g.confusables[word] = struct{}{}
	}
	return nil
}

// correct gives the word of the tables that an unknown word stands for: one with drawn out letters, or a typing error.
func (g *grammar) correct(word string) (string, bool) {
	if _, ok := g.confusables[word]; ok {
		return "", false
	}
	return g.misread(word)
}

// misread is correct for a word that is not known to be one.
func (g *grammar) misread(word string) (string, bool) {
	for _, short := range undrawn(word) {
		if g.knows(short) {
			return short, true
		}
	}
	return g.typos.correct(word)
}
