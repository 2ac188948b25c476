package choice

import (
	"strings"

	"tania/internal/language"
	"tania/internal/words"
)

// Word is what somebody says to a question whether something is to be done.
type Word int

// The words. Unclear is whatever says more, less, or something else than yes or no.
const (
	Unclear Word = iota
	Yes
	No
)

// Agrees reads whether a text agrees to what was asked. It is for what cannot be taken back, so it is a yes only where nothing else is
// said: a question, a but, or a word that is not in the question makes it unclear.
func Agrees(text, asked string) Word {
	said := signs.Replace(text)
	if strings.ContainsAny(said, "?¿") {
		return Unclear
	}
	reading, question := language.Read(asked), map[string]bool{}
	for _, w := range reading.Compounds() {
		question[words.Stem(w, reading.Language())] = true
	}
	var yes, no bool
	n := 0
	for _, w := range spokenWords(said) {
		n++
		kind, filler := kinds[w]
		switch {
		case agreeing[w] || kind.yes:
			yes = true
		case refusing[w] || kind.none:
			no = true
		case filler && kind.place == 0 && !kind.last, beside[w], question[words.Stem(w, reading.Language())]:
		default:
			return Unclear
		}
	}
	switch {
	case n > longestReply || yes == no:
		return Unclear
	case yes:
		return Yes
	default:
		return No
	}
}

// spokenWords are the words of a text, contractions written out, with numbers as they stand.
func spokenWords(text string) (all []string) {
	for _, w := range language.Read(text).Compounds() {
		all = append(all, language.Expand(w)...)
	}
	return all
}

// signs are pictures that say yes or no, and what says it in several words, as one.
var signs = strings.NewReplacer("👍", " yes ", "✅", " yes ", "👌", " yes ", "✔", " yes ",
	"👎", " nope ", "❌", " nope ", "🚫", " nope ",
	"do it", "yes", "Do it", "yes")

var agreeing = set(`ok okay oki okey vale dale va listo perfecto perfecta perfect perfeito confirmo confirmado confirmada confirmar confirm
	confirmed confirma adelante procede proceda proceder procedan proceed hazlo hagalo haganlo hacelo acuerdo agreed agree acepto
	accept aceito concordo ahead supuesto course pode faca faz beleza certo combinado afirmativo affirmative positivo absolutely
	definitely totally yup aye sii siii sip si efectivamente obviamente correct correcta certeza autorizo autorizado approve
	approved apruebo aprovo`)

var refusing = set(`nah not never nunca jamas jamais negativo negative rechazo reject recuso espera espere esperate wait aguarda aguarde stop
	para detente alto pare todavia aun yet ainda tampoco cannot`)

// beside is what stands beside a yes or no and says nothing here.
var beside = set(`go do does don t it s melhor better best then entonces entao now ahora agora ya just so`)

func set(list string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		all[w] = true
	}
	return all
}
