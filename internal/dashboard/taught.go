package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tania/internal/audit"
	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/queue"
)

// taughtPage is the address of what the bots were taught.
const taughtPage = "/teach"

// lessons lists what the bots were taught.
func (d *Dashboard) lessons(w http.ResponseWriter, r *http.Request) {
	_, all, err := versions.Lessons(r.Context(), d.Engine)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	page := element.Page{Title: "taught.title", Here: "/questions", Content: pages.Taught{Bots: all}}
	page.Done, page.DoneCount = doneOf(r, "taught", "untaught")
	d.render(w, r, http.StatusOK, page)
}

// showLesson is the form of an entry, empty for a new one.
func (d *Dashboard) showLesson(w http.ResponseWriter, r *http.Request) {
	v, ok := d.lessonForm(w, r)
	if !ok {
		return
	}
	d.render(w, r, http.StatusOK, lessonPage(v))
}

// lessonForm is the form for an entry that no question is shown beside: a new one, or the one that the address names. It reports false when
// it has answered that there is none.
func (d *Dashboard) lessonForm(w http.ResponseWriter, r *http.Request) (v pages.Teach, ok bool) {
	name, id := r.PathValue("bot"), r.PathValue("id")
	number, all, err := versions.Lessons(r.Context(), d.Engine)
	if err != nil {
		d.failed(w, r, err)
		return v, false
	}
	v = pages.Teach{Action: taughtPage + "/new", Bots: d.taughtAlone(), CanTry: d.Bot.Compare != nil}
	v.Of, v.Ready = number, !v.CanTry
	if id == "" {
		name = r.FormValue("bot")
		d.teaches(&v, name)
		return v, true
	}
	for _, one := range all {
		at := slices.IndexFunc(one.Lessons, func(l bot.Lesson) bool { return l.ID == id })
		if one.Bot != name || at < 0 {
			continue
		}
		l := one.Lessons[at]
		v.Action, v.Bots, v.ID = pages.LessonPath(name, id), nil, id
		d.teaches(&v, name)
		v.Gone = v.Bot != name // it has no such bot any more, or the bot no file of its own
		v.Bot = name
		v.Questions, v.Keywords = strings.Join(l.Questions, "\n"), strings.Join(l.Keywords, "\n")
		v.Answer, v.Language = l.Answer, l.Language
		return v, true
	}
	d.refuse(w, r, http.StatusNotFound, "no_lesson")
	return v, false
}

func lessonPage(v pages.Teach) element.Page {
	page := element.Page{Title: "taught.new", Here: "/questions", Content: v}
	if v.ID != "" {
		page.Title, page.Subtitle = "taught.one", v.ID
	}
	return page
}

// changeLesson tries, publishes or takes back an entry.
func (d *Dashboard) changeLesson(w http.ResponseWriter, r *http.Request) {
	describeTeaching(w, r)
	if r.PostFormValue("do") == "remove" && r.PathValue("id") != "" {
		d.unteach(w, r)
		return
	}
	v, ok := d.lessonForm(w, r)
	if !ok {
		return
	}
	if v.Gone {
		d.render(w, r, http.StatusConflict, lessonPage(v))
		return
	}
	d.submit(w, r, teaching{Teach: v, id: v.ID, account: d.Account, page: lessonPage, back: taughtPage})
}

// unteach publishes a version without an entry, where the one that was seen is current still.
func (d *Dashboard) unteach(w http.ResponseWriter, r *http.Request) {
	name, id := r.PathValue("bot"), r.PathValue("id")
	draft, err := versions.DraftWithout(r.Context(), d.Engine, name, id)
	switch {
	case errors.Is(err, bot.ErrNoLesson), errors.Is(err, versions.ErrNoBot):
		d.refuse(w, r, http.StatusNotFound, "no_lesson")
		return
	case err != nil:
		d.failed(w, r, err)
		return
	}
	var published queue.BotVersion
	by := session.By(r)
	if err = queue.ErrNotCurrent; r.PostFormValue("of") == strconv.Itoa(draft.Of) {
		published, err = draft.Publish(r.Context(), d.Engine, by, "no longer taught: "+id)
	}
	if errors.Is(err, queue.ErrNotCurrent) {
		v, ok := d.lessonForm(w, r)
		if !ok {
			return
		}
		if err := d.conflict(r.Context(), &v); err != nil {
			d.failed(w, r, err)
			return
		}
		d.render(w, r, http.StatusConflict, lessonPage(v))
		return
	}
	if err != nil {
		d.failed(w, r, err)
		return
	}
	audit.Describe(r.Context(), audit.PublishBot, strconv.Itoa(published.Number))
	d.Log.Info("what a bot was taught was taken back", "bot", name, "entry", id, "version", published.Number, "by", by)
	done := url.Values{"done": {"untaught"}, "n": {strconv.Itoa(published.Number)}}
	http.Redirect(w, r, taughtPage+"?"+done.Encode(), http.StatusSeeOther)
}
