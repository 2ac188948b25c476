package installation

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/nodetest"
	"tania/internal/tania"
)

// TestAClientOfOthersWorks is the npm client @figuro/chatwoot-sdk: it sends messages as multipart forms with attributes as a text of JSON,
// tokens in api_access_token, and paths with a slash at the end.
func TestAClientOfOthersWorks(t *testing.T) {
	s := newShop(t, nil)
	dir := nodetest.Install(t, "@figuro/chatwoot-sdk@1.1.17")
	node := nodetest.Start(t, dir, "testdata/sdk.mjs", nil,
		"BASE="+s.http.URL, "TOKEN="+userToken, "ACCOUNT=3", "INBOX=13", "IDENTIFIER=inbox-13", "AGENT=7")
	var got struct {
		Inboxes                          []tania.InboxID
		Inbox, Source, Renamed, Resolved string
		Contact                          tania.ContactID
		Found, Listed                    []tania.ContactID
		Conversation                     tania.ConversationID
		Message                          rails.Object
		History, Labels                  []string
		Open, Filtered, Visits           []tania.ConversationID
		Assignee                         tania.UserID
		Mine                             map[string]int
		Visitor                          struct {
			ID   tania.ConversationID
			Said []string
		}
	}
	s.must(json.Unmarshal([]byte(node.Await("done ")), &got))
	node.Wait()
	want := got
	want.Inboxes, want.Inbox, want.Renamed, want.Resolved = []tania.InboxID{11, 12, 13, 14}, "Mobile App", "Ana María Pérez", "resolved"
	want.Found, want.Listed = []tania.ContactID{got.Contact}, []tania.ContactID{got.Contact}
	want.History, want.Labels = []string{"Hola, ¿en qué puedo ayudarle?"}, []string{"vip", "factura"}
	want.Open, want.Filtered, want.Visits = []tania.ConversationID{1}, []tania.ConversationID{1}, []tania.ConversationID{2}
	want.Conversation, want.Visitor.ID, want.Visitor.Said = 1, 2, []string{"¿Abren hoy?"}
	want.Assignee, want.Mine = 7, map[string]int{"mine_count": 0, "assigned_count": 1, "unassigned_count": 0, "all_count": 1}
	if diff := cmp.Diff(want, got); diff != "" || got.Source == "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	m := s.Messages(1)[0]
	if m.Type != chatwootsim.Outgoing || m.Private || m.Attributes["order"].(rails.Object)["id"] != 7.0 || len(m.Attachments) != 1 ||
		m.Sender.ID != 8 {
		t.Errorf("%+v", m)
	}
	file := s.call("", http.MethodGet, m.Attachments[0].URL[len(s.http.URL):], "")
	if file.raw != "factura" || m.Attachments[0].Extension != "pdf" || m.Attachments[0].Type != "file" {
		t.Errorf("%+v: %+v", m.Attachments[0], file)
	}
	c, _ := s.Conversation(2)
	if c.Status != tania.StatusPending || c.Contact.Identifier != "luis-1" {
		t.Errorf("the visitor's: %+v", c)
	}
}
