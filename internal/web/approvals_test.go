package web_test

import (
	"net/http"
	"testing"
	"time"

	"tania/internal/approval"
	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/web"
)

// TestOperatorsDecideOnCalls through the routes, as the command does where one process has the file.
func TestOperatorsDecideOnCalls(t *testing.T) {
	var engine queue.Engine
	s := newSite(t, func(o *web.Options) { engine = o.Engine })
	key := tania.ConversationKey{Account: 1, Conversation: 5}
	if _, err := engine.Push(t.Context(), tania.Message{ID: 10, Key: key, Content: "x", Contact: tania.Contact{Name: "Ana"}}); err != nil {
		t.Fatal(err)
	}
	turn, err := engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
		c.Contact.Name = "Ana"
		c.Approval = &tania.Approval{
			Turn: turn.ID, Entry: 1, Number: 2, Tool: "refund", Arguments: []byte(`{"id":"7"}`), At: time.Now(), Until: time.Now().Add(time.Hour),
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if err := engine.Park(t.Context(), turn, time.Hour, nil); err != nil {
		t.Fatal(err)
	}
	remote := operator.RemoteApprovals(s.URL, "")
	list, err := remote.List(t.Context(), 0)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if w := list[0]; w.Tool != "refund" || w.Number != 2 || w.Customer != "Ana" || w.Key != key {
		t.Errorf("%+v", w)
	}
	for _, number := range []int{0, 1} {
		if came, err := remote.Decide(t.Context(), operator.Word{Key: key, Number: number}); err == nil {
			t.Errorf("number %d: %s", number, came)
		}
	}
	came, err := remote.Decide(t.Context(), operator.Word{Key: key, Number: 2, By: "Eva"})
	if err != nil || came != approval.Taken {
		t.Fatalf("%s, %v", came, err)
	}
	memory, err := engine.Conversation(t.Context(), key)
	if r := memory.Approval.Ruling; err != nil || r.By != "Eva" || r.Way != tania.RuledByCommand || r.Verdict != tania.ApprovalGiven {
		t.Errorf("%+v, %v", memory.Approval, err)
	}
	if list, err := remote.List(t.Context(), 0); err != nil || len(list) != 0 {
		t.Errorf("left: %+v, %v", list, err)
	}
	again := []byte(`{"key":{"account":1,"conversation":5},"number":2}`)
	if a := s.do(t, http.MethodPost, "/admin/approvals", again, nil); a.status != http.StatusConflict {
		t.Errorf("a second word: %d %v", a.status, a.body)
	}
}
