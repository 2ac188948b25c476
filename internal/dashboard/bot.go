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
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/reply"
	"tania/internal/tania"
)

// trialLimit bounds the text of a trial, in characters.
const trialLimit = 4000

// trialPatience is how long a trial's page may take.
const trialPatience = 2 * time.Minute

// trialOf shows what a rehearsal in a conversation gave.
func trialOf(in tania.ConversationID, p *reply.Rehearsed) pages.Trial {
	d := p.Record
	t := pages.Trial{
		Conversation: in, Inbox: p.Inbox, Before: p.Before, Bot: d.Bot,
		Outcome: d.Outcome, Reason: d.Reason, Detail: d.Detail, Unchecked: d.Unchecked, Wait: p.Wait, Language: d.Language, Route: d.Route,
		RouteWhy: d.RouteWhy,
		Handoff:  p.Handoff, HandoffWhy: p.HandoffDetail, Answer: p.Text(),
		CacheTier: d.CacheTier, CacheEntry: d.CacheEntry, CacheWhy: d.CacheWhy, CacheScore: d.CacheScore,
		Sources: d.Sources, Usage: d.Usage, Steps: d.Steps, Acts: d.Acts,
	}
	if t.Answer == "" {
		t.Answer = p.Message
	}
	return t
}

func (d *Dashboard) bot(w http.ResponseWriter, r *http.Request) {
	v := d.botView(r.Context())
	d.versions(r, &v)
	v.Pauses = d.pausesOf(r.Context())
	page := botPage(v)
	page.Done, page.DoneCount = doneOf(r, "went_back", "bot_paused", "bot_resumed", "unchanged")
	d.render(w, r, http.StatusOK, page)
}

func botPage(v pages.Bot) element.Page {
	return element.Page{Title: "bot.title", Here: "/bot", Scripts: []string{"htmx.min.js"}, Content: v}
}

func (d *Dashboard) botView(ctx context.Context) pages.Bot {
	o := d.Bot
	loaded := o.Loaded()
	v := pages.Bot{Bot: loaded, Path: o.Path, Builtin: o.Builtin, CanTry: o.Try != nil}
	if o.Reload == nil {
		v.File = "same"
		return v
	}
	now, err := o.Reload()
	if err == nil {
		now, err = d.taught(ctx, now)
	}
	switch {
	case errors.As(err, &v.Problems):
		v.File = "wrong"
	case errors.Is(err, fs.ErrNotExist):
		v.File = "missing"
	case err != nil:
		v.File, v.Error = "unreadable", err.Error()
	case now.Version != loaded.Version:
		v.File = "changed"
	default:
		v.File = "same"
	}
	return v
}

// taught gives a bot that was read from files with what was taught beside them. Without the store it is as it was read.
func (d *Dashboard) taught(ctx context.Context, read *bot.Bot) (*bot.Bot, error) {
	if d.Bot.Versions == nil {
		return read, nil
	}
	current, err := d.Bot.Versions.Version(ctx, 0)
	if err != nil {
		return read, nil //nolint:nilerr // the page shows the rest
	}
	return read.Taught(current.Files)
}

// try answers a text without sending it anywhere. One trial runs at a time: models cost money.
func (d *Dashboard) try(w http.ResponseWriter, r *http.Request) {
	// A model may take longer than other pages are given. A writer that knows no deadline has none.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(trialPatience))
	v := pages.Bot{Bot: d.Bot.Loaded(), CanTry: d.Bot.Try != nil, Text: strings.TrimSpace(r.PostFormValue("text"))}
	v.Conversation, v.By = strings.TrimSpace(r.PostFormValue("conversation")), r.PostFormValue("bot")
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
		d.write(w, r, http.StatusOK, v.Tried(d.textsOf(r)))
		return
	}
	whole := d.botView(r.Context())
	d.versions(r, &whole)
	whole.Text, whole.Conversation, whole.By, whole.Trial, whole.Problem = v.Text, v.Conversation, v.By, v.Trial, v.Problem
	d.render(w, r, status, botPage(whole))
}

func (d *Dashboard) runTrial(ctx context.Context, v *pages.Bot, in tania.ConversationKey) (status int) {
	select {
	case d.trying <- struct{}{}:
		defer func() { <-d.trying }()
	default:
		v.Problem = "try.busy"
		return http.StatusTooManyRequests
	}
	given, err := d.Bot.Try(ctx, in, v.Text, v.By) // which bounds its time
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
