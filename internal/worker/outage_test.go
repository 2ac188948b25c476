package worker_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/outage"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/testsize"
	"tania/internal/worker"
)

// window is when a server is away, counted from the start.
type window struct{ from, long time.Duration }

func (w window) holds(since time.Time) bool {
	at := time.Since(since)
	return at >= w.from && at < w.from+w.long
}

var questionMark = regexp.MustCompile(`q\d+-\d+`)

// errLoading is what a model's server says while it starts.
var errLoading = fmt.Errorf("%w: m: 503 Service Unavailable: Loading model", llm.ErrUnavailable)

// answering is a model that names the questions it answers, and is away now and then.
func answering(away func() bool) model {
	return func(_ context.Context, p llm.Prompt) (llm.Response, error) {
		if away() {
			return llm.Response{}, errLoading
		}
		return llm.Response{Text: "respuesta a " + strings.Join(questionMark.FindAllString(p.Text, -1), ", "), Known: true}, nil
	}
}

// page is a proxy's answer for a server that is away.
func page(q *http.Request, status int) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: q,
		Header: http.Header{"Content-Type": {"text/html"}},
		Body:   io.NopCloser(strings.NewReader("<html><body><h1>Bad Gateway</h1></body></html>")),
	}
}

// behindProxy answers with a page while away says so.
func behindProxy(away func() bool) func(*rig, http.RoundTripper) http.RoundTripper {
	return func(_ *rig, next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(q *http.Request) (*http.Response, error) {
			if away() {
				return page(q, 502), nil
			}
			return next.RoundTrip(q)
		})
	}
}

// patiently are the settings of serve, in a bubble.
func patiently(s *settings) {
	s.memory = true
	s.probes = outage.Options{}
	s.sim.NoFloodLimit = true
	s.queue = queue.Options{Debounce: -1, DebounceMax: -1}
	s.worker = worker.Options{
		Concurrency: 16, MaxAttempts: 3, RetryDelay: time.Second, ProcessingTimeout: 45 * time.Second, RestartOnNew: true,
		Lease: 15 * time.Second, ReplyMaxAge: time.Hour, Quiet: 1500 * time.Millisecond, QuietMost: 8 * time.Second,
	}
}

// heldBack are the same settings where the queue waits for a burst's end, and no answer is made before.
func heldBack(s *settings) {
	patiently(s)
	s.queue, s.worker.Quiet = queue.Options{Debounce: quietTime, DebounceMax: s.worker.QuietMost}, 0
}

