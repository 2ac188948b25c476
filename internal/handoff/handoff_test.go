package handoff

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tania/internal/bot"
	"tania/internal/chatwoot"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

var (
	key = tania.ConversationKey{Account: 3, Conversation: 9}
	now = time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
)

func newMemory(t testing.TB) *sqlitequeue.Engine {
	t.Helper()
	engine, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return engine
}

// crash is a process that dies: nothing after it runs.
type crash struct{}

// fuse dies at its n-th input or output, before or after carrying it out.
type fuse struct{ left int }

func (f *fuse) burn() {
	if f.left--; f.left == 0 {
		panic(crash{})
	}
}

type fusedTransport struct {
	*fuse
	http.RoundTripper
}

func (f fusedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	f.burn()
	resp, err := f.RoundTripper.RoundTrip(r)
	if f.left == 1 && err == nil {
		// The connection dies with the process.
		_ = resp.Body.Close()
	}
	f.burn()
	return resp, err
}

type fusedMemory struct {
	*fuse
	Memory
}

func (f fusedMemory) UpdateConversation(
	ctx context.Context, k tania.ConversationKey, change func(*tania.Conversation) bool,
) (tania.Conversation, error) {
	f.burn()
	c, err := f.Memory.UpdateConversation(ctx, k, change)
	f.burn()
	return c, err
}

// place is where a handoff happens.
type place struct {
	*fakeChatwoot
	memory Memory
	Options
	Case
}

func newPlace(t testing.TB, memory Memory) *place {
	f := newFakeChatwoot(t)
	p := &place{fakeChatwoot: f, memory: memory, Options: Options{
		Teams: map[tania.InboxID]tania.TeamID{11: 5}, Label: "handoff", Bot: bot.Default(), Now: func() time.Time { return now },
	}, Case: Case{
		Turn: "T1", Key: key, Reason: tania.HandoffRequested, Language: tania.Spanish, Inbox: 11, Channel: tania.ChannelWebWidget,
		Contact: tania.Contact{ID: 501, Name: "Ana", Phone: "+5215512345678"},
		History: []tania.Entry{{ID: 70, From: tania.FromCustomer, Name: "Ana", Text: "Quiero hablar con una persona", At: now}},
	}}
	p.Sent = func(_ context.Context, part string) (bool, error) { return f.has(p.Turn, part), nil }
	return p
}

// run makes one attempt, which dies at the n-th input or output; 0: it does not.
func (p *place) run(ctx context.Context, n int) (report Report, died bool, err error) {
	f := &fuse{left: n}
	transport := &http.Transport{DisableKeepAlives: true}
	o := p.Options
	o.Memory = fusedMemory{f, p.memory}
	o.Chatwoot = chatwoot.NewClient(chatwoot.ClientOptions{
		BaseURL: p.URL, Token: "secret", MaxRetries: -1, Transport: fusedTransport{f, transport},
	})
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(crash); !ok {
				panic(r)
			}
			died = true
		}
	}()
	report, err = New(o).Run(ctx, p.Case)
	return report, false, err
}

// check tells what is not as after one whole handoff.
func (p *place) check() (wrong []string) {
	compare := func(what string, want, got any) {
		if d := cmp.Diff(want, got); d != "" {
			wrong = append(wrong, what+": "+d)
		}
	}
	compare("messages", map[string]int{"handoff": 1, "note": 1}, p.parts())
	p.mu.Lock()
	defer p.mu.Unlock()
	compare("status", "open", p.status)
	compare("team", 5, p.team)
	compare("labels", []string{"vip", "handoff"}, p.labels)
	compare("attributes", map[string]any{
		"order": "1042", "tania_handoff_reason": "requested", "tania_handoff_at": now.Format(time.RFC3339),
	}, p.attributes)
	return wrong
}

func states(r Report) string {
	var all []string
	for _, s := range r.Steps {
		all = append(all, s.Name+" "+string(s.State))
	}
	return strings.Join(all, ", ")
}

