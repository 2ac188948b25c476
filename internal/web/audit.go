package web

import (
	"net/http"
	"slices"
	"time"

	"tania/internal/audit"
	"tania/internal/dashboard/session"
	"tania/internal/operator"
)

// listAudit shows who did what, the newest first, since a time that the query names.
func (s *Server) listAudit(w http.ResponseWriter, r *http.Request) {
	var since time.Time
	if asked := r.URL.Query().Get("since"); asked != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, asked); err != nil {
			reply(w, http.StatusBadRequest, failure{Error: "since: want a time as 2026-11-29T10:00:00Z"})
			return
		}
	}
	if s.Audit == nil {
		reply(w, http.StatusNotFound, failure{Error: "this process keeps no audit log"})
		return
	}
	entries, err := s.Audit.List(r.Context(), since)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reply(w, http.StatusOK, map[string]any{"audit": entries})
}

// ofCommands are the actions that a command says it did beside the store.
var ofCommands = []audit.Action{audit.Learn, audit.Import}

// noteCommand makes an entry of what a command did: the request itself is it.
func (s *Server) noteCommand(w http.ResponseWriter, r *http.Request) {
	var did operator.Deed
	if !readJSON(w, r, &did) {
		return
	}
	if !slices.Contains(ofCommands, did.Action) {
		reply(w, http.StatusUnprocessableEntity, failure{Error: "action: want learn or import"})
		return
	}
	as, _ := session.Actor(r)
	audit.Describe(r.Context(), did.Action, did.On)
	audit.By(r.Context(), as, onBehalf(r, did.By))
	reply(w, http.StatusOK, did)
}
