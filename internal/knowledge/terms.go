package knowledge

import (
	_ "embed"
	"strings"
	"unicode"

	"tania/internal/words"
)

// stopwords.txt holds words that say nothing of what a text is about, folded, in the three languages.
//
//go:embed stopwords.txt
var stopwordList string

var stopwords = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(stopwordList) {
		set[w] = true
	}
	return set
}()

// apostrophes are left out: "don't" is one word.
var apostrophes = strings.NewReplacer("'", "", "’", "")

// longestTerm bounds what is no word: keys, hashes, encoded data. In bytes.
const longestTerm = 40

// terms gives the words of a text that it may be found by, in their order, as the index compares them.
func terms(text string) []string {
	var found []string
	for w := range strings.FieldsFuncSeq(apostrophes.Replace(fold(text)), separates) {
		if len(w) <= longestTerm && !stopwords[w] {
			found = append(found, w)
		}
	}
	return found
}

func separates(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// fold is words.Fold, quicker for texts in ASCII: they have nothing to take apart.
func fold(text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return words.Fold(text)
		}
	}
	return strings.ToLower(text)
}

// singular takes endings off that the three languages share, so that the language need not be known. What is left is the same for
// the forms of a word: "envíos" and "envío", "flores" and "flor", "charges" and "charge", "policies" and "policy".
func singular(word string) string {
	if len(word) <= 3 {
		return word
	}
	if strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") {
		word = word[:len(word)-1]
	}
	if len(word) > 3 && strings.HasSuffix(word, "e") {
		word = word[:len(word)-1]
	}
	if before, ok := strings.CutSuffix(word, "y"); ok && len(word) > 3 {
		return before + "i"
	}
	return word
}
