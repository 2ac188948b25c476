package dashboard

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/bot"
	"tania/internal/reply"
	"tania/internal/setting"
	"tania/internal/tania"
)

// trialLimit bounds the text of a trial, in characters.
const trialLimit = 4000

// trialPatience is how long a trial's page may take.
const trialPatience = 2 * time.Minute

// Trial is what the bot would do with a text.
type Trial struct {
	// Conversation is the one that the text was taken to be written into, 0: a new one. Inbox is where, Before counts the messages before it.
	Conversation tania.ConversationID
	Inbox        tania.InboxID
	Before       int

	Outcome tania.Outcome
	// Reason is the governor's, Detail is it in words; Unchecked names rules that could not be checked.
	Reason    tania.Reason
	Detail    string
	Unchecked []string
	// Wait is how long the turn would wait before it is worked.
	Wait     time.Duration
	Language tania.Language
	Route    tania.Route
	RouteWhy string
	// Handoff is why a human would take over, HandoffWhy it in words.
	Handoff    tania.HandoffReason
	HandoffWhy string
	// Answer is what the customer would read.
	Answer string
	// CacheTier and CacheEntry say which entry of the cache answered, CacheWhy why it was not asked or would not keep the answer.
	CacheTier, CacheEntry, CacheWhy string
	CacheScore                      float64
	Sources                         []string
	Usage                           tania.Usage
	Steps                           []tania.Step
	// Error is why there is no answer.
	Error string
}

// trialOf shows what a rehearsal in a conversation gave.
func trialOf(in tania.ConversationID, p *reply.Rehearsed) Trial {
	d := p.Record
	t := Trial{
		Conversation: in, Inbox: p.Inbox, Before: p.Before,
		Outcome: d.Outcome, Reason: d.Reason, Detail: d.Detail, Unchecked: d.Unchecked, Wait: p.Wait, Language: d.Language, Route: d.Route, RouteWhy: d.RouteWhy,
		Handoff: p.Handoff, HandoffWhy: p.HandoffDetail, Answer: p.Text(),
		CacheTier: d.CacheTier, CacheEntry: d.CacheEntry, CacheWhy: d.CacheWhy, CacheScore: d.CacheScore,
		Sources: d.Sources, Usage: d.Usage, Steps: d.Steps,
	}
	if t.Answer == "" {
		t.Answer = p.Message
	}
	return t
}

// Millis is the time of all steps.
func (t Trial) Millis() (sum float64) {
	for _, s := range t.Steps {
		sum += s.Millis
	}
	return sum
}

// botView is the page's data.
type botView struct {
	*bot.Bot
	Path    string
	Builtin bool
	// File tells how the file is now: same, changed, wrong, missing, unreadable.
	File     string
	Problems setting.Problems
	Error    string
	CanTry   bool
	Text     string
	// Conversation is the number that was given to try in, as it was written.
	Conversation string
	Trial        *Trial
	// Problem is a text's key: why a trial did not run.
	Problem string
}

// BotText is one of the bot's texts in the languages that it has.
type BotText struct {
	Name string
	Text bot.Text
}

// Texts are the bot's own texts.
func (v botView) Texts() []BotText {
	b := v.Bot
	return []BotText{
		{"greeting", b.Greeting},
		{"thanks", b.Thanks},
		{"farewell", b.Farewell},
		{"handoff", b.Handoff},
		{"offer_human", b.OfferHuman},
		{"apology", b.Apology},
		{"unknown", b.Unknown},
		{"rate_limited", b.RateLimited},
		{"outside_hours", b.OutsideHours},
		{"attachment", b.Attachment},
		{"too_long", b.TooLong},
		{"late", b.Late},
	}
}

func (d *Dashboard) bot(w http.ResponseWriter, r *http.Request) {
	d.render(w, r, http.StatusOK, botPage(d.botView()))
}

func botPage(v botView) page {
	return page{Title: "bot.title", Here: "/bot", Scripts: []string{"htmx.min.js"}, Content: v}
}

func (d *Dashboard) botView() botView {
	o := d.Bot
	v := botView{Bot: o.Loaded, Path: o.Path, Builtin: o.Builtin, CanTry: o.Try != nil}
	if o.Reload == nil {
		v.File = "same"
		return v
	}
	now, err := o.Reload()
	switch {
	case errors.As(err, &v.Problems):
		v.File = "wrong"
	case errors.Is(err, fs.ErrNotExist):
		v.File = "missing"
	case err != nil:
		v.File, v.Error = "unreadable", err.Error()
	case now.Version != o.Loaded.Version:
		v.File = "changed"
	default:
		v.File = "same"
	}
	return v
}

// try answers a text without sending it anywhere. One trial runs at a time: models cost money.
func (d *Dashboard) try(w http.ResponseWriter, r *http.Request) {
	// A model may take longer than other pages are given. A writer that knows no deadline has none.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(trialPatience))
	v := botView{Bot: d.Bot.Loaded, CanTry: d.Bot.Try != nil, Text: strings.TrimSpace(r.PostFormValue("text"))}
	v.Conversation = strings.TrimSpace(r.PostFormValue("conversation"))
	in, wrong := tania.ConversationKey{Account: d.Account}, ""
	if v.Conversation != "" {
		in, wrong = keyOf(v.Conversation, d.Account)
	}
	var status int
	switch {
	case !v.CanTry:
		status, v.Problem = http.StatusNotFound, "try.off"
	case v.Text == "":
		status, v.Problem = http.StatusUnprocessableEntity, "try.empty"
	case utf8.RuneCountInString(v.Text) > trialLimit:
		status, v.Problem = http.StatusUnprocessableEntity, "try.too_long"
	case wrong != "":
		status, v.Problem = http.StatusUnprocessableEntity, wrong
	case in.Conversation != 0 && bool(d.Mask):
		// An answer may say again what the customer wrote.
		status, v.Problem = http.StatusForbidden, "try.masked"
	default:
		status = d.runTrial(r.Context(), &v, in)
	}
	if r.Header.Get("HX-Request") != "" {
		// htmx puts what succeeded into the page; what was wrong with a trial is shown in the same place.
		d.write(w, r, http.StatusOK, v.trial(d.textsOf(r)))
		return
	}
	whole := d.botView()
	whole.Text, whole.Conversation, whole.Trial, whole.Problem = v.Text, v.Conversation, v.Trial, v.Problem
	d.render(w, r, status, botPage(whole))
}

func (d *Dashboard) runTrial(ctx context.Context, v *botView, in tania.ConversationKey) (status int) {
	select {
	case d.trying <- struct{}{}:
		defer func() { <-d.trying }()
	default:
		v.Problem = "try.busy"
		return http.StatusTooManyRequests
	}
	given, err := d.Bot.Try(ctx, in, v.Text) // which bounds its time
	if errors.Is(err, reply.ErrNoConversation) {
		v.Problem = "try.no_conversation"
		return http.StatusNotFound
	}
	trial := trialOf(in.Conversation, &given)
	if err != nil {
		d.Log.Warn("dashboard: trial failed", "error", err)
		trial.Error = err.Error()
	}
	v.Trial = &trial
	return http.StatusOK
}
