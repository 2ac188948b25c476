package web

import (
	"bytes"
	"strconv"
	"sync"

	"tania/internal/chatwoot"
)

// mostStrange bounds the kinds of strange webhooks that are remembered.
const mostStrange = 100

// strange are the kinds of webhooks that nothing could be done with and that the log has named already.
type strange struct {
	mu   sync.Mutex
	seen map[string]bool
}

// first reports whether a kind is new.
func (s *strange) first(kind string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[kind] || len(s.seen) >= mostStrange {
		return false
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	s.seen[kind] = true
	return true
}

// misunderstood says once for each kind what a webhook is that means nothing to Tania, and the fix. event is nil where there is no telling.
func (s *Server) misunderstood(event *chatwoot.Event, body []byte) {
	if event != nil && event.Name != "" {
		s.ofAnotherAccount(event)
		if event.Kind == chatwoot.KindOther && s.strange.first("event "+event.Name) {
			s.Log.Warn("webhook of an unknown event ignored; further ones are not logged", "event", short(event.Name),
				"fix", "nothing, if Chatwoot is newer than this Tania; else untick the event at the webhook in Chatwoot")
		}
		return
	}
	if in := chatwoot.WrappedIn(body); in != "" && s.strange.first("in "+in) {
		s.Log.Warn("webhook is wrapped by a program between Chatwoot and Tania and cannot be read; further ones are not logged", "wrapped_in",
			short(in),
			"fix", "have that program pass on Chatwoot's body as it came, with the X-Chatwoot-* headers (in n8n: the webhook's raw body; in Make: the whole request), "+
				"or let Chatwoot post to Tania itself")
		return
	}
	if event != nil && bytes.Contains(body, []byte(`"conversation"`)) && s.strange.first("no event") {
		s.Log.Warn("webhook names no event and is ignored; further ones are not logged",
			"fix", "have the program between Chatwoot and Tania pass on Chatwoot's body as it came, with its event, or let Chatwoot post to Tania itself")
	}
}

// ofAnotherAccount says once for each account that its customers get no answer: a wrong CHATWOOT_ACCOUNT_ID would show nowhere else.
func (s *Server) ofAnotherAccount(event *chatwoot.Event) {
	served, account := s.Intake.GovernorOf(event).Account, event.Conversation.Key.Account
	if event.Message == nil || served == 0 || account == 0 || account == served ||
		!s.strange.first("account "+strconv.FormatInt(int64(account), 10)) {
		return
	}
	s.Log.Warn("webhook of an account that the bot does not serve ignored; further ones are not logged", "account", account, "served", served,
		"fix", "if this is the account whose customers write, set CHATWOOT_ACCOUNT_ID to it; else disconnect the bot from that account's inboxes")
}

// short is a name from outside as the log may have it.
func short(name string) string {
	if runes := []rune(name); len(runes) > 60 {
		name = string(runes[:60]) + "…"
	}
	return strconv.QuoteToGraphic(name)
}
