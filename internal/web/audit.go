package web

import (
	"net/http"
	"time"
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
