package once_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/redistest"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/call"
	"tania/internal/tool/once"
	"tania/internal/tool/policy"
)

var server *redistest.Server

func TestMain(m *testing.M) {
	os.Exit(redistest.Main(m, func(s *redistest.Server) (func(), error) { server = s; return func() {}, nil }))
}

// shop is a web server that counts what it did. It knows repetitions by their key.
type shop struct {
	*httptest.Server
	mu sync.Mutex
	// made are calls of earlier turns.
	made []tool.Made
	keys map[string]bool
	done map[string]int
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{keys: map[string]bool{}, done: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch key := q.Header.Get("Idempotency-Key"); {
		case q.Method == http.MethodGet && s.done[strings.TrimPrefix(q.URL.Path, "/look")] == 0 && strings.HasPrefix(q.URL.Path, "/look"):
			_, _ = w.Write([]byte(`null`))
			return
		case q.Method == http.MethodGet, key != "" && s.keys[key]:
		default:
			s.keys[key] = true
			s.done[q.URL.Path]++
		}
		_, _ = fmt.Fprintf(w, `{"path":%q}`, q.URL.Path)
	}))
	t.Cleanup(s.Close)
	return s
}

// tools are a read, and writes that are known again by a key, by a look-up, and by nothing.
func (s *shop) tools() []tool.Tool {
	at := func(name, method, path string, risk tool.Risk) tool.Tool {
		return tool.Tool{
			Name: name, Description: name, Parameters: json.RawMessage(`{"type":"object","properties":{"id":{"type":"string"}}}`), Risk: risk,
			HTTP: &tool.HTTP{Method: method, URL: s.URL + path, Private: []string{"127.0.0.1"}, Timeout: 5 * time.Second, MostBytes: 4096},
		}
	}
	keyed, looked := at("keyed", "POST", "/keyed", tool.Write), at("looked", "POST", "/looked", tool.Write)
	keyed.Once.Header = "Idempotency-Key"
	looked.Once.Check = "look"
	approved := at("approved", "POST", "/approved", tool.Approve)
	approved.Once.Header = "Idempotency-Key"
	approved.Limits.Max = []tool.Max{{Count: 1}}
	return []tool.Tool{
		approved,
		at("read", "GET", "/read", tool.Read), at("look", "GET", "/look/looked", tool.Read), keyed, looked,
		at("bare", "POST", "/bare", tool.Write),
	}
}

// errKilled is what a process meets that does not live any more.
var errKilled = errors.New("killed")

// process is the journal and the callers of one process, which dies before or after the effect of its nth call.
type process struct {
	queue.Journal
	call.Caller
	left int
}

func (p *process) alive() bool {
	p.left--
	return p.left != 0
}

func (p *process) Intend(ctx context.Context, t *queue.Turn, intent []byte) (n int, err error) {
	return n, p.live(func() error { n, err = p.Journal.Intend(ctx, t, intent); return err })
}

func (p *process) Settle(ctx context.Context, t *queue.Turn, n int, result []byte) error {
	return p.live(func() error { return p.Journal.Settle(ctx, t, n, result) })
}

func (p *process) Call(ctx context.Context, r call.Request) (o call.Outcome, err error) {
	return o, p.live(func() error { o, err = p.Caller.Call(ctx, r); return err })
}

// live does something unless the process is dead; after its death nothing of it counts. A dead process reads no error: it panics.
func (p *process) live(do func() error) error {
	if !p.alive() {
		panic(errKilled)
	}
	err := do()
	if !p.alive() {
		panic(errKilled)
	}
	return err
}

// attempt has a scripted model call tools as a turn does: what was called before is not called again.
func attempt(ctx context.Context, box *once.Box, script []string) (results []string, err error) {
	defer func() {
		if died := recover(); died != nil {
			if err, _ = died.(error); !errors.Is(err, errKilled) {
				panic(died)
			}
		}
	}()
	steps, _, err := box.Before(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		results = append(results, s.Calls[0].Result)
	}
	for _, name := range script[len(steps):] {
		r, err := box.Call(ctx, llm.Call{Tool: name, Arguments: map[string]any{}})
		if err != nil {
			return results, err
		}
		results = append(results, r)
	}
	return results, nil
}

