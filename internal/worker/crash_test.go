package worker_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/bots"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/handoff"
	"tania/internal/outage"
	"tania/internal/tania"
	"tania/internal/testsize"
	"tania/internal/worker"
)

// world is what can be known of a reply whose fate was not noted.
type world struct {
	// noEcho loses the webhooks of the bot's messages; noLook is a Chatwoot that does not let a bot look; user is a user's token, which may
	// list messages; writesOn has the customer write before the next worker comes.
	noEcho, noLook, user, writesOn bool
	// twice is the first part that may be said twice when its sending was not noted, 0: none.
	twice int
}

// worlds are those of docs/delivery.md, "The window that remains".
var worlds = map[string]world{
	"echo and look":                         {},
	"echo, no look":                         {noLook: true},
	"look, no echo":                         {noEcho: true},
	"list, no echo":                         {noEcho: true, user: true},
	"list, no echo, the customer writes on": {noEcho: true, user: true, writesOn: true},
	"neither look nor echo":                 {noEcho: true, noLook: true, twice: 1},
	// A bot's look then shows the customer's message alone, and that the wait is over since: the first part was sent.
	"look, no echo, the customer writes on": {noEcho: true, writesOn: true, twice: 2},
}

// stage is a rig whose workers come and go.
type stage struct {
	*rig
	world
	parts    int
	replies  atomic.Int64
	now      atomic.Pointer[process]
	handover bool
}

func newStage(t *testing.T, w world, parts int, handover bool, change ...func(*settings)) *stage {
	s := &stage{world: w, parts: parts, handover: handover}
	s.rig = newRig(t, s.respond, func(o *settings) {
		patiently(o)
		if w.user {
			o.user = true
			o.sim.Users = []chatwootsim.User{{ID: 9, Name: "Tania", Role: "administrator", Token: userToken}}
		}
		if w.noLook {
			o.sim.Version = "4.14.1"
		}
		o.sim.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "SMS", Channel: tania.ChannelSMS, ActiveBot: true}}
		o.worker.Concurrency, o.worker.MaxAttempts = 1, 10
		o.queue.MaxAttempts = 10
		o.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(q *http.Request) (*http.Response, error) {
				if p := s.now.Load(); p != nil {
					return p.wire(next, q)
				}
				return next.RoundTrip(q)
			})
		}
		for _, set := range change {
			set(o)
		}
	})
	s.stop()
	return s
}

// respond is the model: each reply has its number, and the parts theirs. It thinks for longer than the lease's renewal takes to come.
func (s *stage) respond(context.Context, llm.Prompt) (llm.Response, error) {
	time.Sleep(6 * time.Second) // the bubble's clock
	n := s.replies.Add(1)
	parts := make([]string, s.parts)
	for i := range parts {
		parts[i] = fmt.Sprintf("reply %d part %d. ", n, i+1) + strings.Repeat("x ", 130)
	}
	r := llm.Response{Text: strings.Join(parts, "\n\n"), Known: true, Usage: tania.Usage{Model: "m", Calls: 1}}
	if s.handover {
		r.Handoff = &llm.Handoff{Reason: "for the test"}
	}
	return r, nil
}

// begin starts a worker in a process of its own; end stops it.
func (s *stage) begin(p *process) (end func()) {
	s.now.Store(p)
	o := s.options
	o.Engine, o.Peers = p, s.peers(model(s.respond), outage.Options{})
	runtime := *s.runtime
	runtime.Handoff = handoff.New(handoff.Options{
		Chatwoot: s.client, Memory: p, Teams: map[tania.InboxID]tania.TeamID{11: 5}, Label: "handoff", Bot: s.bot,
	})
	o.Bots = bots.NewRegistry(&runtime)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- worker.New(o).Run(ctx) }()
	return func() {
		s.t.Helper()
		stop()
		if err := <-done; err != nil {
			s.t.Errorf("the worker ended with %v", err)
		}
	}
}

// asks has a customer of a new conversation ask, and loses the echoes of what will be answered where the world is such.
func (s *stage) asks() tania.ConversationID {
	s.t.Helper()
	c := s.write(0, questions(1))
	s.until("the webhook", s.sim.Settled)
	if s.noEcho {
		s.inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDrop, Event: "message_created"})
	}
	return c
}

// undisturbed gives the calls that leave a process from claim to completion, in order.
func (s *stage) undisturbed() []string {
	s.t.Helper()
	p := newProcess(s.engine, failed, point{call: "none"})
	end := s.begin(p)
	c := s.asks()
	s.idle(time.Hour)
	end()
	s.sim.Heal()
	if twice := s.sentTwice(c); len(twice) > 0 {
		s.t.Fatalf("undisturbed, pieces %v are sent twice", twice)
	}
	return p.calls[:1+slices.Index(p.calls, "complete 1")]
}

