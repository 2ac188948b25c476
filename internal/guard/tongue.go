package guard

import (
	"strings"
	"unicode"

	"tania/internal/cache/reading"
	"tania/internal/language"
	"tania/internal/tania"
)

const (
	// leastLetters is how many letters a text has whose language can be told.
	leastLetters = 20
	// leastProse is how many of them stand in its prose, without addresses and names.
	leastProse = 10
	// surely are the odds from which a text is taken to be in another language, and more surely those for a part of it.
	surely = 3
)

// otherLanguage gives the name of the language that a reply is written in where it is not the one wanted, "" where it is or cannot be told.
func otherLanguage(text string, want tania.Language) string {
	if want == "" || !known(want) {
		return ""
	}
	plain := prose(text)
	letters, foreign := 0, 0
	for _, r := range plain {
		if unicode.IsLetter(r) {
			letters++
			if !unicode.Is(unicode.Latin, r) {
				foreign++
			}
		}
	}
	if letters < leastProse || lettersOf(text) < leastLetters {
		return ""
	}
	if foreign*2 > letters {
		return "another script"
	}
	read := language.Read(plain)
	if !distinct(read.Words()) {
		return ""
	}
	if got := read.LanguageAt(surely); got != "" && got != want {
		return string(got)
	}
	return stranger(read.Words(), want)
}

// leastDistinct is how many different words a text has whose language is told: "part 1, part 2" may be in any.
const leastDistinct = 3

func distinct(list []string) bool {
	seen := map[string]bool{}
	for _, w := range list {
		if !reading.IsNumber(w) {
			seen[w] = true
		}
	}
	return len(seen) >= leastDistinct
}

func lettersOf(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

func known(l tania.Language) bool {
	return l == tania.Spanish || l == tania.English || l == tania.Portuguese
}

// prose is a text without what is in no language: addresses, codes, names in capitals within sentences, quotations.
func prose(text string) string {
	var b strings.Builder
	begin := true
	for field := range strings.FieldsSeq(text) {
		word := strings.TrimFunc(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		ends := strings.HasSuffix(field, ".") || strings.HasSuffix(field, "!") || strings.HasSuffix(field, "?") || strings.HasSuffix(field, ":")
		name := !begin && startsUpper(word)
		if word != "" && !name && !strings.ContainsAny(field, "@/_") && (len(word) > 1 || strings.Contains("aeoyAEOY", word)) {
			b.WriteString(field)
			b.WriteByte(' ')
		}
		if word != "" || ends {
			begin = ends
		}
	}
	return b.String()
}

func startsUpper(word string) bool {
	for _, r := range word {
		return unicode.IsUpper(r)
	}
	return false
}

// grammatical words are those that no sentence does without, of the languages that are spoken and of some that are not.
var grammatical = map[tania.Language]map[string]bool{
	tania.Spanish: wordSet(`el la los las un una de del y o en a al que no es son se su sus tu te le les lo con por para si mas pero
		como este esta hay nuestro nuestra puedes puede
		desde hasta entre sin sobre ya muy me mi esto eso gracias tambien`),
	tania.English: wordSet(`the a an of and or in to is are it its you your we our for with on at by from that this not if can be
		have has will as but no so there
		i my any all more please when what which their they do does`),
	tania.Portuguese: wordSet(`o a os as um uma de do da dos das e ou em no na nos nas que nao se seu sua seus suas voce com por
		para mas como este esta ha nosso nossa pode
		ao aos pelo pela desde ate entre sem sobre ja muito me meu isso isto obrigado obrigada tambem`),
}

var unspoken = map[string]map[string]bool{
	"fr": wordSet(`le la les un une des du de et ou est sont vous votre vos nous notre dans pour avec sur pas que qui ce cette au
		aux en il elle je ne plus par si`),
	"it": wordSet(`il lo la gli le un una di del della dei e o sono per con non che si in al alla nel nella su da dal ci ma piu come
		questo questa puoi suo tuo`),
	"de": wordSet(`der die das ein eine und oder ist sind sie ihr ihre wir unser in im zu zum zur mit auf fur von nicht den dem des
		bei an aus es kann haben auch wenn`),
	"nl": wordSet(`de het een en of is zijn u uw wij ons onze in op van voor met niet dat die te om bij aan naar er kan hebben ook als`),
	"ca": wordSet(`el la els les un una de del dels i o en amb per que no es son seva teva al als aquest aquesta pot des fins entre sense`),
}

// leastWords is how many words a text has whose language is told by its grammar.
const leastWords = 6

// stranger gives a language that is none of the three and that a text is written in, "" for none.
func stranger(list []string, want tania.Language) string {
	if len(list) < leastWords {
		return ""
	}
	own := share(list, grammatical[want])
	for name, words := range unspoken {
		if other := share(list, words); other >= 0.25 && other > own+0.1 {
			return name
		}
	}
	return ""
}

func share(list []string, of map[string]bool) float64 {
	n := 0
	for _, w := range list {
		if of[w] {
			n++
		}
	}
	return float64(n) / float64(len(list))
}

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}
