package dashboard_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tania/internal/tania"
)

// TestACallIsApprovedInABrowser: Chromium opens what waits, sees every argument, approves one call and rejects another with a reason; the
// page is accessible, by its policy, at a desk and on a phone.
func TestACallIsApprovedInABrowser(t *testing.T) {
	s := newIdleSite(t, nil)
	for i, amount := range []float64{40, 120} {
		key := tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(78 + i)}
		m := tania.Message{
			ID: tania.MessageID(9 + i), Key: key, Content: "I want my money back for order 1042, it never arrived",
			Contact: tania.Contact{ID: 2, Name: "Ana Pérez"},
		}
		if _, err := s.engine.Push(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		turn, err := s.engine.Claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		arguments, err := json.Marshal(map[string]any{"order_id": "1042", "amount": amount, "reason": "never arrived"})
		if err != nil {
			t.Fatal(err)
		}
		a := tania.Approval{
			Turn: turn.ID, Entry: 1, Number: 1, Tool: "refund", About: "Refunds an order.", Arguments: arguments, At: time.Now(),
			Until: time.Now().Add(time.Hour),
		}
		change := func(c *tania.Conversation) bool { c.Approval = &a; return true }
		if _, err := s.engine.UpdateConversation(t.Context(), key, change); err != nil {
			t.Fatal(err)
		}
		if err := s.engine.Park(t.Context(), turn, time.Duration(1+i)*time.Hour, nil); err != nil {
			t.Fatal(err)
		}
	}
	b := newBrowser(t, "en")
	b.listen()
	b.open(s.URL + "/parked")
	for _, l := range looks {
		b.see(l)
		if found := b.examine(); len(found) > 0 {
			t.Errorf("%s: %+v", l.name(), found)
		}
		if *pictures != "" {
			b.screenshot(filepath.Join(*pictures, "parked-"+l.name()+".png"))
		}
	}
	b.see(looks[0])
	b.quiet("the page")
	b.click("approve")
	b.wait("the first word", seen("done"))
	b.run(chromedp.Click(chromedp.CSS("details.confirm summary")))
	b.write("why", "the carrier has it still")
	if *pictures != "" {
		b.screenshot(filepath.Join(*pictures, "parked-reject.png"))
	}
	b.click("reject")
	b.wait("the second word", seen("no-parked"))
	b.quiet("the page")
	want := map[tania.ConversationID]tania.Approved{78: tania.ApprovalGiven, 79: tania.ApprovalRejected}
	for id, verdict := range want {
		memory, err := s.engine.Conversation(t.Context(), tania.ConversationKey{Account: 1, Conversation: id})
		if r := memory.Approval.Ruling; err != nil || r == nil || r.Verdict != verdict || verdict == tania.ApprovalRejected && r.Reason == "" {
			t.Errorf("%d: %+v, %v", id, memory.Approval, err)
		}
	}
}
