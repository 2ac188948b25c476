package answer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tania/internal/answer/knowledge"
	"tania/internal/answer/llm"
	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/guard"
	"tania/internal/pii/placeholder"
	"tania/internal/tania"
)

// Options configure New. Bot and Responder are required.
type Options struct {
	Bot *bot.Bot
	// Index finds the bot's entries; nil: they are prepared in memory.
	Index     *knowledge.Index
	Responder llm.Responder
	// Translates reports whether the responder writes in the customer's language whatever the language of the knowledge, as a model does: an
	// FAQ's answer that is written in another one then goes through it.
	Translates bool
	// Meaning gives what a question means by the model that Learn is given, in bounded time, none where it cannot be told; nil: entries are
	// found by words alone.
	Meaning func(ctx context.Context, text string) embedding.Vector
	// Now tells the model the date and the time of day; time.Now when nil.
	Now func() time.Time
	// Location is the time zone in which both are given, UTC when nil.
	Location *time.Location
	// ContextTokens is how much the model reads and writes in one answer, DefaultContextTokens when 0: a quarter of it is for knowledge.
	// Context gives what was learnt since, 0 for nothing; nil: nothing is.
	ContextTokens int
	Context       func() int
	// HistoryTokens bounds the history in a prompt, 1500 when 0.
	HistoryTokens int
}

// DefaultContextTokens has room for about 8,000 characters of knowledge.
const DefaultContextTokens = 10_000

// Knowledge has this part of the model's context, and no more than mostKnowledge tokens: what is paid for each answer should bear on it.
const (
	knowledgePart = 4
	mostKnowledge = 16_000
)

// Answerer makes the text of a reply. It is safe for concurrent use.
type Answerer struct {
	options Options
	bot     *bot.Bot
	index   *knowledge.Index
	// instructions are those that no customer is to read.
	instructions *guard.Recital
	// own are the bot's texts, and sources its entries, as replies are checked against them: each is read when it is first needed.
	own     func() []*guard.Source
	sources sync.Map
	// amount is how many tokens all that the bot knows has, counted as far as mostKnowledge.
	amount func() int
	faq    map[string]*bot.FAQ
	// prints are made when an answer is first kept, or one of an earlier version looked at.
	prints func() *prints
	// offline answers while no model does; it is made when it is first needed.
	offline func() *offline.Responder
}

// New prepares the bot's knowledge. The bot must not be changed afterwards.
func New(o Options) *Answerer {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.ContextTokens == 0 {
		o.ContextTokens = DefaultContextTokens
	}
	if o.HistoryTokens == 0 {
		o.HistoryTokens = 1500
	}
	if o.Index == nil {
		o.Index = knowledge.New(o.Bot.FAQ, o.Bot.Knowledge, o.Bot.Language)
	}
	a := &Answerer{
		options: o, bot: o.Bot, index: o.Index,
		instructions: guard.NewRecital(o.Bot.Persona, rules, llm.CustomerRule, llm.HandoffMarkRule, placeholder.Rule),
		faq:          make(map[string]*bot.FAQ, len(o.Bot.FAQ)),
		prints:       sync.OnceValue(func() *prints { return newPrints(o.Bot) }),
		offline: sync.OnceValue(func() *offline.Responder {
			return offline.New(offline.Options{Bot: o.Bot, Index: o.Index, Meaning: o.Meaning})
		}),
	}
	a.amount, a.own = sync.OnceValue(a.countAll), sync.OnceValue(a.ownTexts)
	for i := range o.Bot.FAQ {
		a.faq[o.Bot.FAQ[i].ID] = &o.Bot.FAQ[i]
	}
	return a
}

