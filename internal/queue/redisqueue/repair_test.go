package redisqueue

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/tania"
)

// damage is a store with work of every kind in it, one key of which is then lost.
type damage struct {
	*store
	t *testing.T
	// held is a turn that a worker has, parked one that waits for somebody's word.
	held, parked *queue.Turn
}

const debounce = 10 * time.Second

// burst is more than a mailbox has room for.
const burst = 40

// newDamage has, in account 1: a turn that a worker has, with a message behind it (conversation 1), one that waits for its retry with
// a checkpoint (2), bursts that are not over (3, and 7 of more messages than a mailbox has room for), mailboxes that are ready (4, and 5 of
// account 2), a dead letter (6), a parked turn (8), and the memory and records of a conversation.
func newDamage(t *testing.T) *damage {
	s := newStore(t, queue.Options{Debounce: debounce, DebounceMax: time.Minute, Lease: time.Hour})
	t.Cleanup(s.Remove)
	d := &damage{store: s, t: t}
	ctx := t.Context()
	push(t, s.e, key(1, 6), 60)
	s.Advance(debounce)
	try(t, s.e.Bury(ctx, claim(t, s.e), errors.New("poison")))
	push(t, s.e, key(1, 2), 20)
	s.Advance(debounce)
	retried := claim(t, s.e)
	try(t, s.e.Checkpoint(ctx, retried, []byte("said")))
	try(t, s.e.Retry(ctx, retried, time.Hour, errors.New("later")))
	push(t, s.e, key(1, 8), 80)
	s.Advance(debounce)
	d.parked = claim(t, s.e)
	try(t, s.e.Park(ctx, d.parked, time.Hour, []byte("may it?")))
	push(t, s.e, key(1, 1), 10)
	s.Advance(debounce)
	d.held = claim(t, s.e)
	push(t, s.e, key(1, 1), 11)
	push(t, s.e, key(1, 4), 40)
	push(t, s.e, key(2, 5), 50)
	s.Advance(debounce)
	if _, err := s.e.Stats(ctx); err != nil { // moves what is due into its line
		t.Fatal(err)
	}
	push(t, s.e, key(1, 3), 30)
	push(t, s.e, key(1, 3), 31)
	for id := range burst {
		push(t, s.e, key(1, 7), 700+id)
	}
	_, err := s.e.UpdateConversation(ctx, key(1, 1), func(c *tania.Conversation) bool { c.Inbox = 7; return true })
	try(t, err)
	try(t, s.e.SaveRecords(ctx, tania.Record{Key: key(1, 1), Message: 9, At: s.Now(), Outcome: tania.OutcomeSilent}))
	return d
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d *damage) lose(kind string) {
	d.t.Helper()
	lost := 0
	for _, k := range d.keys() {
		_, name, _ := strings.Cut(k, "}:")
		if head, _, _ := strings.Cut(name, ":"); head != kind {
			continue
		}
		lost++
		try(d.t, admin.Do(d.t.Context(), admin.B().Del().Key(k).Build()).Error())
	}
	if lost == 0 {
		d.t.Fatalf("there is no key of the kind %q", kind)
	}
}

// repaired does what the engine does by itself every ten seconds, and what it does every hour.
func (d *damage) repaired() int64 {
	d.t.Helper()
	try(d.t, d.e.check(d.t.Context()))
	if _, err := d.e.checkPartition(d.t.Context(), d.e.bases[0], true); err != nil {
		d.t.Fatal(err)
	}
	s, err := d.e.Stats(d.t.Context())
	try(d.t, err)
	return s.Repaired
}

// drain completes the turn that a worker has, if it still has it, and all that comes due in a day, and gives what was claimed.
func (d *damage) drain() map[string][]tania.MessageID {
	d.t.Helper()
	seen := map[string][]tania.MessageID{}
	take := func(turn *queue.Turn) {
		for _, m := range turn.Messages {
			seen[turn.Key.String()] = append(seen[turn.Key.String()], m.ID)
		}
	}
	if err := d.e.Complete(d.t.Context(), d.held); err == nil {
		take(d.held)
	} else if !errors.Is(err, queue.ErrLost) {
		d.t.Fatal(err)
	}
	for range 4 {
		d.Advance(2 * time.Hour)
		_, turns, err := d.e.claimScript(d.e.bases[0], claimMost)
		try(d.t, err)
		for _, turn := range turns {
			if turn.Key == key(1, 2) && string(turn.Checkpoint) != "said" {
				d.t.Errorf("%s lost its checkpoint", turn.Key)
			}
			take(turn.Turn)
			try(d.t, d.e.Complete(d.t.Context(), turn.Turn))
		}
	}
	return seen
}

