package dashboard

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/audit"
	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/questions"
	"tania/internal/questions/proposal"
	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/tania"
)

const (
	// triedAlike is how many phrasings of a question a draft is tried on, triedRecent how many of the latest questions of customers; these
	// are looked for among recentRecords decisions.
	triedAlike, triedRecent = 5, 20
	// conversationsLooked is in how many conversations of a group a human's answer is looked for.
	conversationsLooked = 5
	recentRecords       = 1000
	// longestTried bounds what is tried, in characters.
	longestTried = 500
)

// lesson is the form for a question, with those that ask the same filled in. The bot that answers there now is the one that is taught.
func (d *Dashboard) lesson(ctx context.Context, group questions.Group, one questions.Question) (v pages.Teach, err error) {
	name := bot.Main
	if d.Bot.At != nil {
		if name, err = d.Bot.At(ctx, one.Key, one.Inbox); err != nil {
			return v, err
		}
	}
	v = pages.Teach{Action: pages.QuestionPath(one), Language: one.Language, CanTry: d.Bot.Compare != nil}
	d.teaches(&v, name)
	v.Bots = d.taughtAlone()
	if !slices.Contains(v.Languages, v.Language) {
		v.Language = bot.AnyLanguage
	}
	if d.Mask {
		return v, nil
	}
	list, err := d.phrasings(ctx, group, d.public(v.Bot))
	if err != nil {
		return v, err
	}
	v.Questions = strings.Join(list, "\n")
	return v, d.propose(ctx, &v, append([]questions.Question{one}, group.Questions...))
}

// propose fills in what a human answered to the first of the questions to which one did.
func (d *Dashboard) propose(ctx context.Context, v *pages.Teach, asked []questions.Question) error {
	looked := 0
	for _, q := range asked {
		if !q.Answered || looked == conversationsLooked {
			continue
		}
		looked++
		c, err := d.Engine.Conversation(ctx, q.Key)
		if err != nil {
			return err
		}
		if v.Answer = proposal.Answer(&c, q.Message, cmp.Or(q.Language, c.Language), d.public(v.Bot)); v.Answer != "" {
			v.From = q.Key
			return nil
		}
	}
	return nil
}

