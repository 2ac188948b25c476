package words

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SameButTyping reports whether two texts say the same, but for case, accents, punctuation and errors of typing: the one is the other,
// corrected. Numbers always matter, and so do days, months and names; a word counts as mistyped when it differs as fingers and ears err: by
// a letter left out, added, exchanged with its neighbour, or replaced by one beside it on the keyboard or that sounds the same. In doubt
// the texts differ.
func SameButTyping(before, after string) bool {
	x, y := written(before), written(after)
	if !slices.Equal(figures(x), figures(y)) {
		return false
	}
	if joined(x) == joined(y) {
		return true
	}
	return slices.EqualFunc(x, y, mistyped)
}

// token is a word or number of a text.
type token struct {
	folded string
	// figure is a number, or a word with one in it.
	figure bool
	// name is written with a capital where no sentence begins.
	name bool
}

// written reads the words and numbers of a text, in which points and commas between figures are part of the number.
func written(text string) (list []token) {
	runes := []rune(text)
	begins := true
	for i := 0; i < len(runes); {
		if !partOf(runes, i) {
			if strings.ContainsRune(".!?\n¿¡:", runes[i]) {
				begins = true
			}
			i++
			continue
		}
		end := i + 1
		for end < len(runes) && partOf(runes, end) {
			end++
		}
		word := string(runes[i:end])
		list = append(list, token{
			folded: Fold(word), figure: strings.ContainsFunc(word, unicode.IsNumber),
			name: !begins && unicode.IsUpper(runes[i]) && end-i > 1,
		})
		begins, i = false, end
	}
	return list
}

// partOf reports whether a character belongs to a word or number.
func partOf(runes []rune, i int) bool {
	switch r := runes[i]; {
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		return true
	case !strings.ContainsRune(".,:/-", r) || i == 0 || i+1 == len(runes):
		return false
	}
	return unicode.IsNumber(runes[i-1]) && unicode.IsNumber(runes[i+1])
}

func figures(list []token) (found []string) {
	for _, t := range list {
		if t.figure {
			found = append(found, t.folded)
		}
	}
	return found
}

// joined is a text without what is between its words: "por favor" and "porfavor" are the same.
func joined(list []token) string {
	var b strings.Builder
	for _, t := range list {
		b.WriteString(t.folded)
	}
	return b.String()
}

// mistyped reports whether one word is the other with an error of typing in it.
func mistyped(x, y token) bool {
	a, b := x.folded, y.folded
	switch {
	case a == b:
		return true
	case x.figure || y.figure || x.name && y.name:
		return false
	case weighty[a] && weighty[b]:
		return false
	}
	short := min(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	most := 1
	if short > 6 {
		most = 2
	}
	if short <= 3 || !sameHead(a, b) || Distance(a, b, most) > most {
		return false
	}
	if most == 2 {
		return true
	}
	slip, at := SlipBetween(a, b)
	return slip != Replaced || alike(a[at], b[at])
}

// sameHead reports whether two words begin with the same letter, or with the same two exchanged: the first letter is the one that is
// hardly ever mistyped, and often the only one in which two other words differ.
func sameHead(a, b string) bool {
	return a[0] == b[0] || a[0] == b[1] && a[1] == b[0] || alike(a[0], b[0])
}

// keys are the rows of the keyboard; sounds are letters that are written for each other.
var (
	keys   = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}
	sounds = []string{"bv", "csz", "ckq", "gj", "iy", "mn", "lr", "xsz"}
)

// alike reports whether a letter is easily taken for another.
func alike(a, b byte) bool {
	for _, group := range sounds {
		if strings.IndexByte(group, a) >= 0 && strings.IndexByte(group, b) >= 0 {
			return true
		}
	}
	for _, row := range keys {
		i, j := strings.IndexByte(row, a), strings.IndexByte(row, b)
		if i >= 0 && j >= 0 {
			return max(i, j)-min(i, j) == 1
		}
	}
	return false
}

// weighty are words that a single letter makes another, and that say how many, when, and whether, in the three languages.
var weighty = func() map[string]bool {
	set := map[string]bool{}
	for _, list := range []string{
		"uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento doscientos trescientos quinientos mil medio media doble primero segundo tercero",
		"um uma dois duas quatro sete oito nove dez onze doze treze quatorze quinze vinte trinta quarenta cinquenta sessenta oitenta cem duzentos trezentos quinhentos meio meia dobro primeiro terceiro",
		"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half double first second third",
		"lunes martes miercoles jueves viernes sabado domingo segunda terca quarta quinta sexta monday tuesday wednesday thursday friday saturday sunday",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro january february march april may june july august september october november december",
		"hoy manana ayer tarde noche hoje amanha ontem noite today tomorrow yesterday tonight morning evening ida vuelta ida volta",
		"no si nao sim yes not con sin com sem with without nunca siempre sempre never always antes despues depois before after",
	} {
		for w := range strings.FieldsSeq(list) {
			set[w] = true
		}
	}
	return set
}()
