package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tania/internal/dashboard"
	"tania/internal/privacy"
	"tania/internal/tania"
)

// TestAConversationsPageShowsWhatIsRememberedOfItsContact, with where it was said, of no other contact, and hidden where customers are.
func TestAConversationsPageShowsWhatIsRememberedOfItsContact(t *testing.T) {
	now := time.Now().UTC()
	for name, mask := range map[string]privacy.Mask{"shown": false, "hidden": true} {
		s := newIdleSite(t, func(o *dashboard.Options) { o.Mask = mask })
		conversation := func(id tania.ConversationID, contact tania.ContactID, text string) {
			key := tania.ConversationKey{Account: 1, Conversation: id}
			_, err := s.engine.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
				c.Contact.ID, c.Updated = contact, now
				c.Leave("sales", []tania.Recollection{
					{Kind: tania.RecalledMatter, Bot: "sales", Text: text, Conversation: id, Message: 9, At: now, Outcome: tania.OutcomeAnswered, Colleague: true},
				}, now)
				return true
			})
			if err == nil {
				_, err = s.engine.UpdateContact(t.Context(), 1, contact, func(m *tania.ContactMemory) bool { return m.End(id, now) })
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		conversation(21, 501, "the order of Ana")
		conversation(22, 501, "the address of Ana")
		conversation(23, 502, "the order of Eva")
		resp, body := s.ask(http.DefaultClient, "GET", "/conversations/1/22", nil, nil)
		if resp.StatusCode != http.StatusOK || !strings.Contains(body, "What is remembered of the contact: 2") ||
			!strings.Contains(body, `href="/conversations/1/21#m9"`) || strings.Contains(body, "order of Eva") {
			t.Errorf("%s: %s\n%s", name, resp.Status, body)
		}
		for _, text := range []string{"the order of Ana", "the address of Ana"} {
			if strings.Contains(body, text) == bool(mask) {
				t.Errorf("%s: %q", name, text)
			}
		}
		if !strings.Contains(body, "a colleague wrote after it") || !strings.Contains(body, "sales") {
			t.Errorf("%s: how it ended and with whom is missing:\n%s", name, body)
		}
	}
}