func engines(t *testing.T) map[string]queue.Engine {
	o := queue.Options{Debounce: time.Millisecond, DebounceMax: time.Millisecond}
	return map[string]queue.Engine{"sqlite": enginetest.SQLite(t, o), "redis": enginetest.Redis(t, server, o)}
}

var messages tania.MessageID

// claimed is a turn of a new conversation.
func claimed(t *testing.T, e queue.Engine) *queue.Turn {
	t.Helper()
	messages++
	m := tania.Message{ID: messages, Key: tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(messages)}, Content: "x"}
	if _, err := e.Push(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return claim(t, e)
}

func claim(t *testing.T, e queue.Engine) *queue.Turn {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), 20*time.Second)
	defer done()
	turn, err := e.Claim(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return turn
}

// inherited is a dead process's turn as another claims it. That a lease ends by itself is for the suite of engines; here it is given back.
func inherited(t *testing.T, e queue.Engine, turn *queue.Turn) *queue.Turn {
	t.Helper()
	if err := e.Release(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	return claim(t, e)
}

func (s *shop) box(t *testing.T, e queue.Engine, turn *queue.Turn, dies int) *once.Box {
	t.Helper()
	return s.boxOf(t, e, turn, dies, nil)
}

// boxOf is a box of a turn whose conversation has a request for the team's word.
func (s *shop) boxOf(t *testing.T, e queue.Engine, turn *queue.Turn, dies int, asked *tania.Approval) *once.Box {
	t.Helper()
	h := call.NewHTTP(nil)
	t.Cleanup(h.Close)
	p := &process{Journal: e, Caller: h, left: dies}
	rules, problems := policy.New(s.tools(), nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return once.New(once.Options{
		Tools: s.tools(), Policy: rules, Journal: p, Turn: turn, Callers: once.Callers{HTTP: p},
		Approval: asked, Facts: policy.Facts{Turn: time.Now().UTC(), Made: s.made}, Now: func() time.Time { return time.Now().UTC() },
	})
}

// TestEachWriteOnceWhereverAProcessDies kills a turn with three calls at every point, before and after each effect, on both engines.
func TestEachWriteOnceWhereverAProcessDies(t *testing.T) {
	script := []string{"read", "keyed", "looked"}
	for name, e := range engines(t) {
		t.Run(name, func(t *testing.T) {
			points := 0
			for dies := 1; ; dies++ {
				s := newShop(t)
				turn := claimed(t, e)
				results, err := attempt(t.Context(), s.box(t, e, turn, dies), script)
				killed := errors.Is(err, errKilled)
				if killed {
					turn = inherited(t, e, turn)
					results, err = attempt(t.Context(), s.box(t, e, turn, -1), script)
				}
				if err != nil || len(results) != 3 || !strings.Contains(results[1], "/keyed") {
					t.Fatalf("killed at %d: %q, %v", dies, results, err)
				}
				if s.done["/keyed"] != 1 || s.done["/looked"] != 1 {
					t.Errorf("killed at %d: the shop did %v, want each once", dies, s.done)
				}
				if err := e.Complete(t.Context(), turn); err != nil {
					t.Fatal(err)
				}
				if points = dies; !killed {
					break
				}
			}
			if points < 18 {
				t.Errorf("the turn has %d points, want those of three calls", points)
			}
		})
	}
}

// TestAWriteThatNobodyCanLookUpIsNotRepeated: it is done at most once, and where nobody knows a person is told.
func TestAWriteThatNobodyCanLookUpIsNotRepeated(t *testing.T) {
	e := enginetest.SQLite(t, queue.Options{Debounce: time.Millisecond, DebounceMax: time.Millisecond})
	doubts := 0
	for dies := 1; dies <= 7; dies++ {
		s := newShop(t)
		turn := claimed(t, e)
		_, err := attempt(t.Context(), s.box(t, e, turn, dies), []string{"bare"})
		for range 2 { // a second heir reads what the first settled
			if err == nil {
				break
			}
			turn = inherited(t, e, turn)
			_, err = attempt(t.Context(), s.box(t, e, turn, -1), []string{"bare"})
		}
		doubt, doubtful := errors.AsType[*once.DoubtfulError](err)
		if doubtful {
			doubts++
			if doubt.Tool != "bare" || !strings.Contains(doubt.Error(), "may have been done, or not") {
				t.Errorf("told: %v", doubt)
			}
		}
		if n := s.done["/bare"]; n > 1 || !doubtful && (n != 1 || err != nil) {
			t.Errorf("killed at %d: done %d times, %v", dies, n, err)
		}
		if err := e.Complete(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
	if doubts == 0 {
		t.Error("nowhere is in doubt what was done")
	}
}

// TestASecondWriteOfTheSameIsToldTheFirst: a model that repeats itself, after a newer message for example, changes nothing.
func TestASecondWriteOfTheSameIsToldTheFirst(t *testing.T) {
	e := enginetest.SQLite(t, queue.Options{Debounce: time.Millisecond, DebounceMax: time.Millisecond})
	s := newShop(t)
	turn := claimed(t, e)
	box := s.box(t, e, turn, -1)
	results, err := attempt(t.Context(), box, []string{"bare", "bare"})
	if err != nil || s.done["/bare"] != 1 || !strings.Contains(results[1], "was done already") || !box.Wrote() {
		t.Errorf("%q, %v, %v", results, err, s.done)
	}
	// The turn starts over: the model is told what was done.
	steps, after, err := box.Before(t.Context())
	if err != nil || len(steps) != 1 || after == "" || !strings.Contains(steps[0].Calls[0].Result, "/bare") {
		t.Errorf("%+v, %q, %v", steps, after, err)
	}
	if acts := box.Acts(); len(acts) != 2 || acts[0].Refused != once.Again || !acts[1].OK {
		t.Errorf("acts are %+v", acts)
	}
	if r, err := box.Call(t.Context(), llm.Call{Tool: "bare"}); err != nil || !strings.Contains(r, "could not be read") {
		t.Errorf("arguments that could not be read: %q, %v", r, err)
	}
	if r, err := box.Call(t.Context(), llm.Call{Tool: "drop", Arguments: map[string]any{}}); err != nil || !strings.HasPrefix(r, "refused: ") {
		t.Errorf("a tool that is not there: %q, %v", r, err)
	}
	if s.done["/bare"] != 1 {
		t.Errorf("the shop did %v", s.done)
	}
}

// awayOnce fails its first call as one that is to be made again.
type awayOnce struct{ calls int }

type awayError struct{}

func (awayError) Error() string { return "away" }
func (awayError) Repeat() bool  { return true }

func (a *awayOnce) Call(context.Context, call.Request) (call.Outcome, error) {
	if a.calls++; a.calls == 1 {
		return call.Outcome{}, awayError{}
	}
	return call.Outcome{Result: "done", OK: true}, nil
}

// TestACallThatIsToBeRepeatedIsLeftToTheNextAttempt: it ends the attempt, stands in the journal without a result, and is made then.
func TestACallThatIsToBeRepeatedIsLeftToTheNextAttempt(t *testing.T) {
	tools := []tool.Tool{{
		Name: "label", Description: "d", Parameters: json.RawMessage(`{"type":"object"}`), Risk: tool.Write, Chatwoot: "set_label",
	}}
	rules, problems := policy.New(tools, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, e := range engines(t) {
		turn, away := claimed(t, e), &awayOnce{}
		box := func() *once.Box {
			return once.New(once.Options{
				Tools: tools, Policy: rules, Journal: e, Turn: turn, Callers: once.Callers{Chatwoot: away},
				Now: func() time.Time { return time.Now().UTC() },
			})
		}
		if _, err := attempt(t.Context(), box(), []string{"label"}); !call.Repeats(err) {
			t.Fatalf("%s: %v", name, err)
		}
		if calls, err := e.Calls(t.Context(), turn); err != nil || len(calls) != 1 || calls[0].Settled {
			t.Errorf("%s: the journal has %+v, %v", name, calls, err)
		}
		turn = inherited(t, e, turn)
		results, err := attempt(t.Context(), box(), []string{"label"})
		if err != nil || len(results) != 1 || results[0] != `"done"` || away.calls != 2 {
			t.Errorf("%s: %q, %v after %d calls", name, results, err, away.calls)
		}
	}
}