var everything = map[string][]tania.MessageID{
	"1:1": {10, 11}, "1:2": {20}, "1:3": {30, 31}, "1:4": {40}, "2:5": {50}, "1:7": bursting(), "1:8": {80},
}

func bursting() (ids []tania.MessageID) {
	for id := range burst {
		ids = append(ids, tania.MessageID(700+id))
	}
	return ids
}

// TestAKeyThatIsLostAloneStopsNobody loses each kind of key in turn: evicted by a Redis that is full, or deleted by hand. What the other
// keys tell is put back, and every message is claimed once and in order.
func TestAKeyThatIsLostAloneStopsNobody(t *testing.T) {
	for _, kind := range []string{"d", "l", "la", "ls", "i", "is", "a", "b", "p", "w", "ws", "n", "token", "seen", "C", "cu", "R", "ru"} {
		t.Run(kind, func(t *testing.T) {
			d := newDamage(t)
			before := d.held.Token
			d.lose(kind)
			d.repaired()
			if parked, err := d.e.ParkedTurns(t.Context(), 0); err != nil || len(parked) != 1 || parked[0].ID != d.parked.ID {
				t.Errorf("parked turns after the loss of %s: %+v (%v)", kind, parked, err)
			}
			if diff := cmp.Diff(everything, d.drain()); diff != "" {
				t.Errorf("what was claimed after the loss of %s: %s", kind, diff)
			}
			push(t, d.e, key(3, 1), 100)
			d.Advance(debounce)
			turn := claim(t, d.e)
			if turn.Token <= before {
				t.Errorf("token %d after %d", turn.Token, before)
			}
			try(t, d.e.Complete(t.Context(), turn))
			if again := d.repaired(); d.repaired() != again {
				t.Error("what was put back is put back again and again")
			}
		})
	}
}

// TestAnEngineOfAnEarlierVersionKnowsNoInboxes has one put mailboxes into their account's line alone, and take others out of it: nothing
// is claimed twice or stays behind, and once it was checked inboxes are served in turn.
func TestAnEngineOfAnEarlierVersionKnowsNoInboxes(t *testing.T) {
	for _, checked := range []bool{false, true} {
		s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1})
		t.Cleanup(s.Remove)
		line := s.e.bases[0] + ":l:1"
		for n := 1; n <= 22; n++ {
			m := tania.Message{ID: tania.MessageID(n), Key: key(1, n), Inbox: 11, Content: `"inbox":13`}
			if n > 20 {
				m.Inbox = 12
			}
			_, err := s.e.Push(t.Context(), m)
			try(t, err)
		}
		do := func(args ...string) {
			t.Helper()
			try(t, admin.Do(t.Context(), admin.B().Arbitrary(args...).Build()).Error())
		}
		// The first one it takes out, to put it off; the others it puts in, and packs them without their inbox.
		do("ZREM", line, "1:1")
		do("EVAL", `for _, key in ipairs(redis.call('HKEYS', KEYS[1])) do
			local v = cmsgpack.unpack(redis.call('HGET', KEYS[1], key))
			redis.call('HSET', KEYS[1], key, cmsgpack.pack({key == '1:1' and 'd' or v[1], v[2], v[3], v[4], v[5], v[6], v[7]}))
		end
		return 1`, "1", s.e.bases[0]+":b")
		do("ZADD", s.e.bases[0]+":d", strconv.FormatInt(s.Now().Add(time.Hour).UnixMicro(), 10), "1:1")
		do("DEL", line+":12", line+":11", s.e.bases[0]+":i:1", s.e.bases[0]+":is:1")
		do("ZADD", line+":11", "1", "1:1")
		do("SADD", s.e.bases[0]+":is:1", "11")
		do("RPUSH", s.e.bases[0]+":i:1", "11")
		if checked {
			try(t, s.e.check(t.Context()))
		}
		seen := map[tania.ConversationKey]int{}
		for n := range 22 {
			if n == 21 {
				s.Advance(2 * time.Hour)
			}
			turn := claim(t, s.e)
			if seen[turn.Key]++; n == 1 && checked && seen[key(1, 21)]+seen[key(1, 22)] != 1 {
				t.Errorf("the first two turns are %v, want one of inbox 12", seen)
			}
			try(t, s.e.Complete(t.Context(), turn))
		}
		if len(seen) != 22 {
			t.Errorf("claimed, after a check: %v: %v", checked, seen)
		}
		s.Advance(time.Hour)
		for kind, n := range s.Leftovers() {
			if n > 0 && kind != "seen" {
				t.Errorf("%d keys %s are left", n, kind)
			}
		}
	}
}

