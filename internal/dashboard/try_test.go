package dashboard_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/dashboard"
)

// TestTryInAConversation: what was said before counts, here that a human has the conversation; where customers are hidden, or nobody knows
// the conversation, nothing is tried.
func TestTryInAConversation(t *testing.T) {
	s := newSite(t, withToken)
	id := s.write(chatwootsim.CustomerMessage{Text: "quiero hablar con una persona"})
	s.ended()
	try := func(s *site, in string) (int, string) {
		resp, body := s.ask(s.signedIn(), "POST", "/bot/try", url.Values{"text": {"hola"}, "conversation": {in}}, nil)
		return resp.StatusCode, body
	}
	known := "1:" + strconv.FormatInt(int64(id), 10)
	for in, want := range map[string]struct {
		status int
		says   string
	}{
		"":      {http.StatusOK, "a customer who writes for the first time"},
		known:   {http.StatusOK, "Silent: the conversation is assigned to a human."},
		"99999": {http.StatusNotFound, "There is no conversation with this number."},
		"x":     {http.StatusUnprocessableEntity, "alert"},
	} {
		if status, body := try(s, in); status != want.status || !strings.Contains(body, want.says) {
			t.Errorf("in %q: %d without %q", in, status, want.says)
		}
	}
	if n := len(s.sim.BotMessages(id)); n != 1 {
		t.Errorf("the customer has read %d messages, want that of the handoff alone", n)
	}
	hidden := newIdleSite(t, func(o *dashboard.Options) { withToken(o); o.Mask = true })
	if status, body := try(hidden, known); status != http.StatusForbidden || strings.Contains(body, "trial-route") {
		t.Errorf("with hidden customers: %d", status)
	}
}
