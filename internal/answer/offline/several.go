package offline

import (
	"context"
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

// leaves reports whether an entry has nothing of a whole sentence of a message, which then says or asks something else.
func (o *Responder) leaves(text string, hit knowledge.Hit) bool {
	for sentence := range language.Sentences(text) {
		if part := strings.Trim(sentence, " \t\n¿?¡!.,"); !courtesy.MatchString(part) && o.index.Lacks(hit, language.Read(part)) {
			return true
		}
	}
	return false
}

// each gives the answers to the questions of a message one by one; false when one of them has none that is sure, since half an answer is
// none.
func (o *Responder) each(ctx context.Context, text string) ([]knowledge.Hit, bool) {
	var hits []knowledge.Hit
	before := ""
	for _, part := range questionEnd.Split(inContext(text), -1) {
		if !asks.MatchString(part) || unwanted.MatchString(part) || courtesy.MatchString(strings.TrimSpace(part)) {
			continue
		}
		hit, sure := o.bestAfter(ctx, before, part)
		if !sure || len(hits) == mostQuestions {
			return nil, false
		}
		before = part
		if !slices.ContainsFunc(hits, func(h knowledge.Hit) bool { return h.Source() == hit.Source() }) {
			hits = append(hits, hit)
		}
	}
	return hits, len(hits) > 0
}

// partly answers those questions of a message that have a sure answer, and says which ones have none. What is no question, or is not
// wanted, may change what the others ask: beside it half an answer is none.
func (o *Responder) partly(ctx context.Context, text string, lang tania.Language) llm.Response {
	hits, open, loose := o.some(ctx, text)
	open = append(open, loose...)
	var said, sources []string
	for _, h := range hits {
		if answer := o.said(h, lang); answer != "" {
			said, sources = append(said, answer), append(sources, h.Source())
		}
	}
	switch {
	case len(said) < len(hits), len(hits) == 0, len(open) == 0 && !strings.Contains(inContext(text), aside):
		return llm.Response{Text: o.unknown(lang)}
	case len(open) == 0:
		return llm.Response{Text: strings.Join(said, "\n\n"), Known: true, Sources: sources}
	}
	about := fmt.Sprintf(concerning.In(lang, o.bot.Language), strings.Join(open, "; "))
	return llm.Response{Text: strings.Join(append(said, about+o.unknown(lang)), "\n\n"), Sources: sources}
}

// The clauses of a question before its last comma say what the question is about ("la traigo sucia, ¿la lavan?"), unless they ask
// themselves.
var (
	clause = lazyregexp.New(`^[^,?¿!.;\n]+,`)
	asking = lazyregexp.New(`(?i)^[\s¿]*(?:qu[eé]|q|k|como|do|does|is|are|can|tienen|tendr[aá]n|hacen|hay|pued[eo]n?|aceptan|dan|venden|` +
		`t[eê]m|posso|aceita[mn]?|fazem|vendem)\s|` +
		`(?:^|[^\p{L}])(?:cu[aá]l(?:es)?|cu[aá]nt[oa]s?|c[oó]mo|d[oó]nde|cu[aá]ndo|what|which|how|where|when|qual|quais|quant[oa]s?|onde|quando|quien(?:es)?|who|quem|why|por qu[eê])(?:[^\p{L}]|$)`)
)

// aside stands between such clauses and their question.
const aside = "\x1f"

// inContext joins such clauses with the question that follows them.
func inContext(text string) string {
	var joined strings.Builder
	for sentence := range language.Sentences(text) {
		for {
			c := clause.FindString(sentence)
			if c == "" || asking.MatchString(c) || unwanted.MatchString(c) || !asksAnything(sentence[len(c):]) {
				break
			}
			joined.WriteString(questionEnd.ReplaceAllString(c, " "))
			if strings.Contains(sentence, "?") {
				joined.WriteString(aside)
			}
			sentence = sentence[len(c):]
		}
		joined.WriteString(sentence)
	}
	return joined.String()
}

// best gives the entry that surely answers a part of a message with its context or, where none does, without.
func (o *Responder) best(ctx context.Context, part string) (knowledge.Hit, bool) {
	best := func(text string) (knowledge.Hit, bool) {
		return o.index.Best(language.Read(text), o.meaning(ctx, text))
	}
	hit, sure := best(strings.ReplaceAll(part, aside, " "))
	if at := strings.LastIndex(part, aside); !sure && at >= 0 {
		return best(part[at+len(aside):])
	}
	return hit, sure
}

// referring stands for what was named before.
var referring = lazyregexp.New(`(?i)(?:^|\s)(?:lo|le|it|them|him|her|` +
	`(?:l[ao]s?|eles?|elas?) (?:puedo|puede[ns]?|podemos|pode[mn]?|posso|llev\w+|tra\w+))(?:\s|$)`)

// itself is how likely the entry is at least that answers a part by itself which refers to the one before it.
const itself = 0.85

// bestAfter gives the entry that surely answers a part of a message, by itself or with the part before it: with that first where it refers
// to something ("¿lo puedo ir a ver?").
func (o *Responder) bestAfter(ctx context.Context, before, part string) (knowledge.Hit, bool) {
	if before == "" {
		return o.best(ctx, part)
	}
	if referring.MatchString(part) {
		if hit, sure := o.index.Following(before, language.Read(part)); sure {
			return hit, true
		}
		hit, sure := o.best(ctx, part)
		return hit, sure && hit.Score >= itself
	}
	if hit, sure := o.best(ctx, part); sure {
		return hit, true
	}
	return o.index.Following(before, language.Read(part))
}

// asksAnything reports whether a text has a question, with or without its mark.
func asksAnything(text string) bool {
	return strings.ContainsAny(text, "¿?") || asking.MatchString(text)
}

// lacking gives those parts of a message of which an entry has nothing: the others it answers with the whole.
func (o *Responder) lacking(hit knowledge.Hit, parts []string) (rest []string) {
	for _, part := range parts {
		if o.index.Lacks(hit, language.Read(part)) {
			rest = append(rest, part)
		}
	}
	return rest
}

// oneOf reports whether the entry that a whole message is about answers one of several questions in it.
func oneOf(whole knowledge.Hit, hits []knowledge.Hit, open []string) bool {
	one := slices.ContainsFunc(hits, func(h knowledge.Hit) bool { return h.Source() == whole.Source() })
	return one && len(hits)+len(open) > 1
}

// some finds the entries that surely answer questions of a message, and the questions that none does; nothing where it has more than that.
// Each line of a burst is taken for a question: what is known of it is answered, whatever else is in it. Open questions are loose that have
// no question mark: they may be a part of another one.
func (o *Responder) some(ctx context.Context, text string) (hits []knowledge.Hit, open, loose []string) {
	before := ""
	burst := strings.Contains(strings.TrimSpace(text), "\n")
	for sentence := range language.Sentences(inContext(text)) {
		asked := burst || strings.ContainsAny(sentence, "¿?")
		for _, part := range questionEnd.Split(sentence, -1) {
			part = strings.Trim(part, " \t¿¡")
			if !asks.MatchString(part) || courtesy.MatchString(part) {
				continue
			}
			hit, sure := o.bestAfter(ctx, before, part)
			switch {
			case unwanted.MatchString(part), len(hits)+len(open)+len(loose) == mostQuestions:
				return nil, nil, nil
			case !sure && asked && len(part) <= longestNamed:
				open = append(open, strings.TrimSpace(part[strings.LastIndex(part, aside)+1:]))
			case !sure && asking.MatchString(part) && len(part) <= longestNamed:
				loose = append(loose, part)
			case !sure:
				return nil, nil, nil
			case !slices.ContainsFunc(hits, func(h knowledge.Hit) bool { return h.Source() == hit.Source() }):
				hits = append(hits, hit)
			}
			before = part
		}
	}
	return hits, open, loose
}

// longestNamed is how long a question is that is repeated to its customer, in bytes.
const longestNamed = 160

// concerning names the questions that have no answer.
var concerning = bot.Text{tania.Spanish: "Sobre «%s»: ", tania.English: "About “%s”: ", tania.Portuguese: "Sobre “%s”: "}

// courtesy asks for nothing.
var courtesy = lazyregexp.New(`(?i)^(?:hola|hi|hello|hey|oi|ol[aá]|buen(?:os|as)? (?:d[ií]as?|tardes?|noches?)|good (?:morning|afternoon|evening)|bom dia|boa (?:tarde|noite)|gracias|muchas gracias|thanks|thank you|obrigad[oa]|por favor|please)$`)