// Learn has what the bot knows found by what it means too, with vectors of an encoder; until it returns, by words alone where many are to
// be made. Without Meaning there is nothing to learn. After an error that stays so, and Learn may be called again.
func (a *Answerer) Learn(ctx context.Context, by knowledge.Encoder) error {
	if a.options.Meaning == nil {
		return nil
	}
	if err := a.index.Learn(ctx, by); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// Answer makes the reply to a question by its route: a quick reply or an FAQ's answer from bot.yaml, else the responder's.
// A refusal of the model, also one in words, is answered with the bot's unknown text. With an error, which is the responder's, the Answer
// holds the usage that was paid for.
func (a *Answerer) Answer(ctx context.Context, q Question) (Answer, error) {
	lang := a.language(q.Language)
	made, ok := a.chosen(q, lang, a.options.Translates)
	// What comes with a file is not answered as if it came alone, where a model can be told of it.
	whole := !a.options.Translates || !slices.ContainsFunc(q.Messages, Attached)
	if !ok && whole {
		made, ok = a.fixed(q, lang)
	}
	if !ok && whole {
		made, ok = a.ambiguous(q, lang)
	}
	if !ok {
		var err error
		if made, err = a.ask(ctx, q, lang); err != nil {
			return made, err
		}
	}
	made.Language = lang
	made.Text = a.fill(made.Text, q.Contact, lang)
	if q.OfferHuman && made.Known && made.Handoff == nil {
		offer := a.fill(a.text(a.bot.OfferHuman, offerHuman, lang), q.Contact, lang)
		made.Text = withOffer(made.Text, offer)
	}
	return made, nil
}

// Understands reports whether a model answers, and not the offline responder.
func (a *Answerer) Understands() bool { return a.options.Translates }

// fixed gives the answers that bot.yaml has word for word.
func (a *Answerer) fixed(q Question, lang tania.Language) (Answer, bool) {
	switch q.Route {
	case tania.RouteGreeting:
		return Answer{Text: a.text(a.bot.Greeting, greeting, lang), Known: true}, true
	case tania.RouteThanks:
		return Answer{Text: a.text(a.bot.Thanks, thanks, lang), Known: true}, true
	case tania.RouteFarewell:
		return Answer{Text: a.text(a.bot.Farewell, farewell, lang), Known: true}, true
	case tania.RouteFAQ:
		if f := a.faq[q.FAQ]; f != nil && (!a.options.Translates || f.Answer.SpokenIn(lang, cmp.Or(a.bot.Language, tania.Spanish))) {
			if text := f.Answer.In(lang, a.bot.Language); strings.TrimSpace(text) != "" {
				return Answer{Text: text, Known: true, Sources: []string{"faq:" + f.ID}}, true
			}
		}
	}
	return Answer{}, false
}

var errEmpty = errors.New("answer: the responder gave neither text nor handoff")

// ask has the responder answer from knowledge.
func (a *Answerer) ask(ctx context.Context, q Question, lang tania.Language) (Answer, error) {
	prompt, given := a.prompt(ctx, q, lang)
	r, err := a.respond(ctx, &prompt, q)
	made := Answer{Usage: r.Usage, Notes: r.Notes, Acted: len(prompt.Steps) > 0}
	if errors.Is(err, llm.ErrRefused) { // a retry would be refused too
		made.Text = a.text(a.bot.Unknown, offerHuman, lang)
		return untold(made, q), nil
	}
	if err != nil {
		return made, fmt.Errorf("answer: %w", err)
	}
	made, err = a.checked(ctx, made, r, prompt, given, q, lang)
	if err == nil && r.Usage.Calls > 0 {
		made, err = a.guarded(ctx, made, prompt, given, q, lang)
	}
	return untold(made, q), err
}

// checked is what the responder gave as an answer that may be said.
func (a *Answerer) checked(
	ctx context.Context, made Answer, r llm.Response, prompt llm.Prompt, given *numbered, q Question, lang tania.Language,
) (Answer, error) {
	made.Text, made.Known = withoutMark(r.Text, r.Known)
	made.Handoff, made.Truncated, made.Fallback, made.Sources, made.Personal = r.Handoff, r.Truncated, r.Fallback, r.Sources, r.Personal
	modelled := r.Usage.Calls > 0
	if modelled {
		made = a.cite(made, given)
	}
	refused := made.Handoff == nil && onlyRefuses(made.Text)
	if refused {
		made = a.notKnown(made, lang)
	}
	if a.instructions.In(made.Text) {
		// The customer got the model to recite; the answer is that of a question it cannot answer.
		made = a.notKnown(made, lang)
		made.Withheld = true
	}
	switch {
	case made.Text != "" || made.Handoff != nil:
	case made.Known:
		return made, errEmpty
	default:
		made = a.notKnown(made, lang)
	}
	unsure := made.Handoff == nil && !made.Known && !made.Withheld
	if unsure && len(made.Sources) == 0 && !refused && !made.Acted {
		made = a.askedBack(ctx, made, q, lang)
	}
	if !modelled || !made.Known || made.Handoff != nil {
		return made, nil
	}
	if len(made.Sources) == 0 {
		made.Sources = a.bearing(made.Text, q, given)
	}
	if len(given.held) > 0 && !made.Acted { // what a tool gave bears out what no entry does
		made = a.disbelieved(made, q, given, lang)
	}
	return made, nil
}

// notKnown puts the bot's own text for not knowing in place of an answer.
func (a *Answerer) notKnown(made Answer, lang tania.Language) Answer {
	made.Text, made.Known, made.Sources = a.text(a.bot.Unknown, offerHuman, lang), false, nil
	return made
}

func withOffer(text, offer string) string {
	if strings.Contains(text, offer) {
		return text
	}
	return strings.TrimSpace(text + "\n\n" + offer)
}