// idle waits until nothing is left to do; only in a bubble.
func (r *rig) idle(most time.Duration) {
	r.t.Helper()
	for began := time.Now(); ; time.Sleep(time.Second) {
		settled := r.sim.Settled() // before the store is asked: the last webhook is in it then
		s, err := r.engine.Stats(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		if settled && s.Messages > 0 && s.Waiting+s.Active+s.Delayed == 0 {
			synctest.Wait() // the worker counts and reports a turn after the store has ended it
			return
		}
		if time.Since(began) > most {
			r.t.Fatalf("work is left after %s: %+v", most, s)
		}
	}
}

// answers checks that each question of a conversation was answered once and in order, or that a human has it after an apology; it
// reports whether that is so.
func (r *rig) answers(c tania.ConversationID) (handedOver bool) {
	r.t.Helper()
	var asked, answered []string
	apologies := 0
	for _, m := range r.sim.Messages(c) {
		if m.Type == chatwootsim.Incoming {
			asked = append(asked, questionMark.FindAllString(m.Content, -1)...)
		}
	}
	for _, text := range r.said(c) {
		answered = append(answered, questionMark.FindAllString(text, -1)...)
		if text == r.spanish(r.bot.Apology) || text == r.spanish(r.bot.Late) {
			apologies++
		}
	}
	state, _ := r.sim.Conversation(c)
	if apologies == 1 && state.Status == tania.StatusOpen {
		if !slices.Equal(answered, asked[:len(answered)]) {
			r.t.Errorf("conversation %d: asked %v, answered %v before the apology", c, asked, answered)
		}
		return true
	}
	if apologies > 0 || !slices.Equal(asked, answered) {
		r.t.Errorf("conversation %d, %s: asked %v, answered %v, %d apologies", c, state.Status, asked, answered, apologies)
	}
	return false
}

// TestOutages has a thousand customers write, twice each, before and during an outage of each length: the first
// for ten seconds, the second after that.
func TestOutages(t *testing.T) {
	customers := testsize.Of(1000, 100)
	for name, x := range map[string]struct {
		chatwoot, model window
		// mayBeHandedOver reports whether the outage is long enough for that: it must then happen to at least half of them.
		mayBeHandedOver bool
	}{
		"Chatwoot for 2 s":          {chatwoot: window{3 * time.Second, 2 * time.Second}},
		"Chatwoot for 20 s":         {chatwoot: window{3 * time.Second, 20 * time.Second}},
		"Chatwoot for 2 min":        {chatwoot: window{6 * time.Second, 2 * time.Minute}},
		"Chatwoot for 1 h":          {chatwoot: window{3 * time.Second, time.Hour + time.Minute}, mayBeHandedOver: true},
		"the model for 2 s":         {model: window{3 * time.Second, 2 * time.Second}},
		"the model for 20 s":        {model: window{6 * time.Second, 20 * time.Second}},
		"the model for 29 s":        {model: window{2 * time.Second, 29 * time.Second}},
		"the model for 2 min":       {model: window{2 * time.Second, 2 * time.Minute}, mayBeHandedOver: true},
		"the model for 1 h":         {model: window{3 * time.Second, time.Hour}, mayBeHandedOver: true},
		"both for 20 s":             {chatwoot: window{2 * time.Second, 20 * time.Second}, model: window{2 * time.Second, 20 * time.Second}},
		"both, Chatwoot for longer": {chatwoot: window{3 * time.Second, 2 * time.Minute}, model: window{2 * time.Second, 25 * time.Second}},
		"both, the model later":     {chatwoot: window{2 * time.Second, 3 * time.Minute}, model: window{170 * time.Second, 25 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // each has a clock of its own
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				r := newRig(t, answering(func() bool { return x.model.holds(began) }), func(s *settings) {
					patiently(s)
					s.transport = behindProxy(func() bool { return x.chatwoot.holds(began) })
				})
				first := make([]tania.ConversationID, customers)
				for n := range first {
					first[n] = r.write(0, fmt.Sprintf("quiero saber el precio del pastel q%d-1", n))
					time.Sleep(10 * time.Second / time.Duration(customers))
				}
				for n, c := range first {
					r.write(c, fmt.Sprintf("y el precio de la gelatina q%d-2", n))
					time.Sleep(2 * time.Second / time.Duration(customers))
				}
				r.idle(3 * time.Hour)
				// While both are away only one of them may be asked for anything.
				both := x.chatwoot.long > 0 && x.model.long > 0
				for peer, w := range map[*outage.Peer]window{r.chatwoot: x.chatwoot, r.model: x.model} {
					if n := peer.State().Outages; (n > 0) != (w.long > 0) && !both {
						t.Errorf("%s: %d outages noticed, away for %s", peer.Name, n, w.long)
					}
				}
				handed := 0
				for _, c := range first {
					if r.answers(c) {
						handed++
					}
				}
				if x.mayBeHandedOver != (handed > customers/2) || !x.mayBeHandedOver && handed > 0 {
					t.Errorf("%d of %d were handed over", handed, customers)
				}
				if s, err := r.engine.Stats(t.Context()); err != nil || s.Failed != 0 {
					t.Errorf("%d dead turns (%v), want none", s.Failed, err)
				}
				r.stop()
			})
		})
	}
}

