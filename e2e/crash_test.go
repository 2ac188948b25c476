package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"tania/internal/chatwoot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// kills is how often the process is killed; TANIA_E2E_KILLS asks for more.
const kills = 100

// TestKill9UnderLoad kills tania at random moments while customers write, starts it again, and counts in the simulator's
// log: no accepted message lost, none answered twice, order kept.
func TestKill9UnderLoad(t *testing.T) {
	rounds := kills
	if s := os.Getenv("TANIA_E2E_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	in := newInstallation(t, "QUEUE_DEBOUNCE_MS=30", "QUEUE_DEBOUNCE_MAX_MS=200", "WORKER_CONCURRENCY=8", "WORKER_TYPING_ENABLED=false",
		// A webhook to a process that is down is never repeated, and opens the conversation to humans.
		"BOT_REPLY_STATUSES=pending,open", "GOVERNOR_RATE_LIMIT_ENABLED=false",
		// A crash counts as an attempt, so that a message that kills the process does not do so for ever. Here the message
		// is innocent, and a slow machine could have one turn killed again and again.
		"QUEUE_MAX_RETRIES=20")
	in.tania.start()

	conversations, leave := in.customers(t)
	for range rounds {
		// Long enough for some work to be done, and no certain point of it.
		pauseFor(t, 60*time.Millisecond+rand.N(300*time.Millisecond))
		in.tania.kill()
		in.tania.start()
	}
	leave()
	in.check(t, conversations, in.tania)
}

func pauseFor(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}

// customers has 24 customers write until they leave, and gives their conversations.
func (in *installation) customers(t *testing.T) (conversations []tania.ConversationID, leave func()) {
	t.Helper()
	stop, stopped := context.WithCancel(t.Context())
	t.Cleanup(stopped)
	var wg sync.WaitGroup
	for c := range 24 {
		first, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(c, 0)})
		if err != nil {
			t.Fatal(err)
		}
		conversations = append(conversations, first.Conversation)
		wg.Go(func() { in.customer(stop, t, c, first.Conversation) })
	}
	return conversations, func() {
		stopped()
		wg.Wait()
	}
}

// customer writes bursts of one to three messages, and goes on when the burst was answered or the patience is over.
func (in *installation) customer(ctx context.Context, t *testing.T, c int, id tania.ConversationID) {
	n := 0
	for ctx.Err() == nil {
		for range 1 + rand.IntN(3) {
			n++
			if _, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: id, Text: question(c, n)}); err != nil {
				t.Error(err)
				return
			}
		}
		last := mark.FindString(question(c, n))
		patience, done := context.WithTimeout(ctx, 2*time.Second)
		_ = in.sim.WaitFor(patience, func() bool { return slices.Contains(in.answered(id), last) })
		done()
		// Reading the answer takes a moment.
		select {
		case <-time.After(800*time.Millisecond + rand.N(400*time.Millisecond)):
		case <-ctx.Done():
		}
	}
}

// check waits until everything accepted is answered and nothing else can come, and counts. It ends the processes.
func (in *installation) check(t *testing.T, conversations []tania.ConversationID, processes ...*process) {
	t.Helper()
	if err := in.awaitAll(t, time.Minute, in.sim.Underway); err != nil {
		t.Error(err)
	}
	accepted, spools := in.accepted(), in.spools()
	var want [][]asked
	messages, refused := 0, 0
	for _, id := range conversations {
		var list []asked
		for _, m := range in.sim.Messages(id) {
			if m.Type != chatwootsim.Incoming {
				continue
			}
			came, ok := accepted[m.ID]
			if !ok {
				refused++
				continue
			}
			list = append(list, asked{mark.FindString(m.Content), came, spools[m.ID]})
			messages++
		}
		want = append(want, list)
	}
	lost := func() (n int) {
		for i, id := range conversations {
			got := in.answered(id)
			for _, m := range want[i] {
				if !slices.Contains(got, m.mark) {
					n++
				}
			}
		}
		return n
	}
	if err := in.awaitAll(t, time.Minute, lost); err != nil {
		t.Errorf("%d of %d accepted messages were never answered", lost(), messages)
		for i, id := range conversations {
			got := in.answered(id)
			for _, m := range want[i] {
				if !slices.Contains(got, m.mark) {
					t.Logf("conversation %d: %s was not answered:\n%s\n%s", id, m.mark, in.transcript(id, m.mark),
						in.get(t, fmt.Sprintf("/admin/conversations/1/%d", id)))
				}
			}
		}
	}
	in.wait(t, processes)
	twice, misordered, behind, mixed := 0, 0, 0, 0
	for i, id := range conversations {
		again, late, spooledLate := compare(want[i], in.answers(t, id))
		for _, m := range again {
			t.Logf("conversation %d: %s was answered twice:\n%s", id, m, in.transcript(id, m))
		}
		for _, m := range late {
			t.Logf("conversation %d: %s was answered after a later one:\n%s", id, m, in.transcript(id, m))
		}
		twice += len(again)
		misordered += len(late)
		behind += len(spooledLate)
		mixed += in.mixed(id)
	}
	t.Logf("%d messages accepted, %d refused while tania was down; lost %d, twice %d, out of order %d and %d that were spooled, turns at once %d",
		messages, refused, lost(), twice, misordered, behind, mixed)
	if twice+misordered+mixed > 0 {
		t.Errorf("%d messages were answered twice, %d out of order, %d turns ran at once", twice, misordered, mixed)
	}
	if messages < 100 {
		t.Errorf("only %d messages were accepted: that is no load", messages)
	}
}

