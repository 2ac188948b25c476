package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/tania"
)

// forget erases a contact: what is kept here while Redis is away, and what the store has.
func (s *Server) forget(w http.ResponseWriter, r *http.Request) {
	account, errA := strconv.ParseInt(r.URL.Query().Get("account"), 10, 64)
	contact, errC := strconv.ParseInt(r.URL.Query().Get("contact"), 10, 64)
	if errA != nil || errC != nil || account < 1 || contact < 1 {
		reply(w, http.StatusBadRequest, failure{Error: "account and contact: want the numbers that Chatwoot has for them"})
		return
	}
	// A file may take longer to be written anew than other answers may.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(forgetPatience))
	forgotten, err := s.Forget(r.Context(), tania.AccountID(account), tania.ContactID(contact))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.Log.Info("contact forgotten", "account", account, "contact", contact, "conversations", forgotten.Conversations, "messages", forgotten.Messages,
		"records", forgotten.Records, "dead_turns", forgotten.DeadTurns, "kept", forgotten.Kept, "by", r.RemoteAddr)
	reply(w, http.StatusOK, forgotten)
}

const forgetPatience = 2 * time.Minute

// Forget erases a contact from the webhooks that are spooled here, from the store, and then from the cache: a turn under way would put its
// question into a cache that was erased before.
func (s *Server) Forget(ctx context.Context, account tania.AccountID, contact tania.ContactID) (queue.Forgotten, error) {
	kept, err := s.ForgetKept(ctx, account, contact)
	if err != nil {
		return queue.Forgotten{Kept: kept}, err
	}
	var also []func(context.Context) error
	if s.EraseCache != nil {
		also = append(also, s.EraseCache) // all of it: the cache does not know who asked
	}
	f, err := s.Engine.Forget(ctx, account, contact, also...)
	f.Kept += kept
	return f, err
}

// ForgetKept erases a contact from the webhooks that this process keeps while Redis is away.
func (s *Server) ForgetKept(ctx context.Context, account tania.AccountID, contact tania.ContactID) (int64, error) {
	if s.Failover == nil {
		return 0, nil
	}
	return s.Failover.Forget(ctx, func(d failover.Delivery) bool {
		event, err := chatwoot.DecodeFor(s.Governor.Account, d.Body)
		return err == nil && event.Conversation.Key.Account == account && event.Conversation.Contact.ID == contact
	})
}