// downFrom is a Chatwoot that goes away when a call matches for the nth time, for a while.
func downFrom(n int64, long time.Duration, matches func(*http.Request) bool) func(*rig, http.RoundTripper) http.RoundTripper {
	return func(_ *rig, next http.RoundTripper) http.RoundTripper {
		var seen, until atomic.Int64
		return roundTrip(func(q *http.Request) (*http.Response, error) {
			if matches(q) && seen.Add(1) == n {
				until.Store(time.Now().Add(long).UnixNano())
			}
			if time.Now().UnixNano() < until.Load() {
				return page(q, 503), nil
			}
			return next.RoundTrip(q)
		})
	}
}

func posts(path string) func(*http.Request) bool {
	return func(q *http.Request) bool { return q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, path) }
}

// postsNote reports whether a call posts a private note.
func postsNote(q *http.Request) bool {
	if !posts("/messages")(q) {
		return false
	}
	body, err := q.GetBody()
	if err != nil {
		return false
	}
	text, err := io.ReadAll(body)
	return err == nil && strings.Contains(string(text), `"private":true`)
}

// TestOutageWithinAReply takes Chatwoot away before each of the three parts of a reply.
func TestOutageWithinAReply(t *testing.T) {
	for n := int64(1); n <= 3; n++ {
		t.Run(fmt.Sprint("before part ", n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				long := strings.Repeat("uno ", 900) + "\n\n" + strings.Repeat("dos ", 900) + "\n\n" + strings.Repeat("tres ", 700)
				r := newRig(t, says(long), func(s *settings) {
					patiently(s)
					s.sim.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "WhatsApp", Channel: tania.ChannelWhatsApp, ActiveBot: true}}
					s.transport = downFrom(n, 2*time.Minute, posts("/messages"))
				})
				c := r.write(0, questions(1))
				r.idle(time.Hour)
				said := r.said(c)
				if len(said) != 3 || !strings.HasPrefix(said[0], "uno") || !strings.HasPrefix(said[1], "dos") || !strings.HasPrefix(said[2], "tres") {
					t.Errorf("%d parts, want three in order: %.20q", len(said), said)
				}
				if d := r.record(c); d.Outcome != tania.OutcomeAnswered || d.Attempt != 1 {
					t.Errorf("outcome %s at attempt %d, want the first", d.Outcome, d.Attempt)
				}
				r.stop()
			})
		})
	}
}

// TestOutageWithinAHandoff takes Chatwoot away before each step of a handoff: all are done afterwards, and nobody is opened to humans
// without the word that was due.
func TestOutageWithinAHandoff(t *testing.T) {
	for name, at := range map[string]func(*http.Request) bool{
		"the word": posts("/messages"), "the status": posts("/toggle_status"), "the attributes": posts("/custom_attributes"),
		"the team": posts("/assignments"), "the label": posts("/labels"), "the note": postsNote,
	} {
		t.Run("before "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, says("never"), func(s *settings) {
					patiently(s)
					s.transport = downFrom(1, 3*time.Minute, at)
				})
				c := r.write(0, "quiero hablar con una persona")
				time.Sleep(time.Minute)
				if s, _ := r.sim.Conversation(c); s.Status == tania.StatusOpen && len(r.said(c)) == 0 {
					t.Error("opened without a word")
				}
				r.idle(time.Hour)
				r.wantSaid(c, r.spanish(r.bot.Handoff))
				if notes := r.notes(c); len(notes) != 1 {
					t.Errorf("%d notes to the team, want one: %q", len(notes), notes)
				}
				s, _ := r.sim.Conversation(c)
				if s.Status != tania.StatusOpen || s.Team != 5 || len(s.Labels) != 1 || s.CustomAttributes["tania_handoff_reason"] != "requested" {
					t.Errorf("conversation %+v, want all of the handoff", s)
				}
				if d := r.record(c); d.Outcome != tania.OutcomeHandedOver || d.Attempt != 1 {
					t.Errorf("outcome %s at attempt %d, want the first", d.Outcome, d.Attempt)
				}
				r.stop()
			})
		})
	}
}