// wait ends the processes when they have no turn left: whatever was to come twice has come then, however late.
func (in *installation) wait(t *testing.T, processes []*process) {
	t.Helper()
	await(t, time.Minute, "the last turns to end", func() bool {
		s := in.stats(t)
		return s.Waiting+s.Active+s.Delayed == 0
	})
	for _, p := range processes {
		p.end()
	}
	in.await(t, time.Minute, "the last webhooks", in.sim.Settled)
}

// asked is a customer's message: its mark, when its webhook was answered 200, and the process that spooled it then, empty where Redis took
// it.
type asked struct {
	mark  string
	came  time.Time
	spool string
}

// answer is a mark in a message of the bot's, and when the turn that sent it began.
type answer struct {
	mark  string
	began time.Time
}

// answers gives those of a conversation, in the order in which they were sent. A turn's id tells when it began, by the queue's clock.
func (in *installation) answers(t *testing.T, id tania.ConversationID) (list []answer) {
	t.Helper()
	for _, m := range in.sim.BotMessages(id) {
		began, err := ulid.ParseStrict(turn(m))
		if err != nil {
			t.Errorf("the turn of %q: %v", m.Content, err)
		}
		for _, name := range mark.FindAllString(m.Content, -1) {
			list = append(list, answer{name, began.Timestamp()})
		}
	}
	return list
}

// compare names the messages that were answered twice, and those that were answered after a later one though they had come when the
// turn that answered the later one began: what comes afterwards cannot be answered before. Apart from these are those that one process
// spooled while another had the later one: docs/delivery.md names them among what remains.
func compare(want []asked, got []answer) (twice, misordered, spooled []string) {
	position := map[string]int{}
	for i, m := range want {
		position[m.mark] = i
	}
	for i, a := range got {
		before := got[:i]
		if slices.ContainsFunc(before, func(b answer) bool { return b.mark == a.mark }) {
			twice = append(twice, a.mark)
			continue
		}
		at, ok := position[a.mark]
		overtaken := func(b answer) bool { return ok && position[b.mark] > at && want[at].came.Before(b.began) }
		switch {
		case slices.ContainsFunc(before, func(b answer) bool {
			return overtaken(b) && (want[at].spool == "" || want[at].spool == want[position[b.mark]].spool)
		}):
			misordered = append(misordered, a.mark)
		case slices.ContainsFunc(before, overtaken):
			spooled = append(spooled, a.mark)
		}
	}
	return twice, misordered, spooled
}

