package dashboard

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"tania/internal/audit"
	"tania/internal/bot"
	"tania/internal/bots/pauses"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/tania"
)

// pausesOf gives what pages show of the pauses, nil where no process keeps any, or without the store.
func (d *Dashboard) pausesOf(ctx context.Context) *pages.Pauses {
	if d.Bot.Pauses == nil {
		return nil
	}
	list, err := d.Bot.Pauses.List(ctx)
	if err != nil {
		d.Log.Warn("dashboard: the pauses were not read", "error", err)
		return nil
	}
	v := &pages.Pauses{Names: []string{bot.Main}, Account: d.Account}
	for _, a := range d.Bot.Loaded().Assignments {
		v.Names = append(v.Names, a.Name)
	}
	for _, p := range list {
		v.List = append(v.List, shownPause(p))
	}
	return v
}

func shownPause(p pauses.Pause) pages.Pause {
	return pages.Pause{Bot: p.Bot, Account: p.Account, Inbox: p.Inbox, Conversation: p.Conversation, By: p.By, Why: p.Why, At: p.At}
}

// showPauses adds to a conversation's page where the bot is silent in it: by its own pause, and by those of its bot or inbox. Without the
// store the page shows the rest.
func (d *Dashboard) showPauses(ctx context.Context, v *pages.Conversation) {
	if d.Bot.Pauses == nil {
		return
	}
	list, err := d.Bot.Pauses.List(ctx)
	name := bot.Main
	if err == nil && d.Bot.At != nil {
		name, err = d.Bot.At(ctx, v.Key, v.Inbox)
	}
	if err != nil {
		d.Log.Warn("dashboard: the pauses were not read", "error", err)
		return
	}
	v.CanPause = true
	for _, p := range list {
		switch shown := shownPause(p); {
		case p.Scope == pauses.Scope{Account: v.Key.Account, Conversation: v.Key.Conversation}:
			v.Paused = &shown
		case p.Covers(name, v.Key, v.Inbox):
			v.Covered = append(v.Covered, shown)
		}
	}
}

// changePauses pauses a bot where a form says, or has it answer there again.
func (d *Dashboard) changePauses(w http.ResponseWriter, r *http.Request) {
	if d.Bot.Pauses == nil {
		d.refuse(w, r, http.StatusNotFound, "no_pauses")
		return
	}
	resume, back := r.PostFormValue("do") == "resume", "/bot"
	p, err := pauseOf(r)
	if p.Conversation != 0 && r.PostFormValue("from") == "conversation" {
		back = element.ConversationPath(tania.ConversationKey{Account: p.Account, Conversation: p.Conversation})
	}
	action, done := audit.PauseBot, "bot_paused"
	if resume {
		action, done = audit.ResumeBot, "bot_resumed"
	}
	audit.Describe(r.Context(), action, p.Bot) // no number of a conversation, which is a customer's
	changed := false
	switch {
	case err != nil:
	case resume:
		changed, err = d.Bot.Pauses.Resume(r.Context(), p.Scope, p.By)
	default:
		changed, err = d.Bot.Pauses.Pause(r.Context(), p)
	}
	switch {
	case errors.Is(err, pauses.ErrNowhere), errors.Is(err, errNoNumber):
		d.refuse(w, r, http.StatusUnprocessableEntity, "pause_nowhere")
		return
	case errors.Is(err, pauses.ErrUnknownBot):
		d.refuse(w, r, http.StatusUnprocessableEntity, "pause_unknown_bot")
		return
	case errors.Is(err, pauses.ErrTooMany):
		d.refuse(w, r, http.StatusUnprocessableEntity, "pause_too_many")
		return
	case err != nil:
		d.failed(w, r, err)
		return
	}
	if !changed {
		done = "unchanged"
	}
	d.Log.Info("pauses of bots changed", "paused", !resume, "changed", changed, "bot", p.Bot, "account", p.Account, "inbox", p.Inbox,
		"conversation", p.Conversation, "by", p.By, "why", p.Why)
	http.Redirect(w, r, back+"?done="+done, http.StatusSeeOther)
}

// errNoNumber means that a field for a number has something else.
var errNoNumber = errors.New("dashboard: want a number")

// pauseOf reads a form.
func pauseOf(r *http.Request) (p pauses.Pause, err error) {
	number := func(field string) int64 {
		n, wrong := strconv.ParseInt(cmp.Or(strings.TrimSpace(r.PostFormValue(field)), "0"), 10, 64)
		if wrong != nil || n < 0 {
			err = errNoNumber
		}
		return n
	}
	p.Bot, p.Account = strings.TrimSpace(r.PostFormValue("bot")), tania.AccountID(number("account"))
	p.Inbox, p.Conversation = tania.InboxID(number("inbox")), tania.ConversationID(number("conversation"))
	p.By, p.Why = session.By(r), strings.TrimSpace(r.PostFormValue("why"))
	return p, err
}
