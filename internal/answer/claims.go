package answer

import (
	"fmt"
	"slices"
	"strings"

	"tania/internal/answer/knowledge"
	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

var (
	// A sentence claims something of the business where it says "we" ("vendemos", "oferecemos", "we deliver") or says yes.
	saysWe  = lazyregexp.New(`(?i)\b\p{L}{2,}[aei]mos\b|\b(?:we(?:['’](?:re|ve|ll))?\s+(?:do|don['’]t|also|can|will|have|offer|sell|accept)?|our\b)`)
	saysYes = lazyregexp.New(`(?i)^[\s¡!]*(?:sí|yes|sim|claro|of course|sure|por supuesto|com certeza|absolutely|desde luego|si\s*,)[\s,.!]`)
	figures = lazyregexp.New(`\d`)
	// What is said of the conversation itself, or of not knowing, is no such claim.
	ofTheTalk = lazyregexp.New(`(?i)\b(?:informaci[oó]n|informação|information|lament\w+|sent[ií]mos|sorry|sinto|esper[ao]mos|hope|agradecemos|appreciate|` +
		`ayud\w+|ajud\w+|help|assist|atender\w*|comunic\w+|connect|conect\w+|colega\w*|colleague\w*|compa[nñ]er\w+|equipo|equipe|team|` +
		`soy|sou|i['’]?a?m|veamos|vejamos|hablemos|falemos|hablamos|falamos|sabemos|know|últimos|ultimos|mismos|mesmos|próximos|proximos|anímos|términos|termos)\b`)
)

// half is how much of a claim, by the weight of its words, an entry must have to bear it out whatever its other words.
const half = 0.5

// unfounded gives the first claim of an answer that no entry given bears out: half of it stands in none, and one of its words in nothing
// that the model was given but the question. "" for none. Those with figures are for invented.
func (a *Answerer) unfounded(text string, q Question, given *numbered) string {
	others := []string{a.bot.Persona, a.bot.Business, a.bot.Name}
	for _, e := range q.History {
		if e.From != tania.FromCustomer {
			others = append(others, e.Text)
		}
	}
	besides := language.Read(strings.Join(others, "\n"))
	for sentence := range language.Sentences(text) {
		claims := saysWe.MatchString(sentence) || saysYes.MatchString(sentence)
		if !claims || strings.Contains(sentence, "?") || ofTheTalk.MatchString(sentence) || figures.MatchString(sentence) {
			continue
		}
		said := saysYes.ReplaceAllString(sentence, " ")
		thing := language.Read(saysWe.ReplaceAllString(said, " "))
		if a.index.Strange(thing, given.held, besides) && a.index.Covered(language.Read(said), given.held) < half {
			return strings.TrimSpace(sentence)
		}
	}
	return ""
}

// disbelieved looks at what an answer claims in words and what no entry given bears out. Where it rests on no entry of the knowledge, it is
// one that the bot did not know: its customer is told so. Beside a source that is only noted, as with figures: it may be said in other
// words, and in another language than the source's it is not even that.
func (a *Answerer) disbelieved(made Answer, q Question, given *numbered, lang tania.Language) Answer {
	if !made.Known || a.translated(made, given) {
		return made
	}
	claim := a.unfounded(made.Text, q, given)
	if claim == "" {
		return made
	}
	note := fmt.Sprintf("the answer claims %q, which no entry that the model was given speaks of", claim)
	if len(made.Sources) == 0 {
		made = a.notKnown(made, lang)
		note = fmt.Sprintf("the answer claims %q, which rests on no entry of the knowledge: it was withheld", claim)
	}
	made.Notes = append(slices.Clone(made.Notes), note)
	return made
}

// translated reports whether an answer is in another language than an entry that it rests on.
func (a *Answerer) translated(made Answer, given *numbered) bool {
	read := language.Read(made.Text)
	return slices.ContainsFunc(given.held, func(h knowledge.Hit) bool {
		return slices.Contains(made.Sources, h.Source()) && a.foreign(h, read)
	})
}