func TestWhatIsTwiceAndWhatIsOutOfOrder(t *testing.T) {
	at := func(ms int64) time.Time { return time.UnixMilli(1_800_000_000_000 + ms) }
	want := []asked{{mark: "q0x1", came: at(10)}, {mark: "q0x2", came: at(50)}, {mark: "q0x3", came: at(20)}}
	inSpool := slices.Clone(want)
	inSpool[1].spool = "a"
	inSpools := slices.Clone(inSpool)
	inSpools[2].spool = "b"
	inOneSpool := slices.Clone(inSpool)
	inOneSpool[2].spool = "a"
	for name, x := range map[string]struct {
		want                       []asked
		got                        []answer
		twice, misordered, spooled []string
	}{
		"in order":                  {got: []answer{{"q0x1", at(60)}, {"q0x2", at(60)}, {"q0x3", at(60)}}},
		"the second came too late":  {got: []answer{{"q0x1", at(30)}, {"q0x3", at(30)}, {"q0x2", at(60)}}},
		"the second came in time":   {got: []answer{{"q0x1", at(60)}, {"q0x3", at(60)}, {"q0x2", at(60)}}, misordered: []string{"q0x2"}},
		"the last before the first": {got: []answer{{"q0x3", at(30)}, {"q0x1", at(60)}, {"q0x2", at(60)}}, misordered: []string{"q0x1"}},
		"the first again": {
			got:   []answer{{"q0x1", at(30)}, {"q0x3", at(30)}, {"q0x1", at(60)}, {"q0x2", at(60)}},
			twice: []string{"q0x1"},
		},
		"one that was not accepted":   {got: []answer{{"q0x1", at(30)}, {"q0x9", at(30)}, {"q0x3", at(40)}, {"q0x2", at(70)}}},
		"a turn of one, then another": {got: []answer{{"q0x1", at(30)}, {"q0x3", at(70)}, {"q0x2", at(80)}}, misordered: []string{"q0x2"}},
		"the second was spooled": {
			want: inSpool, got: []answer{{"q0x1", at(30)}, {"q0x3", at(70)}, {"q0x2", at(80)}}, spooled: []string{"q0x2"},
		},
		"the second and the third were, by two": {
			want: inSpools, got: []answer{{"q0x1", at(30)}, {"q0x3", at(70)}, {"q0x2", at(80)}}, spooled: []string{"q0x2"},
		},
		"the second and the third were, by one": {
			want: inOneSpool, got: []answer{{"q0x1", at(30)}, {"q0x3", at(70)}, {"q0x2", at(80)}}, misordered: []string{"q0x2"},
		},
		"the second was, and comes twice": {
			want: inSpool, got: []answer{{"q0x1", at(30)}, {"q0x2", at(70)}, {"q0x2", at(80)}}, twice: []string{"q0x2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if x.want == nil {
				x.want = want
			}
			twice, misordered, spooled := compare(x.want, x.got)
			if !slices.Equal(twice, x.twice) || !slices.Equal(misordered, x.misordered) || !slices.Equal(spooled, x.spooled) {
				t.Errorf("twice %q, want %q; out of order %q, want %q; spooled %q, want %q", twice, x.twice, misordered, x.misordered,
					spooled, x.spooled)
			}
		})
	}
}

// mixed counts turns that sent something after another turn of the conversation began to.
func (in *installation) mixed(id tania.ConversationID) (n int) {
	var turns []string
	for _, m := range in.sim.BotMessages(id) {
		at := slices.Index(turns, turn(m))
		if at >= 0 && at < len(turns)-1 {
			n++
		}
		if at < 0 {
			turns = append(turns, turn(m))
		}
	}
	return n
}

// transcript shows a conversation around the messages that hold a mark, and their webhooks.
func (in *installation) transcript(id tania.ConversationID, m string) string {
	var b strings.Builder
	messages := in.sim.Messages(id)
	holds := func(message chatwootsim.Message) bool { return strings.Contains(message.Content, m) }
	first := max(slices.IndexFunc(messages, holds)-2, 0)
	ids := map[tania.MessageID]bool{}
	for last := first; last < len(messages) && last < first+14; last++ {
		message := messages[last]
		ids[message.ID] = message.Type == chatwootsim.Incoming
		fmt.Fprintf(&b, "  %s %d %s %q %v\n", message.Created.Format("05.000"), message.ID, message.Type, message.Content,
			message.Attributes[chatwoot.MarkerKey])
	}
	for _, d := range in.sim.Deliveries() {
		if !ids[d.Message] {
			continue
		}
		fmt.Fprintf(&b, "  webhook of %d, made %s %s:", d.Message, d.Made.Format("05.000"), d.Fault)
		for _, a := range d.Attempts {
			fmt.Fprintf(&b, " %s: %d %s%s", a.At.Format("05.000"), a.Status, a.Answer, a.Error)
		}
		b.WriteString("\n")
	}
	return b.String()
}
