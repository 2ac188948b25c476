package assembly

import (
	"errors"
	"testing"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

func TestRefusedCallsAreNamedUntilTheyGoWell(t *testing.T) {
	var r refusals
	refused := func(op string, status int) tania.ChatwootCall {
		return tania.ChatwootCall{Op: op, Status: status, Err: &chatwoot.APIError{Op: op, Status: status}}
	}
	r.heard(refused("send message", 401))
	r.heard(refused("assign team", 422))
	r.heard(refused("typing on", 401))                                                   // nobody depends on it
	r.heard(refused("send message", 422))                                                // one message, not the token
	r.heard(tania.ChatwootCall{Op: "write labels", Err: errors.New("connection reset")}) // away, not refused
	if got := r.of(needed); got != "send message: 401" {
		t.Errorf("needed: %q", got)
	}
	if got := r.of(agreed); got != "assign team: 422" {
		t.Errorf("agreed: %q", got)
	}
	r.heard(tania.ChatwootCall{Op: "send message", Status: 200})
	r.heard(tania.ChatwootCall{Op: "assign team", Status: 200})
	if got := r.of(needed) + r.of(agreed); got != "" {
		t.Errorf("after calls that went well: %q", got)
	}
}
