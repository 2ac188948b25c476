package dashboard

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/operator"
	"tania/internal/questions"
	"tania/internal/tania"
)

// groupsShown is how many groups of questions the list holds at most.
const groupsShown = 100

// longestListed is how much of a question the list shows, in characters.
const longestListed = 300

// questions lists what customers wanted and the bot missed. What is no filter lists all.
func (d *Dashboard) questions(w http.ResponseWriter, r *http.Request) {
	f, err := questions.FilterOf(r.URL.Query())
	if err != nil {
		f = questions.Filter{}
	}
	asked, err := operator.LocalQuestions(d.Engine, d.Mask).Questions(r.Context(), f)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	v := pages.Questions{
		Filter: f, Inboxes: asked.Inboxes, Groups: asked.Groups[:min(groupsShown, len(asked.Groups))], All: int64(len(asked.Groups)),
		Of: asked.Of, Older: asked.More,
	}
	for _, g := range v.Groups {
		if runes := []rune(g.Questions[0].Text); len(runes) > longestListed {
			g.Questions[0].Text = string(runes[:longestListed]) + "…"
		}
	}
	d.render(w, r, http.StatusOK, element.Page{Title: "questions.title", Here: "/questions", Content: v})
}

// question shows a question with those that ask the same.
func (d *Dashboard) question(w http.ResponseWriter, r *http.Request) {
	key, err := tania.ParseConversationKey(r.PathValue("account") + ":" + r.PathValue("id"))
	message, errID := strconv.ParseInt(r.PathValue("message"), 10, 64)
	if err != nil || errID != nil {
		d.refuse(w, r, http.StatusNotFound, "no_question")
		return
	}
	group, err := d.alike(r.Context(), key, tania.MessageID(message))
	switch {
	case err != nil:
		d.failed(w, r, err)
	case len(group.Questions) == 0:
		d.refuse(w, r, http.StatusNotFound, "no_question")
	default:
		d.render(w, r, http.StatusOK, element.Page{
			Title: "question.title", Here: "/questions", Content: pages.Question{Group: group, Chatwoot: d.Chatwoot},
		})
	}
}

// alike gives a question with those that ask the same, nothing where it is none of those that the bot missed lately.
func (d *Dashboard) alike(ctx context.Context, key tania.ConversationKey, message tania.MessageID) (questions.Group, error) {
	local := operator.LocalQuestions(d.Engine, d.Mask)
	for _, f := range []questions.Filter{{}, {Miss: tania.MissWantedHuman}} {
		asked, err := local.Questions(ctx, f)
		if err != nil {
			return questions.Group{}, err
		}
		for _, g := range asked.Groups {
			if slices.ContainsFunc(g.Questions, func(q questions.Question) bool { return q.Key == key && q.Message == message }) {
				return g, nil
			}
		}
	}
	return questions.Group{}, nil
}
