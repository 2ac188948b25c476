package web

import (
	"net/http"
	"strconv"
	"time"

	"tania/internal/tania"
)

// forget erases a contact: what is spooled here while the store is away, and what the store has.
func (s *Server) forget(w http.ResponseWriter, r *http.Request) {
	account, errA := strconv.ParseInt(r.URL.Query().Get("account"), 10, 64)
	contact, errC := strconv.ParseInt(r.URL.Query().Get("contact"), 10, 64)
	if errA != nil || errC != nil || account < 1 || contact < 1 {
		reply(w, http.StatusBadRequest, failure{Error: "account and contact: want the numbers that Chatwoot has for them"})
		return
	}
	// A file may take longer to be written again than other answers may.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(forgetPatience))
	forgotten, err := s.Intake.Erase(r.Context(), tania.AccountID(account), tania.ContactID(contact))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.Log.Info("contact forgotten", "account", account, "contact", contact, "conversations", forgotten.Conversations, "messages",
		forgotten.Messages,
		"records", forgotten.Records, "dead_turns", forgotten.DeadTurns, "kept", forgotten.Kept, "by", by(r))
	reply(w, http.StatusOK, forgotten)
}

const forgetPatience = 2 * time.Minute
