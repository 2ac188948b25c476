package approvals_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tania/internal/dashboard/approvals"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/privacy"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/redistest"
	"tania/internal/tania"
)

const hostile = `<script>alert("x")</script>`

// office is a desk over an engine in which a call waits in conversation 1:78.
type office struct {
	*testing.T
	engine queue.Engine
	http.Handler
	turn tania.TurnID
}

var key = tania.ConversationKey{Account: 1, Conversation: 78}

func newOffice(t *testing.T, e queue.Engine, mask privacy.Mask) *office {
	t.Helper()
	m := tania.Message{ID: 9, Key: key, Content: hostile, Contact: tania.Contact{ID: 2, Name: hostile}}
	if _, err := e.Push(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	turn, err := e.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	arguments, err := json.Marshal(map[string]any{"amount": 9999, "note": hostile, "a": strings.Repeat("y", 2000)})
	if err != nil {
		t.Fatal(err)
	}
	a := tania.Approval{
		Turn: turn.ID, Entry: 1, Number: 3, Tool: "refund", About: "Refunds " + hostile, Arguments: arguments, At: time.Now(),
		Until: time.Now().Add(time.Hour),
	}
	if _, err := e.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool { c.Approval = &a; return true }); err != nil {
		t.Fatal(err)
	}
	if err := e.Park(t.Context(), turn, time.Hour, []byte("refund")); err != nil {
		t.Fatal(err)
	}
	o := &office{T: t, engine: e, turn: turn.ID}
	desk := &approvals.Desk{
		Engine: e, Mask: mask, Log: slog.New(slog.DiscardHandler), Chatwoot: "https://chat.example.com/",
		Render: func(w http.ResponseWriter, _ *http.Request, status int, p element.Page) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, p.Done+"\n")
			_ = p.Content.Nodes(texts.LoadAll()["en"]()).Render(w)
		},
		Failed: func(_ http.ResponseWriter, _ *http.Request, err error) { t.Error(err) },
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+approvals.Path, desk.List)
	mux.HandleFunc("POST "+approvals.Path, desk.Decide)
	o.Handler = mux
	return o
}

func (o *office) ask(method, path string, form url.Values) *httptest.ResponseRecorder {
	o.Helper()
	r := httptest.NewRequestWithContext(o.Context(), method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	return w
}

func (o *office) decides(number, do, why string) string {
	o.Helper()
	w := o.ask(http.MethodPost, "/parked", url.Values{"conversation": {key.String()}, "number": {number}, "do": {do}, "why": {why}})
	return strings.TrimPrefix(w.Header().Get("Location"), "/parked?done=")
}

// TestACallIsDecidedOnByThePage: it shows all that will be done, the first word counts, and wakes the turn.
func TestACallIsDecidedOnByThePage(t *testing.T) {
	for name, e := range map[string]queue.Engine{
		"sqlite": enginetest.SQLite(t, queue.Options{Debounce: time.Millisecond, DebounceMax: time.Millisecond}),
		"redis":  enginetest.Redis(t, redistest.Start(t), queue.Options{Debounce: time.Millisecond, DebounceMax: time.Millisecond}),
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, e, false)
			page := o.ask(http.MethodGet, "/parked", nil).Body.String()
			for _, want := range []string{
				"amount: 9999", `value="1:78"`, `name="number" value="3"`, `value="approve"`, `value="reject"`, "Refunds &lt;script&gt;",
			} {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %s: %s", want, page)
				}
			}
			if strings.Contains(page, "<script>") {
				t.Error("somebody's text became a part of the page")
			}
			for _, stale := range []string{"2", "4"} {
				if said := o.decides(stale, "approve", ""); said != "word_late" {
					t.Errorf("a word on request %s: %s", stale, said)
				}
			}
			if said := o.decides("3", "reject", "too late"); said != "rejected" {
				t.Errorf("a word: %s", said)
			}
			if said := o.decides("3", "approve", ""); said != "word_late" {
				t.Errorf("a second word: %s", said)
			}
			memory, err := e.Conversation(t.Context(), key)
			r := memory.Approval.Ruling
			if err != nil || r == nil || r.Verdict != tania.ApprovalRejected || r.Reason != "too late" || r.Way != tania.RuledByPage {
				t.Errorf("%+v, %v", r, err)
			}
			if turn, err := e.Claim(t.Context()); err != nil || turn.ID != o.turn {
				t.Errorf("woken: %+v, %v", turn, err)
			}
			if page := o.ask(http.MethodGet, "/parked?done=rejected", nil).Body.String(); !strings.HasPrefix(page, "done.rejected\n") ||
				!strings.Contains(page, "no-parked") {
				t.Errorf("afterwards: %s", page)
			}
		})
	}
}

// TestThePageHidesCustomers where they are masked, and refuses what is no word.
func TestThePageHidesCustomers(t *testing.T) {
	o := newOffice(t, enginetest.SQLite(t, queue.Options{Debounce: time.Millisecond, DebounceMax: time.Millisecond}), true)
	page := o.ask(http.MethodGet, "/parked?done=anything", nil).Body.String()
	if strings.Contains(page, "9999") || strings.Contains(page, "amount") || strings.Contains(page, "anything") {
		t.Errorf("the page shows %s", page)
	}
	for _, form := range []url.Values{
		{},
		{"conversation": {"1:78"}, "number": {"x"}, "do": {"approve"}},
		{"conversation": {"78"}, "number": {"3"}, "do": {"approve"}},
		{"conversation": {"1:78"}, "number": {"3"}, "do": {"eat"}},
	} {
		if w := o.ask(http.MethodPost, "/parked", form); w.Code != http.StatusBadRequest {
			t.Errorf("%v: %d", form, w.Code)
		}
	}
	if said := o.decides("0", "approve", ""); said != "word_late" {
		t.Errorf("a word without a number: %s", said)
	}
}
