package dashboard

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tania/internal/audit"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/queue"
	"tania/internal/tania"
)

// deadShown is how many dead letters the page lists.
const deadShown = 100

func (d *Dashboard) deadTurns(w http.ResponseWriter, r *http.Request) {
	turns, err := d.Engine.Dead(r.Context(), deadShown)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	v := pages.Dead{Total: int64(len(turns)), Chatwoot: d.Chatwoot}
	if len(turns) == deadShown {
		stats, err := d.Engine.Stats(r.Context())
		if err != nil {
			d.failed(w, r, err)
			return
		}
		v.Total = max(stats.Failed, v.Total)
	}
	for _, turn := range turns {
		v.Turns = append(v.Turns, d.Mask.Dead(turn))
	}
	done, n := doneOf(r, "retried", "retrying", "discarded", "nothing", "gone")
	d.render(w, r, http.StatusOK, element.Page{Title: "dead.title", Here: "/dead", Done: done, DoneCount: n, Content: v})
}

func (d *Dashboard) deadTurn(w http.ResponseWriter, r *http.Request) {
	turn, err := d.Engine.DeadTurn(r.Context(), tania.TurnID(r.PathValue("id")))
	switch {
	case errors.Is(err, queue.ErrNotFound):
		d.refuse(w, r, http.StatusNotFound, "gone")
		return
	case err != nil:
		d.failed(w, r, err)
		return
	}
	v := pages.DeadTurn{DeadTurn: d.Mask.Dead(turn), Chatwoot: d.Chatwoot}
	payload, err := json.MarshalIndent(v.Messages, "", "  ")
	if err != nil {
		d.failed(w, r, err)
		return
	}
	v.Payload, v.Planned = string(payload), string(v.Checkpoint)
	d.render(w, r, http.StatusOK, element.Page{Title: "dead.one", Subtitle: string(turn.ID), Here: "/dead", Content: v})
}

// changeDead retries or discards the chosen turns, or all.
func (d *Dashboard) changeDead(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "form not read", http.StatusBadRequest)
		return
	}
	change, done, action := d.Engine.RetryDead, "retried", audit.RetryDead
	switch r.PostForm.Get("do") {
	case "retry":
	case "discard":
		change, done, action = d.Engine.DiscardDead, "discarded", audit.DiscardDead
	default:
		http.Error(w, "do: want retry or discard", http.StatusBadRequest)
		return
	}
	ids := r.PostForm["turn"]
	all := r.PostForm.Get("which") == "all"
	audit.Describe(r.Context(), action, strings.Join(ids, " "))
	if all {
		audit.Describe(r.Context(), action, "all")
	}
	if all && done == "retried" && d.RetryAll != nil {
		d.retryAll(w, r)
		return
	}
	if all {
		turns, err := d.Engine.Dead(r.Context(), 0)
		if err != nil {
			d.failed(w, r, err)
			return
		}
		ids = ids[:0]
		for _, turn := range turns {
			ids = append(ids, string(turn.ID))
		}
	}
	changed := 0
	for _, id := range ids {
		switch err := change(r.Context(), tania.TurnID(id)); {
		case err == nil:
			changed++
		case !errors.Is(err, queue.ErrNotFound):
			d.failed(w, r, err)
			return
		}
	}
	d.Log.Info("dead letters changed", "done", done, "changed", changed, "of", len(ids), "by", session.By(r))
	switch {
	case len(ids) == 0:
		done = "nothing"
	case changed == 0:
		done = "gone"
	}
	http.Redirect(w, r, "/dead?"+url.Values{"done": {done}, "n": {strconv.Itoa(changed)}}.Encode(), http.StatusSeeOther)
}

// retryAll begins what goes on when the page is left.
func (d *Dashboard) retryAll(w http.ResponseWriter, r *http.Request) {
	of, err := d.RetryAll(r.Context(), session.By(r))
	if err != nil {
		d.failed(w, r, err)
		return
	}
	done := "retrying"
	if of == 0 {
		done = "nothing"
	}
	http.Redirect(w, r, "/dead?"+url.Values{"done": {done}, "n": {strconv.Itoa(of)}}.Encode(), http.StatusSeeOther)
}
