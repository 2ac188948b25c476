package answer

import (
	"context"

	"tania/internal/answer/llm"
)

// WithoutModel makes the reply to a question that no model answers now: what FAQ or knowledge certainly say, or the handoff that the
// customer agreed to. It reports false where neither is certain. The answer counts as a fallback's, so that it is not kept.
func (a *Answerer) WithoutModel(ctx context.Context, q Question) (Answer, bool) {
	lang := a.language(q.Language)
	if made, ok := a.chosen(q, lang, false); ok {
		made.Text, made.Language, made.Fallback = a.fill(made.Text, q.Contact, lang), lang, true
		return made, true
	}
	r, err := a.offline().Respond(ctx, llm.Prompt{History: q.History, Text: q.Text, Language: lang})
	if err != nil || !r.Known {
		return Answer{}, false
	}
	made := Answer{Text: a.fill(r.Text, q.Contact, lang), Language: lang, Known: true, Handoff: r.Handoff, Sources: r.Sources, Fallback: true}
	return made, true
}