func TestAHandoffDoesEachStepInOrder(t *testing.T) {
	p := newPlace(t, newMemory(t))
	report, _, err := p.run(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range p.check() {
		t.Error(w)
	}
	calls := []string{"message", "look", "status", "look", "attributes", "team", "note", "labels", "label"}
	if diff := cmp.Diff(calls, p.calls); diff != "" {
		t.Error(diff)
	}
	if want := "farewell done, status done, attributes done, team done, note done, label done"; states(report) != want {
		t.Errorf("report: %s", states(report))
	}
	memory, err := p.memory.Conversation(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if want := (&tania.HandedOver{At: now, Reason: tania.HandoffRequested, Turn: "T1"}); !cmp.Equal(want, memory.HandedOver) {
		t.Error(cmp.Diff(want, memory.HandedOver))
	}
	if len(memory.History) != 1 || memory.History[0].From != tania.FromBot || memory.History[0].ID != 101 {
		t.Errorf("history %+v", memory.History)
	}
	again, _, err := p.run(t.Context(), 0)
	if err != nil || len(p.calls) != len(calls) {
		t.Errorf("a second run called %v, error %v", p.calls[len(calls):], err)
	}
	if strings.Count(states(again), string(StepBefore)) != 6 {
		t.Errorf("second report: %s", states(again))
	}
}

// A process that dies at any input or output of a handoff leaves something that the next attempt finishes.
func TestACrashAnywhereIsFinishedByTheNextAttempt(t *testing.T) {
	points := 0
	for n := 1; ; n++ {
		p := newPlace(t, newMemory(t))
		_, died, err := p.run(t.Context(), n)
		if !died {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		points++
		p.Resumed = true
		if _, _, err := p.run(t.Context(), 0); err != nil {
			t.Errorf("after a crash at %d: %v", n, err)
		}
		for _, w := range p.check() {
			t.Errorf("after a crash at %d: %s", n, w)
		}
		p.Close()
	}
	// 9 calls and 9 writes (the beginning, two messages, six ends), each with a point before and after.
	if points != 36 {
		t.Errorf("%d points of crash, want 36", points)
	}
}

func TestCrashesAfterCrashesAreFinishedToo(t *testing.T) {
	memory := newMemory(t)
	turn := 0
	rapid.Check(t, func(rt *rapid.T) {
		turn++
		p := newPlace(t, memory)
		defer p.Close()
		p.Turn = tania.TurnID("T" + strings.Repeat("x", turn))
		for range rapid.IntRange(1, 4).Draw(rt, "crashes") {
			if _, _, err := p.run(t.Context(), rapid.IntRange(1, 30).Draw(rt, "at")); err != nil {
				rt.Fatal(err)
			}
			p.Resumed = true
		}
		if _, _, err := p.run(t.Context(), 0); err != nil {
			rt.Fatal(err)
		}
		for _, w := range p.check() {
			rt.Error(w)
		}
	})
}

func TestASavedMessageWhoseAnswerFailedIsNotSaidTwice(t *testing.T) {
	for _, status := range []int{500, 422} {
		for _, op := range []string{"message", "note"} {
			p := newPlace(t, newMemory(t))
			p.saved[op] = status
			if _, _, err := p.run(t.Context(), 0); err != nil {
				t.Errorf("%s %d: %v", op, status, err)
			}
			for _, w := range p.check() {
				t.Errorf("%s %d: %s", op, status, w)
			}
		}
	}
	// Without a look, the echo's webhook is the proof.
	p := newPlace(t, newMemory(t))
	p.saved["message"], p.Sent = 500, nil
	if _, _, err := p.run(t.Context(), 0); err == nil {
		t.Fatal("a message of unknown fate is no error")
	}
	if _, err := p.memory.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
		c.MarkSent(tania.SentMark{Turn: "T1", Part: "handoff", Message: 101})
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.run(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	for _, w := range p.check() {
		t.Error(w)
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name   string
		op     string
		status int
		// first and second are whether the first and second attempt ask for another; report is the second's.
		first, second bool
		report        string
	}{
		{"a team that does not exist is reported", "team", 404, false, false, "team failed, note done before"},
		{"a bot that may not label", "labels", 401, false, false, "note done before, label failed"},
		{"attributes that Chatwoot refuses", "attributes", 422, false, false, "attributes failed, team done before"},
		{"a note that is forbidden", "note", 403, false, false, "note failed, label done before"},
		{"a team call that fails is tried twice, then reported", "team", 503, true, false, "team failed, note done before"},
		{"too many requests", "label", 429, true, false, "note done before, label failed"},
		{"a note of unknown fate", "note", 422, true, false, "note failed, label done before"},
		{
			"the opening fails: nothing goes on without it", "status", 500, true, true,
			"farewell done before, status failed, attributes skipped, team skipped, note skipped, label skipped",
		},
		{"the opening is refused", "status", 401, true, true, "status failed, attributes skipped"},
		{
			"the customer cannot be told: the humans are", "message", 422, true, true,
			"farewell failed, status done before, attributes done before, team done before, note done before, label done before",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlace(t, newMemory(t))
			p.refuse[c.op] = c.status
			if _, _, err := p.run(t.Context(), 0); (err != nil) != c.first {
				t.Fatalf("first attempt: %v", err)
			}
			report, _, err := p.run(t.Context(), 0)
			if (err != nil) != c.second || !strings.Contains(states(report), c.report) {
				t.Errorf("second attempt: %s, error %v", states(report), err)
			}
			for _, s := range report.Steps {
				if (s.State == StepFailed) != (s.Err != "") {
					t.Errorf("%+v", s)
				}
			}
			clear(p.refuse)
			if _, _, err := p.run(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
			for _, w := range p.check() {
				t.Error("after it was fixed:", w)
			}
		})
	}
}

func TestADeletedConversationEndsTheHandoff(t *testing.T) {
	p := newPlace(t, newMemory(t))
	p.Key.Conversation = 404
	report, _, err := p.run(t.Context(), 0)
	if !chatwoot.IsStatus(err, 404) || len(report.Steps) != 1 {
		t.Errorf("%s, error %v", states(report), err)
	}
}

// TestATurnThatIsLostSaysNothing: another worker has it, and says it.
func TestATurnThatIsLostSaysNothing(t *testing.T) {
	p := newPlace(t, newMemory(t))
	p.Held = func(context.Context) error { return queue.ErrLost }
	report, _, err := p.run(t.Context(), 0)
	if !errors.Is(err, queue.ErrLost) || len(report.Steps) != 1 || p.status != "pending" {
		t.Errorf("%s, status %s, error %v", states(report), p.status, err)
	}
	if p.has(p.Turn, "message") {
		t.Error("the customer was told")
	}
}

func TestAStoppedProcessLeavesTheRestToTheNext(t *testing.T) {
	p := newPlace(t, newMemory(t))
	ctx, stop := context.WithCancel(t.Context())
	p.Sent = func(context.Context, string) (bool, error) { stop(); return false, ctx.Err() }
	p.saved["message"] = 500
	if _, _, err := p.run(ctx, 0); !errors.Is(err, errNotSent) {
		t.Fatal(err)
	}
	p.Sent = func(_ context.Context, part string) (bool, error) { return p.has(p.Turn, part), nil }
	if _, _, err := p.run(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	for _, w := range p.check() {
		t.Error(w)
	}
}

func TestWhatHumansDidIsNotUndone(t *testing.T) {
	for _, status := range []string{"open", "resolved", "snoozed"} {
		p := newPlace(t, newMemory(t))
		p.status = status
		report, _, err := p.run(t.Context(), 0)
		if err != nil || p.status != status || !strings.Contains(states(report), "status skipped") {
			t.Errorf("%s became %s: %s, error %v", status, p.status, states(report), err)
		}
	}
	p := newPlace(t, newMemory(t))
	p.refuse["look"] = 500
	if _, _, err := p.run(t.Context(), 0); err == nil || p.status != "open" {
		t.Errorf("what cannot be looked at is opened: %s, error %v", p.status, err)
	}
}

func TestGivenBackMeanwhileTheRestIsNotWanted(t *testing.T) {
	p := newPlace(t, newMemory(t))
	p.refuse["team"] = 500
	if _, _, err := p.run(t.Context(), 0); err == nil {
		t.Fatal("no error")
	}
	clear(p.refuse)
	if _, err := p.memory.UpdateConversation(t.Context(), key,
		func(c *tania.Conversation) bool { c.HandedOver = nil; return true }); err != nil {
		t.Fatal(err)
	}
	calls := len(p.calls)
	report, _, err := p.run(t.Context(), 0)
	if err != nil || len(p.calls) != calls || strings.Count(states(report), "skipped") != 6 {
		t.Errorf("%s, error %v, calls %v", states(report), err, p.calls[calls:])
	}
	if memory, _ := p.memory.Conversation(t.Context(), key); memory.HandedOver != nil {
		t.Error("handed over again")
	}
	// A later turn hands over again.
	p.Turn = "T2"
	if _, _, err := p.run(t.Context(), 0); err != nil || p.parts()["handoff"] != 2 {
		t.Errorf("parts %v, error %v", p.parts(), err)
	}
}

func TestAHumanWhoWritesAlreadyIsNotAnnounced(t *testing.T) {
	p := newPlace(t, newMemory(t))
	p.refuse["message"] = 500
	if _, _, err := p.run(t.Context(), 0); err == nil {
		t.Fatal("no error")
	}
	clear(p.refuse)
	if _, err := p.memory.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
		c.Takeover = &tania.Takeover{Last: now.Add(time.Second)}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	report, _, err := p.run(t.Context(), 0)
	if err != nil || p.parts()["handoff"] != 0 || !strings.HasPrefix(states(report), "farewell skipped") {
		t.Errorf("%s, error %v", states(report), err)
	}
}

func TestWhatTheCustomerReads(t *testing.T) {
	bot := bot.Default()
	for _, c := range []struct {
		name string
		edit func(*place)
		want string
	}{
		{"the bot's words in the customer's language", func(p *place) { p.Language = tania.Portuguese }, bot.Handoff[tania.Portuguese]},
		{"an apology instead", func(p *place) { p.Message = "Sorry {{ name }}" }, "Sorry {\u2060{ name }}"},
		{"no team for the inbox, no label", func(p *place) { p.Inbox, p.Label = 12, "" }, bot.Handoff[tania.Spanish]},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlace(t, newMemory(t))
			c.edit(p)
			report, _, err := p.run(t.Context(), 0)
			if err != nil || p.message("handoff") != c.want {
				t.Errorf("%q, want %q; error %v", p.message("handoff"), c.want, err)
			}
			if p.Label == "" && (p.team != 0 || !strings.Contains(states(report), "team skipped, note done, label skipped")) {
				t.Errorf("team %d: %s", p.team, states(report))
			}
		})
	}
}

func TestALongMessageIsSaidInParts(t *testing.T) {
	p := newPlace(t, newMemory(t))
	p.Channel, p.Message = tania.ChannelSMS, strings.Repeat("Una persona te contesta pronto. ", 25)
	if _, _, err := p.run(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"handoff": 1, "handoff-2": 1, "handoff-3": 1, "note": 1}; !cmp.Equal(want, p.parts()) {
		t.Error(cmp.Diff(want, p.parts()))
	}
}
