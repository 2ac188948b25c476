package web

import (
	"cmp"
	"net/http"

	"tania/internal/approval"
	"tania/internal/audit"
	"tania/internal/dashboard/session"
	"tania/internal/operator"
	"tania/internal/tania"
)

// approvals are the calls that wait for the team's word.
func (s *Server) approvals() operator.Approvals {
	return operator.LocalApprovals(s.Engine, s.Mask, tania.RuledByCommand)
}

func (s *Server) listApprovals(w http.ResponseWriter, r *http.Request) {
	list, err := s.approvals().List(r.Context(), 0)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reply(w, http.StatusOK, map[string]any{"approvals": list})
}

// decideApproval answers 200 where the word counts, and 409 where it does not.
func (s *Server) decideApproval(w http.ResponseWriter, r *http.Request) {
	var word operator.Word
	if !readJSON(w, r, &word) {
		return
	}
	audit.Describe(r.Context(), audit.Ruled(word.Verdict()), "") // no number of a conversation, which is a customer's
	if session.OperatorOf(r.Context()).Name != "" {
		word.By = "" // who signed in is nobody else
	}
	word.By = cmp.Or(word.By, by(r))
	came, err := s.approvals().Decide(r.Context(), word)
	switch {
	case err != nil:
		s.fail(w, r, err)
	case came != approval.Taken:
		reply(w, http.StatusConflict, map[string]any{"ok": false, "came": came, "error": "the word does not count: " + string(came)})
	default:
		s.Log.Info("a call was decided on", "verdict", word.Verdict(), "by", word.By)
		reply(w, http.StatusOK, map[string]any{"ok": true, "came": came})
	}
}
