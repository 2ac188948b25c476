package web

import (
	"cmp"
	"errors"
	"net/http"

	"tania/internal/audit"
	"tania/internal/bots/pauses"
)

// withPauses answers that nothing can be paused where no process answers.
func (s *Server) withPauses(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.Pauses == nil {
			reply(w, http.StatusNotFound, failure{Error: "this process pauses no bots"})
			return
		}
		next(w, r)
	}
}

func (s *Server) listPauses(w http.ResponseWriter, r *http.Request) {
	list, err := s.Pauses.List(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reply(w, http.StatusOK, map[string]any{"pauses": append([]pauses.Pause{}, list...)})
}

func (s *Server) pauseBot(w http.ResponseWriter, r *http.Request) {
	s.changePauses(w, r, "bot paused", func(p pauses.Pause) (bool, error) { return s.Pauses.Pause(r.Context(), p) })
}

func (s *Server) resumeBot(w http.ResponseWriter, r *http.Request) {
	s.changePauses(w, r, "bot resumed", func(p pauses.Pause) (bool, error) { return s.Pauses.Resume(r.Context(), p.Scope, p.By) })
}

func (s *Server) changePauses(w http.ResponseWriter, r *http.Request, done string, change func(pauses.Pause) (bool, error)) {
	var p pauses.Pause
	if !readJSON(w, r, &p) {
		return
	}
	audit.Describe(r.Context(), "", p.Bot) // no number of a conversation, which is a customer's
	p.By = cmp.Or(p.By, r.RemoteAddr)
	changed, err := change(p)
	switch {
	case errors.Is(err, pauses.ErrNowhere), errors.Is(err, pauses.ErrUnknownBot), errors.Is(err, pauses.ErrTooMany):
		reply(w, http.StatusUnprocessableEntity, failure{Error: err.Error()})
	case err != nil:
		s.fail(w, r, err)
	default:
		s.Log.Info(done, "changed", changed, "bot", p.Bot, "account", p.Account, "inbox", p.Inbox, "conversation", p.Conversation, "by", p.By,
			"why", p.Why)
		reply(w, http.StatusOK, map[string]any{"changed": changed})
	}
}