// taughtAlone are the bots that are taught, none where there is the main one only.
func (d *Dashboard) taughtAlone() (names []string) {
	loaded := d.Bot.Loaded()
	for i := range loaded.Assignments {
		if name := loaded.Assignments[i].Name; d.taughtAs(name) == name {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		names = append([]string{bot.Main}, names...)
	}
	return names
}

// taughtAs is the name that a bot is taught by, the main one's for a bot that is not there.
func (d *Dashboard) taughtAs(name string) string {
	as, _ := d.Bot.Loaded().Named(cmp.Or(name, bot.Main))
	return cmp.Or(as, bot.Main)
}

// teaches makes a bot the one that a form teaches.
func (d *Dashboard) teaches(v *pages.Teach, name string) {
	loaded := d.Bot.Loaded()
	v.Bot, v.Languages = bot.Main, loaded.Languages
	if as, of := loaded.Named(name); of != nil {
		v.Bot, v.Languages = as, of.Languages
	}
}

// public are the texts that a bot tells everybody.
func (d *Dashboard) public(name string) iter.Seq[string] {
	loaded := d.Bot.Loaded()
	if _, of := loaded.Named(name); of != nil {
		return of.Public()
	}
	return loaded.Public()
}

// phrasings are the ways in which a group's question was asked, each in a line, the newest first, without personal data. public are the
// texts that the bot tells everybody.
func (d *Dashboard) phrasings(ctx context.Context, group questions.Group, public iter.Seq[string]) (list []string, err error) {
	for i, q := range group.Questions {
		if len(list) == triedAlike || i == 4*triedAlike {
			break
		}
		c, err := d.Engine.Conversation(ctx, q.Key)
		if err != nil {
			return nil, err
		}
		text := proposal.Of(&c, public).Replace(strings.Join(strings.Fields(q.Text), " "), cmp.Or(q.Language, c.Language))
		if utf8.RuneCountInString(text) <= longestTried && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list, nil
}

// teach tries an answer that somebody wrote to a question, or publishes it.
func (d *Dashboard) teach(w http.ResponseWriter, r *http.Request) {
	describeTeaching(w, r)
	group, one, ok := d.asked(w, r)
	if !ok {
		return
	}
	v, err := d.lesson(r.Context(), group, one)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	if name := r.PostFormValue("bot"); slices.Contains(v.Bots, name) {
		d.teaches(&v, name)
	}
	d.submit(w, r, teaching{
		Teach: v, account: one.Key.Account, back: "/questions",
		page: func(v pages.Teach) element.Page {
			return questionPage(pages.Question{Group: group, Chatwoot: d.Chatwoot, Teach: v})
		},
	})
}

// describeTeaching says what a form that teaches is to do, and gives it the time that a model takes.
func describeTeaching(w http.ResponseWriter, r *http.Request) {
	action := audit.TryBot
	if do := r.PostFormValue("do"); do == "publish" || do == "remove" {
		action = audit.PublishBot
	}
	audit.Describe(r.Context(), action, "") // the conversation's number is a customer's
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(trialPatience))
}

// teaching is a form that was sent, with what to do afterwards.
type teaching struct {
	pages.Teach
	// id is the entry that is changed, "" for a new one.
	id string
	// account is that of the customers as whom drafts are tried.
	account tania.AccountID
	// page shows the form again; back is where one is led when it is published.
	page func(pages.Teach) element.Page
	back string
}

// submit tries what was written, or publishes it.
func (d *Dashboard) submit(w http.ResponseWriter, r *http.Request, f teaching) {
	v := &f.Teach
	v.Questions, v.Keywords, v.Answer, v.Why = r.PostFormValue("questions"), r.PostFormValue("keywords"), r.PostFormValue("answer"),
		strings.TrimSpace(r.PostFormValue("why"))
	v.Language, v.Recent = tania.Language(r.PostFormValue("language")), r.PostFormValue("recent") != ""
	seen, _ := strconv.Atoi(r.PostFormValue("of"))
	draft, err := versions.DraftOf(r.Context(), d.Engine, v.Bot, bot.Lesson{
		ID: f.id, Questions: lines(v.Questions), Keywords: lines(v.Keywords), Answer: v.Answer, Language: v.Language,
	})
	publish := r.PostFormValue("do") == "publish"
	var status int
	switch {
	case errors.As(err, &v.Problems):
		status = http.StatusUnprocessableEntity
	case errors.Is(err, versions.ErrNoBot), errors.Is(err, bot.ErrNoLesson): // by another version, which was published meanwhile
		status = http.StatusConflict
	case err != nil:
		d.failed(w, r, err)
		return
	case (publish || f.id != "") && seen != draft.Of: // an entry that is changed may be another by now
		status = http.StatusConflict
	case !publish:
		v.Of, v.Ready = draft.Of, true
		status = d.tryDraft(r.Context(), v, draft.Bot, f.account)
	case draft.Marked:
		v.Of, v.Ready, v.Problem = draft.Of, true, "teach.marked"
		status = http.StatusUnprocessableEntity
	default:
		if published := d.publish(w, r, v, draft, f.back); published {
			return
		}
		status = http.StatusConflict
	}
	if status == http.StatusConflict {
		if err := d.conflict(r.Context(), v); err != nil {
			d.failed(w, r, err)
			return
		}
	}
	d.render(w, r, status, f.page(*v))
}

func lines(text string) []string { return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") }

// publish makes a draft the current version. It reports false where another version was published meanwhile, else it has answered.
func (d *Dashboard) publish(w http.ResponseWriter, r *http.Request, v *pages.Teach, draft versions.Draft, back string) bool {
	by, why := session.By(r), v.Why
	if why == "" {
		why = "taught: " + strings.TrimSpace(lines(strings.TrimSpace(v.Questions))[0])
	}
	published, err := draft.Publish(r.Context(), d.Engine, by, why)
	switch {
	case errors.Is(err, queue.ErrNotCurrent):
		return false
	case err != nil:
		d.failed(w, r, err)
		return true
	}
	audit.Describe(r.Context(), audit.PublishBot, strconv.Itoa(published.Number))
	d.Log.Info("a bot was taught an answer", "bot", draft.Name, "version", published.Number, "by", by)
	http.Redirect(w, r, back+"?"+url.Values{"done": {"taught"}, "n": {strconv.Itoa(published.Number)}}.Encode(), http.StatusSeeOther)
	return true
}

// conflict says which version came first, of which the next draft is made.
func (d *Dashboard) conflict(ctx context.Context, v *pages.Teach) error {
	current, err := d.Engine.BotVersion(ctx, versions.Name, 0)
	if err != nil {
		return err
	}
	current.Content = nil
	v.Of, v.Ready, v.Other = current.Number, true, &current
	return nil
}

// tryDraft answers the questions of the form, and the latest ones of customers where that is wanted, by the bot that answers now and by the
// draft. One trial runs at a time: models cost money.
func (d *Dashboard) tryDraft(ctx context.Context, v *pages.Teach, draft *bot.Bot, account tania.AccountID) (status int) {
	if d.Bot.Compare == nil {
		v.Problem = "try.off"
		return http.StatusNotFound
	}
	select {
	case d.trying <- struct{}{}:
		defer func() { <-d.trying }()
	default:
		v.Problem = "try.busy"
		return http.StatusTooManyRequests
	}
	var texts []string
	for _, text := range lines(v.Questions) {
		if text = strings.TrimSpace(text); text != "" && len(texts) < triedAlike {
			texts = append(texts, text)
		}
	}
	tried, err := d.Bot.Compare(ctx, account, v.Bot, draft, texts)
	if err != nil {
		d.Log.Warn("dashboard: a draft was not tried", "error", err)
		v.Problem = "teach.not_tried"
		return http.StatusServiceUnavailable
	}
	for _, c := range tried {
		v.Tried = append(v.Tried, d.compared(c))
	}
	if !v.Recent || bool(d.Mask) {
		return http.StatusOK
	}
	recent, err := d.latestAsked(ctx, account, v.Bot)
	if err == nil {
		tried, err = d.Bot.Compare(ctx, account, v.Bot, draft, recent)
	}
	if err != nil {
		d.Log.Warn("dashboard: the latest questions were not read", "error", err)
		v.Problem = "teach.no_recent"
		return http.StatusServiceUnavailable
	}
	v.OfRecent = len(recent)
	for _, c := range tried {
		if c.Differs() {
			v.Changed = append(v.Changed, d.compared(c))
		}
	}
	return http.StatusOK
}

// latestAsked are the latest questions that customers of an account asked a bot, or one that is taught with it, each once.
func (d *Dashboard) latestAsked(ctx context.Context, account tania.AccountID, name string) (texts []string, err error) {
	records, err := d.Engine.RecentRecords(ctx, recentRecords)
	for i := range records {
		r := &records[i]
		asked := r.Route == tania.RouteFAQ || r.Route == tania.RouteModel || r.Route == tania.RouteCached
		text := strings.TrimSpace(r.Content)
		elsewhere := account != 0 && r.Key.Account != account
		if !asked || elsewhere || d.taughtAs(r.Bot) != name || text == "" || utf8.RuneCountInString(text) > longestTried {
			continue
		}
		if len(texts) < triedRecent && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts, err
}

// compared is what a page shows of a comparison.
func (d *Dashboard) compared(c reply.Compared) pages.Compared {
	answered := func(x *reply.Rehearsed, err error) pages.Answered {
		t := trialOf(0, x)
		a := pages.Answered{Text: t.Answer, Outcome: t.Outcome, Sources: t.Sources}
		if err != nil {
			d.Log.Warn("dashboard: trial of a draft failed", "error", err)
			a.Error = err.Error()
		}
		return a
	}
	return pages.Compared{Text: c.Text, Differs: c.Differs(), Live: answered(&c.Live, c.LiveErr), Draft: answered(&c.Draft, c.DraftErr)}
}