// strike has a process come to harm while it answers a customer, and another finish. It gives the pieces that were sent twice.
func (s *stage) strike(h harm, at point) (twice []int) {
	s.t.Helper()
	victim := newProcess(s.engine, h, at)
	end := s.begin(victim)
	c := s.asks()
	select {
	case <-victim.struck:
	case <-time.After(time.Hour):
		s.t.Fatal("the point was not reached")
	}
	if h == killed {
		end()
	}
	s.until("the webhooks", s.sim.Settled)
	if s.writesOn && h != failed {
		s.sim.Heal()
		s.write(c, questions(2))
		s.until("the webhook", s.sim.Settled)
	}
	if h != failed {
		heir := s.begin(newProcess(s.engine, failed, point{call: "none"}))
		defer heir()
	} else {
		defer end()
	}
	s.idle(time.Hour)
	if h == stopped {
		victim.resume()
		end()
		s.idle(time.Hour)
	}
	s.sim.Heal()
	return s.sentTwice(c)
}

var saidPart = regexp.MustCompile(`^reply (\d+) part (\d+)\.`)

// pieces is how many messages a reply has: its parts and, with a handoff, the word to the customer and the note to the agents.
func (s *stage) pieces() int {
	if s.handover {
		return s.parts + 2
	}
	return s.parts
}

// sending is the call by which a piece is sent, noting the one that notes it.
func (s *stage) sending(piece int) string {
	if piece == s.parts+2 {
		return "private note 1"
	}
	return fmt.Sprint("send ", piece)
}

func (s *stage) noting(piece int) string { return fmt.Sprint("note ", piece) }

// sent gives the bot's messages as numbers of replies and of pieces in them.
func (s *stage) sent(c tania.ConversationID) (sent [][2]int) {
	reply := 0
	for _, m := range s.sim.Messages(c) {
		if m.Type != chatwootsim.Outgoing {
			continue
		}
		piece := s.parts + 1
		if m.Private {
			piece++
		}
		if said := saidPart.FindStringSubmatch(m.Content); said != nil {
			reply, _ = strconv.Atoi(said[1])
			piece, _ = strconv.Atoi(said[2])
		}
		sent = append(sent, [2]int{reply, piece})
	}
	return sent
}

// sentTwice checks that what was sent is one reply to each question or to both, whole and in order, and gives the pieces sent more than
// once.
func (s *stage) sentTwice(c tania.ConversationID) (twice []int) {
	s.t.Helper()
	var once [][2]int
	for _, piece := range s.sent(c) {
		if slices.Contains(once, piece) {
			twice = append(twice, piece[1])
			continue
		}
		once = append(once, piece)
	}
	for i, piece := range once {
		if first := once[i-i%s.pieces()][0]; piece != [2]int{first, i%s.pieces() + 1} {
			s.t.Errorf("sent, as reply and piece: %v", once)
			break
		}
	}
	if len(once) == 0 || len(once)%s.pieces() != 0 || len(once) > 2*s.pieces() {
		s.t.Errorf("not sent to an end: %v", once)
	}
	s.check(c)
	return twice
}

// check sees to what else a turn leaves: its record, and the rest of a handoff.
func (s *stage) check(c tania.ConversationID) {
	s.t.Helper()
	outcome := tania.OutcomeAnswered
	if s.handover {
		outcome = tania.OutcomeHandedOver
		state, _ := s.sim.Conversation(c)
		if state.Status != tania.StatusOpen || state.Team != 5 || len(state.Labels) != 1 || len(state.CustomAttributes) != 2 {
			s.t.Errorf("conversation %+v; want all of the handoff", state)
		}
	}
	if d := s.record(c); d.Outcome != outcome || d.Error != "" {
		s.t.Errorf("outcome %s, error %q, want %s", d.Outcome, d.Error, outcome)
	}
}

// mayDouble reports whether a piece may be sent twice that comes to harm at a point: between Chatwoot's saving it and Tania's noting it,
// where nothing shows it, and where a process stood still between its last look at the lease and the sending.
func (s *stage) mayDouble(h harm, at point, piece int) bool {
	if h == stopped && at == (point{call: s.sending(piece)}) {
		return true
	}
	unnoted := at == point{s.sending(piece), true} || at == point{call: s.noting(piece)}
	hidden := s.twice > 0 && piece >= s.twice && (h != failed || !s.writesOn)
	return unnoted && hidden
}

