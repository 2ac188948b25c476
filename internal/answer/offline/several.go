package offline

import (
	"slices"
	"strings"

	"tania/internal/answer/knowledge"
	"tania/internal/language"
	"tania/internal/lazyregexp"
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

// courtesy asks for nothing.
var courtesy = lazyregexp.New(`(?i)^(?:hola|hi|hello|hey|oi|ol[aá]|buen(?:os|as)? (?:d[ií]as?|tardes?|noches?)|good (?:morning|afternoon|evening)|bom dia|boa (?:tarde|noite)|gracias|muchas gracias|thanks|thank you|obrigad[oa]|por favor|please)$`)
