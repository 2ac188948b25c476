package dashboard

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/config"
	"tania/internal/tania"
)

// trialLimit bounds the text of a trial, in characters.
const trialLimit = 4000

// trialPatience is how long a trial's page may take.
const trialPatience = 2 * time.Minute

// Trial is what the bot would do with a text.
type Trial struct {
	Language tania.Language
	Route    tania.Route
	RouteWhy string
	// Handoff reports whether a human would take over, HandoffWhy what the model gives as the reason.
	Handoff    tania.HandoffReason
	HandoffWhy string
	Answer     string
	Known      bool
	// OfferHuman reports whether a human was offered with the answer.
	OfferHuman bool
	Sources    []string
	Usage      tania.Usage
	Steps      []tania.Step
	// Error is why there is no answer.
	Error string
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
	*config.Bot
	Path    string
	Builtin bool
	// File tells how the file is now: same, changed, wrong, missing, unreadable.
	File     string
	Problems config.Problems
	Error    string
	CanTry   bool
	Text     string
	Trial    *Trial
	// Problem is a text's key: why a trial did not run.
	Problem string
}

// BotText is one of the bot's texts in the languages that it has.
type BotText struct {
	Name string
	Text config.Text
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
	var status int
	switch {
	case !v.CanTry:
		status, v.Problem = http.StatusNotFound, "try.off"
	case v.Text == "":
		status, v.Problem = http.StatusUnprocessableEntity, "try.empty"
	case utf8.RuneCountInString(v.Text) > trialLimit:
		status, v.Problem = http.StatusUnprocessableEntity, "try.too_long"
	default:
		status = d.runTrial(r.Context(), &v)
	}
	if r.Header.Get("HX-Request") != "" {
		// htmx puts what succeeded into the page; what was wrong with a trial is shown in the same place.
		d.write(w, r, http.StatusOK, v.trial(d.textsOf(r)))
		return
	}
	whole := d.botView()
	whole.Text, whole.Trial, whole.Problem = v.Text, v.Trial, v.Problem
	d.render(w, r, status, botPage(whole))
}

func (d *Dashboard) runTrial(ctx context.Context, v *botView) (status int) {
	select {
	case d.trying <- struct{}{}:
		defer func() { <-d.trying }()
	default:
		v.Problem = "try.busy"
		return http.StatusTooManyRequests
	}
	trial, err := d.Bot.Try(ctx, v.Text) // which bounds its time
	if err != nil {
		d.Log.Warn("dashboard: trial failed", "error", err)
		trial.Error = err.Error()
	}
	v.Trial = &trial
	return http.StatusOK
}
