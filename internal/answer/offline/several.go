package offline

import (
	"fmt"
	"slices"
	"strings"

	"tania/internal/answer/knowledge"
	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

var (
	// Where one question of a message ends and the next may begin.
	questionEnd = lazyregexp.New(`(?i)[?!.;,\n]+|\s(?:y|e|and|adem[aá]s|tambi[eé]n|also|tamb[eé]m)\s`)
	// What is not wanted is not asked for.
	unwanted = lazyregexp.New(`(?i)(?:^|[^\p{L}])(?:no (?:quiero|necesito|ocupo|busco|requiero)|(?:don['’]?t|do not) (?:want|need)|n[aã]o (?:quero|preciso)|no \p{L}+ needed)(?:[^\p{L}]|$)`)
	asks     = lazyregexp.New(`\p{L}{3,}`)
)

// mostQuestions bounds how many questions of one message are answered one by one.
const mostQuestions = 4

// each gives the answers to the questions of a message one by one; false when one of them has none that is sure, since half an answer is
// none.
func (o *Responder) each(text string) ([]knowledge.Hit, bool) {
	var hits []knowledge.Hit
	for _, part := range questionEnd.Split(text, -1) {
		if !asks.MatchString(part) || unwanted.MatchString(part) || courtesy.MatchString(strings.TrimSpace(part)) {
			continue
		}
		hit, sure := o.index.Best(language.Read(part))
		if !sure || len(hits) == mostQuestions {
			return nil, false
		}
		if !slices.ContainsFunc(hits, func(h knowledge.Hit) bool { return h.Source() == hit.Source() }) {
			hits = append(hits, hit)
		}
	}
	return hits, len(hits) > 0
}

// partly answers those questions of a message that have a sure answer, and says which ones have none. What is no question, or is not
// wanted, may change what the others ask: beside it half an answer is none.
func (o *Responder) partly(text string, lang tania.Language) llm.Response {
	hits, open := o.some(text)
	var said, sources []string
	for _, h := range hits {
		if answer := o.said(h, lang); answer != "" {
			said, sources = append(said, answer), append(sources, h.Source())
		}
	}
	if len(said) < len(hits) || len(hits) == 0 || len(open) == 0 {
		return llm.Response{Text: o.unknown(lang)}
	}
	about := fmt.Sprintf(concerning.In(lang, o.bot.Language), strings.Join(open, "; "))
	return llm.Response{Text: strings.Join(append(said, about+o.unknown(lang)), "\n\n"), Sources: sources}
}

// oneOf reports whether the entry that a whole message is about answers one of several questions in it.
func oneOf(whole knowledge.Hit, hits []knowledge.Hit, open []string) bool {
	one := slices.ContainsFunc(hits, func(h knowledge.Hit) bool { return h.Source() == whole.Source() })
	return one && len(hits)+len(open) > 1
}

// some finds the entries that surely answer questions of a message, and the questions that none does; nothing where it has more than that.
func (o *Responder) some(text string) (hits []knowledge.Hit, open []string) {
	before := ""
	for sentence := range language.Sentences(text) {
		asked := strings.ContainsAny(sentence, "¿?")
		for _, part := range questionEnd.Split(sentence, -1) {
			part = strings.Trim(part, " \t¿¡")
			if !asks.MatchString(part) || courtesy.MatchString(part) {
				continue
			}
			hit, sure := o.index.Best(language.Read(part))
			if !sure && before != "" {
				hit, sure = o.index.Following(before, language.Read(part))
			}
			switch {
			case unwanted.MatchString(part), len(hits)+len(open) == mostQuestions:
				return nil, nil
			case !sure && (!asked || len(part) > longestNamed):
				return nil, nil
			case !sure:
				open = append(open, part)
			case !slices.ContainsFunc(hits, func(h knowledge.Hit) bool { return h.Source() == hit.Source() }):
				hits = append(hits, hit)
			}
			before = part
		}
	}
	return hits, open
}

// longestNamed is how long a question is that is repeated to its customer, in bytes.
const longestNamed = 160

// concerning names the questions that have no answer.
var concerning = bot.Text{tania.Spanish: "Sobre «%s»: ", tania.English: "About “%s”: ", tania.Portuguese: "Sobre “%s”: "}

// courtesy asks for nothing.
var courtesy = lazyregexp.New(`(?i)^(?:hola|hi|hello|hey|oi|ol[aá]|buen(?:os|as)? (?:d[ií]as?|tardes?|noches?)|good (?:morning|afternoon|evening)|bom dia|boa (?:tarde|noite)|gracias|muchas gracias|thanks|thank you|obrigad[oa]|por favor|please)$`)
