package dashboard

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"tania/internal/bots/versions"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/operator"
	"tania/internal/questions"
	"tania/internal/queue"
	"tania/internal/tania"
)

// groupsShown is how many groups of questions the list holds at most.
const groupsShown = 100

// longestListed is how much of a question the list shows, in characters.
const longestListed = 300

// questions lists what customers wanted and the bot missed. What is no filter is left out, and said.
func (d *Dashboard) questions(w http.ResponseWriter, r *http.Request) {
	f, unread := questions.FilterOf(r.URL.Query())
	asked, err := operator.LocalQuestions(d.Engine, d.Mask).Questions(r.Context(), f)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	v := pages.Questions{
		Filter: f, Inboxes: asked.Inboxes, Groups: asked.Groups[:min(groupsShown, len(asked.Groups))], All: int64(len(asked.Groups)),
		Of: asked.Of, Older: asked.More,
	}
	status := http.StatusOK
	if wrong := (*tania.FilterError)(nil); errors.As(unread, &wrong) {
		status, v.Wrong = http.StatusUnprocessableEntity, wrong.Fields
	}
	for _, g := range v.Groups {
		if runes := []rune(g.Questions[0].Text); len(runes) > longestListed {
			g.Questions[0].Text = string(runes[:longestListed]) + "…"
		}
	}
	page := element.Page{Title: "questions.title", Here: "/questions", Content: v}
	page.Done, page.DoneCount = doneOf(r, "taught")
	d.render(w, r, status, page)
}

// question shows a question with those that ask the same, and the form in which its answer is taught.
func (d *Dashboard) question(w http.ResponseWriter, r *http.Request) {
	group, one, ok := d.asked(w, r)
	if !ok {
		return
	}
	lesson, err := d.lesson(r.Context(), group, one)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	v := pages.Question{Group: group, Chatwoot: d.Chatwoot, Teach: lesson}
	if !v.Teach.CanTry {
		// What cannot be tried may be published at once.
		current, err := d.Engine.BotVersion(r.Context(), versions.Name, 0)
		if err != nil && !errors.Is(err, queue.ErrNotFound) {
			d.failed(w, r, err)
			return
		}
		v.Teach.Of, v.Teach.Ready = current.Number, true
	}
	d.render(w, r, http.StatusOK, questionPage(v))
}

func questionPage(v pages.Question) element.Page {
	return element.Page{Title: "question.title", Here: "/questions", Content: v}
}

// asked gives the question that is asked for, and its group. It reports false when it has answered that there is none.
func (d *Dashboard) asked(w http.ResponseWriter, r *http.Request) (group questions.Group, one questions.Question, ok bool) {
	key, err := tania.ParseConversationKey(r.PathValue("account") + ":" + r.PathValue("id"))
	message, errID := strconv.ParseInt(r.PathValue("message"), 10, 64)
	if err == nil && errID == nil {
		if group, err = d.alike(r.Context(), key, tania.MessageID(message)); err != nil {
			d.failed(w, r, err)
			return group, one, false
		}
	}
	for _, q := range group.Questions {
		if q.Key == key && q.Message == tania.MessageID(message) {
			return group, q, true
		}
	}
	d.refuse(w, r, http.StatusNotFound, "no_question")
	return group, one, false
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
