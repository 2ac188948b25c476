package web

import (
	"net/http"

	"tania/internal/conversations"
)

// findConversations finds conversations by customer, words, outcome, reason and day.
func (s *Server) findConversations(w http.ResponseWriter, r *http.Request) {
	f, err := conversations.FilterOf(r.URL.Query())
	if err != nil {
		reply(w, http.StatusBadRequest, failure{Error: err.Error()})
		return
	}
	found, err := conversations.Find(r.Context(), s.Engine, f, s.Mask)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if found.Conversations == nil {
		found.Conversations = []conversations.Conversation{}
	}
	reply(w, http.StatusOK, found)
}
