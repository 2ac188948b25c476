// Package offline answers without a model: from FAQ and knowledge, by the likeness of texts.
package offline

import (
	"context"
	"strings"

	"tania/internal/answer/knowledge"
	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// Options configure New. Bot is required: its FAQ and Knowledge hold the answers, its Unknown is said when nothing
// is known and should offer a human.
type Options struct {
	Bot *bot.Bot
	// Index finds the bot's entries; nil: they are prepared in memory.
	Index *knowledge.Index
	// Meaning gives what a question means by the model that the index has learned from, none where it cannot be told; nil: words alone decide.
	Meaning func(ctx context.Context, text string) embedding.Vector
}

// Responder answers from FAQ and knowledge by text similarity: no key, no network, the same answer to the same question.
// It would rather not know than guess. It is safe for concurrent use.
type Responder struct {
	bot     *bot.Bot
	index   *knowledge.Index
	meaning func(ctx context.Context, text string) embedding.Vector
}

// New builds the index where none is given. The bot must not be changed afterwards.
func New(o Options) *Responder {
	if o.Index == nil {
		o.Index = knowledge.New(o.Bot.FAQ, o.Bot.Knowledge, o.Bot.Language)
	}
	if o.Meaning == nil {
		o.Meaning = func(context.Context, string) embedding.Vector { return embedding.Vector{} }
	}
	return &Responder{bot: o.Bot, index: o.Index, meaning: o.Meaning}
}

// Respond fails only when the context is done.
func (o *Responder) Respond(ctx context.Context, p llm.Prompt) (llm.Response, error) {
	if err := ctx.Err(); err != nil {
		return llm.Response{}, err
	}
	if o.accepts(p) {
		return llm.Response{Handoff: &llm.Handoff{Reason: "the customer accepted the offer of a human"}, Known: true}, nil
	}
	read := p.Reading
	if read == nil || read.Text != p.Text {
		read = language.Read(p.Text)
	}
	hit, sure := o.index.Best(read, o.meaning(ctx, p.Text))
	if before := previousQuestion(p.History); before != "" && leansBack(p.Text) {
		if joined, ok := o.index.Following(before, read); ok && (!sure || joined.Score > hit.Score) {
			hit, sure = joined, true
		}
	}
	hits, open := []knowledge.Hit{hit}, []string(nil)
	if !sure || unwanted.MatchString(p.Text) || o.leaves(p.Text, hit) {
		if hits, sure = o.each(ctx, p.Text); !sure {
			return o.partly(ctx, p.Text, p.Language), nil
		}
	} else if some, rest, loose := o.some(ctx, p.Text); oneOf(hit, some, append(rest, o.lacking(hit, loose)...)) {
		hits, open = some, append(rest, o.lacking(hit, loose)...)
	}
	if len(open) > 0 {
		return o.partly(ctx, p.Text, p.Language), nil
	}
	var texts, sources []string
	for _, h := range hits {
		text := o.said(h, p.Language)
		if text == "" {
			return llm.Response{Text: o.unknown(p.Language)}, nil
		}
		texts, sources = append(texts, text), append(sources, h.Source())
	}
	return llm.Response{Text: strings.Join(texts, "\n\n"), Known: true, Sources: sources}, nil
}

// said is the text of an entry.
func (o *Responder) said(h knowledge.Hit, lang tania.Language) string {
	if h.FAQ != nil {
		return h.FAQ.Answer.In(lang, o.bot.Language)
	}
	return h.Excerpt
}

var unknown = bot.Text{
	tania.Spanish:    "No tengo esa información. ¿Quiere que le comunique con una persona del equipo?",
	tania.English:    "I don't have that information. Would you like me to connect you with a person from the team?",
	tania.Portuguese: "Não tenho essa informação. Quer que eu passe você para uma pessoa da equipe?",
}

func (o *Responder) unknown(lang tania.Language) string {
	if s := o.bot.Unknown.In(lang, o.bot.Language); s != "" {
		return s
	}
	return unknown.In(lang, o.bot.Language)
}

var (
	// A follow-up needs what was asked before it: it begins with "and", or points back.
	continues = lazyregexp.New(`(?i)^[\s¿¡]*(?:y|e|and|pero|but|mas|tambi[eé]n|tamb[eé]m|also|what about|how about|qu[eé] tal)\s`)
	pointing  = lazyregexp.New(`(?i)(?:^|[^\p{L}])(?:eso|esto|esa|ese|ah[ií]|all[ií]|entonces|it|that|there|then|isso|esse|essa|ent[aã]o)(?:[^\p{L}]|$)`)
	yes       = lazyregexp.New(`(?i)^[\s¡!]*(?:s[ií]|sip?|claro(?: que s[ií])?|dale|ok(?:ay|ey)?|va|por favor|de acuerdo|yes|yeah|yep|yup|sure|please|sim|pode ser|quero|quiero|bueno|est[aá] bien)(?:[\s,.!]+(?:por favor|porfa(?:vor)?|gracias|please|thanks|thank you|obrigad[oa]|quiero|quero|claro|dale))*[\s.!]*$`)
)

// longestFollowUp is in words: a longer text says itself what it is about.
const longestFollowUp = 7

func leansBack(text string) bool {
	return len(strings.Fields(text)) <= longestFollowUp && (continues.MatchString(text) || pointing.MatchString(text))
}

// previousQuestion is the customer's newest text of the history that is no follow-up itself.
func previousQuestion(history []tania.Entry) string {
	for i := len(history) - 1; i >= 0; i-- {
		if e := history[i]; e.From == tania.FromCustomer && !leansBack(e.Text) {
			return e.Text
		}
	}
	return ""
}

// accepts reports whether the customer says yes to the bot's offer of a human.
func (o *Responder) accepts(p llm.Prompt) bool {
	if len(p.History) == 0 || !yes.MatchString(strings.TrimSpace(p.Text)) {
		return false
	}
	last := p.History[len(p.History)-1]
	if last.From != tania.FromBot {
		return false
	}
	for _, offer := range []bot.Text{o.bot.Unknown, o.bot.OfferHuman, unknown} {
		for _, text := range offer {
			if part := longestPart(text); part != "" && strings.Contains(squeezed(last.Text), part) {
				return true
			}
		}
	}
	return false
}

var placeholder = lazyregexp.New(`\{\w+\}`)

// longestPart is what of a text does not depend on the names that were put into it.
func longestPart(text string) string {
	longest := ""
	for _, part := range placeholder.Split(text, -1) {
		if part = squeezed(part); len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

// squeezed forgives what channels do to a text's spaces.
func squeezed(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
