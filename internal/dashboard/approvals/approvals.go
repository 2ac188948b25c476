// Package approvals is the page of the turns that wait for somebody's word: which calls of tools those are, and the forms that approve or
// reject them. Requests and the store come in, a page or a decision goes out; who may ask is for package dashboard.
package approvals

import (
	"log/slog"
	"net/http"
	"strconv"

	"tania/internal/approval"
	"tania/internal/audit"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/session"
	"tania/internal/operator"
	"tania/internal/privacy"
	"tania/internal/queue"
	"tania/internal/tania"
)

// Path is where the page is.
const Path = "/parked"

// shown is how many turns the page lists.
const shown = 100

// Desk serves the page.
type Desk struct {
	Engine queue.Engine
	Mask   privacy.Mask
	// Chatwoot is its address.
	Chatwoot string
	Log      *slog.Logger
	// Render writes a page, Failed says that the store failed.
	Render func(w http.ResponseWriter, r *http.Request, status int, p element.Page)
	Failed func(w http.ResponseWriter, r *http.Request, err error)
}

func (d *Desk) approvals() operator.Approvals {
	return operator.LocalApprovals(d.Engine, d.Mask, tania.RuledByPage)
}

// List lists what waits for somebody's word, what is due first at the head.
func (d *Desk) List(w http.ResponseWriter, r *http.Request) {
	turns, err := d.Engine.ParkedTurns(r.Context(), shown)
	if err != nil {
		d.Failed(w, r, err)
		return
	}
	calls, err := d.approvals().List(r.Context(), shown)
	if err != nil {
		d.Failed(w, r, err)
		return
	}
	v := Page{Total: int64(len(turns)), Chatwoot: d.Chatwoot, Calls: map[tania.TurnID]operator.Waiting{}}
	if len(turns) == shown {
		stats, err := d.Engine.Stats(r.Context())
		if err != nil {
			d.Failed(w, r, err)
			return
		}
		v.Total = max(stats.Parked, v.Total)
	}
	for _, turn := range turns {
		v.Turns = append(v.Turns, d.Mask.Parked(turn))
	}
	for _, c := range calls {
		v.Calls[c.Turn] = c
	}
	d.Render(w, r, http.StatusOK, element.Page{Title: "parked.title", Here: Path, Done: done(r), Content: v})
}

// done is what a form did, of a closed set.
func done(r *http.Request) string {
	switch said := r.URL.Query().Get("done"); said {
	case "approved", "rejected", "word_late":
		return "done." + said
	}
	return ""
}

// Decide approves or rejects a call.
func (d *Desk) Decide(w http.ResponseWriter, r *http.Request) {
	key, err := tania.ParseConversationKey(r.PostFormValue("conversation"))
	number, noNumber := strconv.Atoi(r.PostFormValue("number"))
	do := r.PostFormValue("do")
	if err != nil || noNumber != nil || do != "approve" && do != "reject" {
		http.Error(w, "want a conversation, a number, and approve or reject", http.StatusBadRequest)
		return
	}
	word := operator.Word{Key: key, Number: number, Reject: do == "reject", Reason: r.PostFormValue("why"), By: session.By(r)}
	audit.Describe(r.Context(), audit.Ruled(word.Verdict()), "") // no number of a conversation, which is a customer's
	came, err := d.approvals().Decide(r.Context(), word)
	if err != nil {
		d.Failed(w, r, err)
		return
	}
	said := string(word.Verdict())
	if came != approval.Taken {
		said = "word_late"
		audit.Refuse(r.Context())
	}
	d.Log.Info("a call was decided on", "verdict", word.Verdict(), "came", came, "by", word.By)
	http.Redirect(w, r, Path+"?done="+said, http.StatusSeeOther)
}