// TestACrashAnywhereOfATurnIsFinishedByAnother strikes a process at every call that leaves it (testsize), before and after its effect.
func TestACrashAnywhereOfATurnIsFinishedByAnother(t *testing.T) {
	for name, w := range worlds {
		for parts := 1; parts <= 3; parts++ {
			if w.twice == 0 && (parts < 3 || testing.Short()) {
				continue
			}
			t.Run(fmt.Sprint(name, ", parts: ", parts), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { newStage(t, w, parts, false).everywhere() })
			})
		}
	}
	for _, name := range []string{"echo and look", "look, no echo", "list, no echo"} {
		t.Run(name+", with a handoff", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { newStage(t, worlds[name], 1, true).everywhere() })
		})
	}
}

func (s *stage) everywhere() {
	calls := s.undisturbed()
	if !slices.Contains(calls, fmt.Sprint("send ", s.parts)) || !slices.Contains(calls, "renew 1") {
		s.t.Fatalf("the turn made the calls %v", calls)
	}
	every := testsize.Of(1, 7) // not an even number, or it would be before each effect alone
	for n := 0; n < 3*2*len(calls); n += every {
		h, at := []harm{killed, failed, stopped}[n%3], point{calls[n/6], n/3%2 == 1}
		s.allowed(h, at, s.strike(h, at))
		if s.t.Failed() {
			s.t.Fatalf("%s %s", h, at)
		}
	}
}

// allowed holds what was sent twice against the window: in it a piece is, unless the process may have lost its lease in time; nothing else.
func (s *stage) allowed(h harm, at point, twice []int) {
	s.t.Helper()
	for piece := 1; piece <= s.pieces(); piece++ {
		got, may := slices.Contains(twice, piece), s.mayDouble(h, at, piece)
		if got && !may || !got && may && h != stopped {
			s.t.Errorf("piece %d sent twice: %v, want %v", piece, got, may)
		}
	}
	if len(twice) > 1 {
		s.t.Errorf("sent twice: %v", twice)
	}
}

// TestALaterPartProvesTheEarlierOnes loses what was noted of a reply whose worker died at its end. A bot's look shows the last part alone.
func TestALaterPartProvesTheEarlierOnes(t *testing.T) {
	for name, w := range map[string]world{"look": {noEcho: true}, "list": {noEcho: true, user: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, w, 3, false)
				victim := newProcess(s.engine, killed, point{call: "complete 1"})
				end := s.begin(victim)
				c := s.asks()
				<-victim.struck
				end()
				if _, err := s.engine.UpdateConversation(t.Context(), tania.ConversationKey{Account: 1, Conversation: c},
					func(m *tania.Conversation) bool {
						m.Sent = nil
						return true
					}); err != nil {
					t.Fatal(err)
				}
				defer s.begin(newProcess(s.engine, failed, point{call: "none"}))()
				s.idle(time.Hour)
				if twice := s.sentTwice(c); len(twice) > 0 {
					t.Errorf("parts %v are sent twice", twice)
				}
				// A part that a later one proves is in Chatwoot as a message that nobody knows.
				if replies := s.record(c).Replies; len(replies) == 0 || slices.Contains(replies, 0) {
					t.Errorf("the record has the replies %v", replies)
				}
			})
		})
	}
}

// TestAnEarlierHandoffDoesNotCarryALaterOnePastAHuman has the webhooks of a handoff and of its end lost, and a human step
// in while the model asks for one.
func TestAnEarlierHandoffDoesNotCarryALaterOnePastAHuman(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, goOn := make(chan struct{}), make(chan struct{})
		r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
			close(asked)
			<-goOn
			return llm.Response{Handoff: &llm.Handoff{Reason: "for the test"}}, nil
		}, patiently)
		defer r.stop()
		c := r.write(0, "quiero hablar con una persona")
		r.until("the webhook", r.sim.Settled)
		r.inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDrop})
		r.idle(time.Hour)
		if err := r.sim.SetStatus(c, 7, tania.StatusPending, time.Time{}); err != nil {
			t.Fatal(err)
		}
		r.until("the webhooks' loss", r.sim.Settled)
		r.sim.Heal()
		time.Sleep(2 * time.Minute) // the bubble's clock
		r.write(c, questions(1))
		<-asked
		if _, err := r.sim.AgentReplies(c, 7, "Yo le atiendo.", chatwootsim.ViaAPI); err != nil {
			t.Fatal(err)
		}
		r.until("the webhook", r.sim.Settled)
		close(goOn)
		r.idle(time.Hour)
		r.wantSaid(c, r.spanish(r.bot.Handoff))
		if d := r.record(c); d.Outcome != tania.OutcomeSilent || d.Reason != tania.HumanActive {
			t.Errorf("outcome %s for %s, want silence because of the human", d.Outcome, d.Reason)
		}
	})
}
