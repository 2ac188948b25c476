package answer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tania/internal/answer/knowledge"
	"tania/internal/answer/llm/fence"
	"tania/internal/bot"
	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/words"
)

// Built-in texts of a question back.
var (
	askBack = bot.Text{
		tania.Spanish:    "¿Se refiere a una de estas? Responda con el número:",
		tania.English:    "Do you mean one of these? Reply with the number:",
		tania.Portuguese: "Você se refere a uma destas? Responda com o número:",
	}
	pickOne = bot.Text{
		tania.Spanish:    "¿Se refiere a una de estas?",
		tania.English:    "Do you mean one of these?",
		tania.Portuguese: "Você se refere a uma destas?",
	}
	noneOfThese = bot.Text{
		tania.Spanish: "Ninguna de estas", tania.English: "None of these", tania.Portuguese: "Nenhuma destas",
	}
)

// mostChoices is how many choices a customer is given, longestChoice how long each of them is at most, in characters.
//
// A model that does not know has read what the bot has to say. It is doubted where an entry has the part meant of what was asked for.
const (
	mostChoices   = 3
	meant         = 0.5
	longestChoice = 100
)

// askedBack asks what the customer means in place of an answer that is not known, where the bot has entries that they may mean.
func (a *Answerer) askedBack(ctx context.Context, made Answer, q Question, lang tania.Language) Answer {
	if !a.mayAsk(q) {
		return made
	}
	least := 0.0
	if made.Usage.Calls > 0 {
		least = meant
	}
	hits := a.index.Likely(readingOf(q), lastOf(q.History, tania.FromCustomer), a.meaning(ctx, q), least, mostChoices)
	choices := a.choices(hits, lang)
	if len(choices) == 0 || repeats(q.AskedBack, choices) {
		return made
	}
	return a.asking(made, choices, lang)
}

// mayAsk reports whether a customer may be asked back: one who is annoyed, or has just been asked, is not.
func (a *Answerer) mayAsk(q Question) bool {
	return a.bot.AsksBack && q.Chosen == nil && !q.OfferHuman && !q.Within
}

// ambiguous asks back, without a call of the model, where a short question is about two entries alike.
func (a *Answerer) ambiguous(q Question, lang tania.Language) (Answer, bool) {
	if !a.mayAsk(q) || !a.options.Translates || q.Route != tania.RouteModel || len(q.About) > 0 {
		return Answer{}, false
	}
	choices := a.choices(a.index.Rivals(readingOf(q), mostChoices), lang)
	if len(choices) < 2 || repeats(q.AskedBack, choices) {
		return Answer{}, false
	}
	return a.asking(Answer{}, choices, lang), true
}

// asking is an answer that asks back.
func (a *Answerer) asking(made Answer, choices []tania.Choice, lang tania.Language) Answer {
	lines := []string{a.text(a.bot.AskBack, askBack, lang)}
	for i, c := range choices {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, c.Title))
	}
	none := a.text(a.bot.NoneOfThese, noneOfThese, lang)
	lines = append(lines, fmt.Sprintf("%d. %s", len(choices)+1, none))
	made.Text, made.Known, made.Sources, made.Choices = strings.Join(lines, "\n"), false, nil, choices
	made.Pick, made.NoneOfThese = a.text(a.bot.PickOne, pickOne, lang), none
	return made
}

// choices are entries as a customer is told them: those that have a name, each name once.
func (a *Answerer) choices(hits []knowledge.Hit, lang tania.Language) (choices []tania.Choice) {
	for _, h := range hits {
		r, _ := a.bot.Reference(h.Source())
		title := []rune(Title(r, lang))
		if len(title) > longestChoice {
			title = append(title[:longestChoice-1], '…')
		}
		c := tania.Choice{Source: h.Source(), Title: string(title)}
		if c.Title == "" || slices.ContainsFunc(choices, func(have tania.Choice) bool { return words.Fold(have.Title) == words.Fold(c.Title) }) {
			continue
		}
		choices = append(choices, c)
	}
	return choices
}

// repeats reports whether the customer was offered one of the choices before: a matter is asked back about once.
func repeats(before []tania.AskedBack, choices []tania.Choice) bool {
	return slices.ContainsFunc(before, func(asked tania.AskedBack) bool {
		return slices.ContainsFunc(asked.Choices, func(had tania.Choice) bool {
			return slices.ContainsFunc(choices, func(c tania.Choice) bool { return c.Source == had.Source })
		})
	})
}

// Title is that of a reference on one line, in the customer's language where it has one in it.
func Title(r bot.Reference, lang tania.Language) string {
	if len(r.Titles) == 0 {
		return ""
	}
	spoken := slices.IndexFunc(r.Titles, func(t string) bool { return language.Detect(t) == lang })
	return strings.Join(strings.Fields(r.Titles[max(spoken, 0)]), " ")
}

// chosen answers who chose when they were asked back: with the entries as they are written or, where nothing was meant, that it is not
// known. It reports false where nobody chose, where an entry is gone, and where what is written is to be put in other words: that of a
// passage, or in another language.
func (a *Answerer) chosen(q Question, lang tania.Language, reworded bool) (Answer, bool) {
	if q.Chosen == nil {
		return Answer{}, false
	}
	if len(q.Chosen.Choices) == 0 {
		return a.notKnown(Answer{}, lang), true
	}
	made := Answer{Known: true}
	var texts []string
	for _, c := range q.Chosen.Choices {
		h, ok := a.index.Entry(c.Source, language.Read(q.Chosen.Question))
		if !ok || reworded && (h.FAQ == nil || !h.FAQ.Answer.SpokenIn(lang, cmp.Or(a.bot.Language, tania.Spanish))) {
			return Answer{}, false
		}
		text := h.Excerpt
		if h.FAQ != nil {
			text = h.FAQ.Answer.In(lang, a.bot.Language)
		}
		if strings.TrimSpace(text) == "" {
			return Answer{}, false
		}
		texts, made.Sources = append(texts, text), append(made.Sources, c.Source)
	}
	made.Text = strings.Join(texts, "\n\n")
	return made, true
}

// choosing tells the model what the customer chose, nil for nothing.
func choosing(c *Chosen) []string {
	if c == nil {
		return nil
	}
	var titles []string
	for _, choice := range c.Choices {
		titles = append(titles, choice.Title)
	}
	return []string{"You asked the customer back what they mean, and the message below is their choice. Answer what they had asked, from the " +
		"entries of the knowledge that they chose:\n" + fence.Enclose(quotedTag, shortened(c.Question, longestQuote)+"\n-> "+strings.Join(titles, "; "))}
}
