package answer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tania/internal/answer/knowledge"
	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/guard"
	"tania/internal/guard/promise"
	"tania/internal/tania"
)

// complaints tell a model why its reply was not sent. They hold nothing of what customers write.
var complaints = map[tania.GuardReason]string{
	tania.GuardForbidden:  "it used a word that you must not use",
	tania.GuardPersonal:   "it showed the number of a card, an account or a person; never repeat one",
	tania.GuardOthersData: "it gave an e-mail address or a telephone number that is neither the customer's nor the business's",
	tania.GuardLanguage:   "it was not in the customer's language",
	tania.GuardPromise: "it said that something was done, or promised something, that no tool did and no knowledge says; " +
		"call the tool for it, or call handoff, or say what the customer can do",
	tania.GuardFacts: "it gave a price, number, date, time or another fact that does not stand in the knowledge, in what tools gave or in the conversation",
}

// guarded checks a reply of the model before it is said. One that must not be is asked for once more, with the complaint; where that one
// must not be said either, the bot does not know.
func (a *Answerer) guarded(
	ctx context.Context, made Answer, p llm.Prompt, given *numbered, q Question, lang tania.Language,
) (Answer, error) {
	found := a.findings(made, p, given, q, lang)
	if len(found) == 0 {
		return made, nil
	}
	reason := found[0].Reason
	again := complaining(p, found)
	r, err := a.rounds(ctx, &again, q)
	second := Answer{
		Usage: made.Usage.Add(r.Usage), Acted: len(again.Steps) > 0, Held: reason,
		Notes: append(append(slices.Clone(made.Notes), r.Notes...), fmt.Sprintf("a reply was held (%s) and asked for again", held(found))),
	}
	if err == nil {
		notes := second.Notes
		second, err = a.checked(ctx, second, r, again, given, q, lang)
		if second.Held = reason; err == nil {
			if found = a.findings(second, again, given, q, lang); len(found) == 0 {
				return second, nil
			}
		}
		second.Notes = notes
	}
	if err != nil && !modelFailed(err) {
		return second, err
	}
	// A model that fails now has answered once; its customer waits for no third try.
	second.Handoff, second.HeldBack = nil, true
	second.Notes = append(second.Notes, fmt.Sprintf("no reply could be said (%s)", held(found)))
	return a.notKnown(second, lang), nil
}

// modelFailed reports whether an error is the model's, and not that of a tool or of somebody who does not wait.
func modelFailed(err error) bool {
	return errors.Is(err, llm.ErrBudget) || errors.Is(err, llm.ErrRefused) || errors.Is(err, llm.ErrUnavailable) || errors.Is(err, errEmpty)
}

// held names what a reply was held for, each reason once.
func held(found []guard.Finding) string {
	var names []string
	for _, f := range found {
		name := string(f.Reason)
		if f.Reason == tania.GuardFacts && harmless(f.Words) || f.Reason == tania.GuardForbidden {
			name += fmt.Sprintf(": %q", f.Words)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// complaining is a prompt that says why the reply to it was not sent.
func complaining(p llm.Prompt, found []guard.Finding) llm.Prompt {
	var why []string
	for _, f := range found {
		text := complaints[f.Reason]
		if f.Reason == tania.GuardFacts && harmless(f.Words) {
			text += fmt.Sprintf(" (%q)", f.Words)
		}
		if text != "" && !slices.Contains(why, text) {
			why = append(why, text)
		}
	}
	complaint := "\n\nYour last reply to this message was not sent to the customer: " + strings.Join(why, "; ") + ". Write another one, without that."
	p.System += complaint
	if shorter := p.Shorter; shorter != nil {
		p.Shorter = func(share float64) string { return shorter(share) + complaint }
	}
	return p
}

// harmless reports whether words that a model wrote may be told to it, and logged: those of a customer may be among them, and a number that
// is somebody's.
func harmless(words string) bool {
	figures := 0
	for _, r := range words {
		if unicode.IsDigit(r) {
			figures++
		}
	}
	return len(words) <= 24 && len(strings.Fields(words)) <= 3 && figures > 0 && figures < 7 && !strings.ContainsRune(words, '@')
}

// findings are what is wrong with a reply of the model. Where the bot knows nothing and has called no tool, facts have nothing to stand in.
func (a *Answerer) findings(made Answer, p llm.Prompt, given *numbered, q Question, lang tania.Language) (found []guard.Finding) {
	if made.Withheld || made.Text == "" || made.Text == a.text(a.bot.Unknown, offerHuman, lang) || len(made.Choices) > 0 {
		return nil
	}
	q.Earlier = nil // a customer wrote it, and nobody checked it
	r := guard.Reply{
		Text: made.Text, Language: a.wanted(q, lang), Forbidden: a.bot.Forbidden, Handover: promise.None, Own: true,
		Sources: append(slices.Clone(a.own()), guard.NewSource(a.told(q))),
	}
	if made.Handoff != nil {
		r.Handover = promise.Made
	}
	for _, h := range given.held {
		r.Sources = append(r.Sources, a.sourceOf(h))
	}
	if !q.timeless {
		now := a.options.Now().In(a.options.Location)
		r.Sources = append(r.Sources, guard.NewSource(now.Format("Monday, 2 January 2006, 15:04")))
	}
	for _, step := range p.Steps {
		for _, c := range step.Calls {
			r.Sources = append(r.Sources, guard.NewResult(c.Tool+" "+c.Result))
		}
	}
	for _, e := range p.History {
		r.Conversation = append(r.Conversation, guard.Said{From: e.From, Text: e.Text})
	}
	r.Conversation = append(r.Conversation, guard.Said{From: tania.FromCustomer, Text: p.Text})
	found = guard.Check(r)
	if len(given.held) == 0 && len(p.Steps) == 0 {
		found = slices.DeleteFunc(found, func(f guard.Finding) bool { return f.Reason == tania.GuardFacts || f.Reason == tania.GuardOthersData })
	}
	return found
}

// wanted is the language that a reply has to be in, empty where any may be: a bot of all languages writes in the customer's, which need not
// be one that is told apart.
func (a *Answerer) wanted(q Question, lang tania.Language) tania.Language {
	spoken := readingOf(q).Language()
	if spoken != lang && (len(a.bot.Languages) == 0 || slices.Contains(a.bot.Languages, spoken)) {
		return ""
	}
	return lang
}

// ownTexts are those of the bot itself.
func (a *Answerer) ownTexts() []*guard.Source {
	texts := []string{a.bot.Name, a.bot.Business, a.bot.Persona}
	for _, t := range []bot.Text{
		a.bot.Greeting, a.bot.Thanks, a.bot.Farewell, a.bot.Handoff, a.bot.OfferHuman, a.bot.OutsideHours, a.bot.Apology, a.bot.Late,
	} {
		for _, text := range t {
			texts = append(texts, text)
		}
	}
	return []*guard.Source{guard.NewSource(strings.Join(texts, "\n"))}
}

// sourceOf is an entry as replies are checked against it. It is read once.
func (a *Answerer) sourceOf(h knowledge.Hit) *guard.Source {
	var key any = h.Passage
	if h.FAQ != nil {
		key = h.FAQ
	}
	if s, ok := a.sources.Load(key); ok {
		return s.(*guard.Source)
	}
	var text string
	if h.FAQ != nil {
		text = strings.Join(append(h.FAQ.Texts(), h.FAQ.URL), "\n")
	} else {
		text = strings.Join([]string{h.Passage.Title, h.Passage.Text, h.Passage.URL}, "\n")
	}
	s := guard.NewSource(text)
	a.sources.Store(key, s)
	return s
}
