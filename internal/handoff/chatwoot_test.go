package handoff

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeChatwoot answers the calls of a handoff as Chatwoot does, for one conversation, and notes what they did.
type fakeChatwoot struct {
	*httptest.Server
	mu         sync.Mutex
	status     string
	team       int
	labels     []string
	attributes map[string]any
	messages   []sentMessage
	// calls names every call that was carried out.
	calls []string
	// refuse answers a call with a status instead of carrying it out, saved after carrying it out.
	refuse, saved map[string]int
}

type sentMessage struct {
	Content    string `json:"content"`
	Private    bool   `json:"private"`
	Attributes struct {
		Tania chatwoot.Marker `json:"tania"`
	} `json:"content_attributes"`
}

func newFakeChatwoot(t testing.TB) *fakeChatwoot {
	f := &fakeChatwoot{
		status: "pending", labels: []string{"vip"}, attributes: map[string]any{"order": "1042"},
		refuse: map[string]int{}, saved: map[string]int{},
	}
	mux := http.NewServeMux()
	const path = "/api/v1/accounts/3/conversations/9"
	handle := func(pattern, op string, do func(body []byte) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			f.mu.Lock()
			defer f.mu.Unlock()
			op := op
			if op == "message" && strings.Contains(string(body), `"private":true`) {
				op = "note"
			}
			if status := f.refuse[op]; status != 0 {
				w.WriteHeader(status)
				fmt.Fprintf(w, `{"error":"refused %s"}`, op)
				return
			}
			f.calls = append(f.calls, op)
			answer := do(body)
			if status := f.saved[op]; status != 0 {
				delete(f.saved, op)
				w.WriteHeader(status)
				return
			}
			_ = json.NewEncoder(w).Encode(answer)
		})
	}
	handle("GET "+path, "look", func([]byte) any {
		return map[string]any{"id": 9, "status": f.status, "custom_attributes": f.attributes, "labels": f.labels, "can_reply": true}
	})
	handle("POST "+path+"/messages", "message", func(body []byte) any {
		var m sentMessage
		_ = json.Unmarshal(body, &m)
		f.messages = append(f.messages, m)
		return map[string]any{"id": 100 + len(f.messages), "content": m.Content, "message_type": 1, "private": m.Private}
	})
	handle("POST "+path+"/toggle_status", "status", func(body []byte) any {
		f.status = field[string](body, "status")
		return map[string]any{"payload": map[string]any{"success": nil, "current_status": f.status}}
	})
	handle("POST "+path+"/assignments", "team", func(body []byte) any {
		f.team = field[int](body, "team_id")
		return map[string]any{"id": f.team, "name": "Support"}
	})
	handle("GET "+path+"/labels", "labels", func([]byte) any { return map[string]any{"payload": f.labels} })
	handle("POST "+path+"/labels", "label", func(body []byte) any {
		f.labels = field[[]string](body, "labels")
		return map[string]any{"payload": f.labels}
	})
	handle("POST "+path+"/custom_attributes", "attributes", func(body []byte) any {
		f.attributes = field[map[string]any](body, "custom_attributes")
		return map[string]any{"custom_attributes": f.attributes}
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func field[T any](body []byte, name string) T {
	var all map[string]json.RawMessage
	var v T
	_ = json.Unmarshal(body, &all)
	_ = json.Unmarshal(all[name], &v)
	return v
}

// parts counts the messages by their part.
func (f *fakeChatwoot) parts() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	count := map[string]int{}
	for _, m := range f.messages {
		count[m.Attributes.Tania.Part]++
	}
	return count
}

func (f *fakeChatwoot) message(part string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.messages {
		if m.Attributes.Tania.Part == part {
			return m.Content
		}
	}
	return ""
}

func (f *fakeChatwoot) has(turn tania.TurnID, part string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.messages {
		if m.Attributes.Tania.Turn == turn && m.Attributes.Tania.Part == part {
			return true
		}
	}
	return false
}