// TestATurnWhoseKeyIsLostIsClaimedAnew: its messages are still there; its checkpoint is not.
func TestATurnWhoseKeyIsLostIsClaimedAnew(t *testing.T) {
	d := newDamage(t)
	d.lose("t")
	if err := d.e.Complete(t.Context(), d.held); !errors.Is(err, queue.ErrLost) {
		t.Errorf("the worker of a turn that was lost completed it: %v", err)
	}
	d.repaired()
	d.Advance(debounce) // what was found again is a burst
	seen := map[string][]tania.MessageID{}
	for range len(everything) {
		turn := claim(t, d.e)
		for _, m := range turn.Messages {
			seen[turn.Key.String()] = append(seen[turn.Key.String()], m.ID)
		}
		try(t, d.e.Complete(t.Context(), turn))
	}
	if diff := cmp.Diff(everything, seen); diff != "" {
		t.Error(diff)
	}
}

// TestMessagesThatAreLostAreCountedAndTheRestGoesOn loses the hash of all texts: nothing can bring these back.
func TestMessagesThatAreLostAreCountedAndTheRestGoesOn(t *testing.T) {
	d := newDamage(t)
	d.lose("m")
	push(t, d.e, key(1, 4), 41)
	d.repaired()
	seen := d.drain()
	if diff := cmp.Diff(map[string][]tania.MessageID{"1:1": {10}, "1:4": {41}}, seen); diff != "" {
		t.Errorf("only what the worker has and what came later is there: %s", diff)
	}
	s, err := d.e.Stats(t.Context())
	if err != nil || s.Lost != 7+burst || s.RepairedAt.IsZero() {
		t.Errorf("stats %+v (%v), want so many lost messages: 11, 20, 30, 31, 40, 50, 80 and the burst", s, err)
	}
}

func TestDeadTurnsAreListedAgain(t *testing.T) {
	d := newDamage(t)
	d.lose("dead")
	if n := d.repaired(); n == 0 {
		t.Error("nothing was put back")
	}
	if dead, err := d.e.Dead(t.Context(), 0); err != nil || len(dead) != 1 || dead[0].Key != key(1, 6) {
		t.Errorf("dead turns %+v (%v)", dead, err)
	}
	d.lose("x")
	d.repaired()
	if s, err := d.e.Stats(t.Context()); err != nil || s.Failed != 0 || s.Lost != 1 {
		t.Errorf("stats %+v (%v), want no dead turn that is not there, and one lost", s, err)
	}
}

func TestAPauseThatIsLostIsPutBack(t *testing.T) {
	for _, kind := range []string{"paused", "n"} {
		d := newDamage(t)
		_, err := d.e.Pause(t.Context(), "Jane")
		try(t, err)
		d.lose(kind)
		d.repaired()
		if s, err := d.e.Stats(t.Context()); err != nil || !s.Paused || s.PausedBy != "Jane" {
			t.Errorf("%s: stats %+v (%v), want the pause", kind, s, err)
		}
		if changed, err := d.e.Resume(t.Context(), "Jane"); err != nil || !changed {
			t.Errorf("%s: resumed %v (%v)", kind, changed, err)
		}
		d.repaired()
		if s, err := d.e.Stats(t.Context()); err != nil || s.Paused {
			t.Errorf("%s: stats %+v (%v), want no pause", kind, s, err)
		}
	}
}

// TestWhatIsWholeIsNotRepaired runs the check at every step of a store's life.
func TestWhatIsWholeIsNotRepaired(t *testing.T) {
	d := newDamage(t)
	for range 3 {
		if n := d.repaired(); n != 0 {
			t.Fatalf("%d repairs of what was whole", n)
		}
		d.Advance(debounce)
	}
	if diff := cmp.Diff(everything, d.drain()); diff != "" {
		t.Error(diff)
	}
	if n := d.repaired(); n != 0 {
		t.Errorf("%d repairs at the end", n)
	}
}

// TestAnEngineRepairsByItself loses a line while an engine runs on Redis's own time.
func TestAnEngineRepairsByItself(t *testing.T) {
	n := name()
	e := process(t, server, n, nil)
	push(t, e, key(1, 1), 1)
	for _, kind := range []string{"la", "l:1"} {
		try(t, admin.Do(t.Context(), admin.B().Del().Key(base(n, 0)+":"+kind).Build()).Error())
	}
	other := process(t, server, n, nil) // looks at its start
	if turn := claim(t, other); !slices.Equal(idsOf(turn), []tania.MessageID{1}) {
		t.Errorf("claimed %v", fmt.Sprint(idsOf(turn)))
	}
}

func idsOf(turn *queue.Turn) (ids []tania.MessageID) {
	for _, m := range turn.Messages {
		ids = append(ids, m.ID)
	}
	return ids
}
