package sqlitequeue

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// schedule is what runs next: mailboxes that are delayed, by their due time, and mailboxes that are ready, by turns.
type schedule struct {
	mailboxes map[tania.ConversationKey]*mailbox
	delayed   byDue
	ready     fair
	active    map[*turn]struct{}
	// parked are those of the delayed whose current turn waits for somebody's word.
	parked map[*mailbox]struct{}
}

func newSchedule() *schedule {
	return &schedule{
		mailboxes: map[tania.ConversationKey]*mailbox{}, ready: fair{lines: map[tania.AccountID]*byDue{}},
		active: map[*turn]struct{}{}, parked: map[*mailbox]struct{}{},
	}
}

// mailbox is a conversation with something to do. It is in the schedule until it has nothing.
type mailbox struct {
	key tania.ConversationKey
	// waiting are messages that belong to no turn yet, ascending by id.
	waiting []message
	// turns have been claimed at least once, or come from the dead letters; the first is the current one.
	turns       []*turn
	first, last time.Time // arrivals of the waiting messages
	due         time.Time
	place       place
	index       int // in the heap of its place
}

type place int

const (
	nowhere place = iota
	delayed
	ready
	running
)

// message refers to a stored message; its text stays on disk.
type message struct {
	id  tania.MessageID
	seq int64
}

// turn is a turn between its first claim and its end.
type turn struct {
	id         tania.TurnID
	box        *mailbox
	messages   []message
	attempt    int
	hold       *hold // nil while no worker has it
	restarts   int
	deferred   int
	due        time.Time
	failures   []queue.Failure
	checkpoint []byte
	// again holds the messages, by seq, that were changed since the checkpoint and wait again when the turn has ended.
	again map[int64]bool
	// calls is how many entries its journal has.
	calls int
	// parked is nil for a turn that never was.
	parked *parking
}

// hold is a worker's claim on a turn.
type hold struct {
	token       uint64
	lease       time.Time
	newer, lost chan struct{}
	// amended reports whether a message was changed since the worker read it.
	amended bool
}

// token is the fencing token, 0 while no worker has the turn.
func (t *turn) token() uint64 {
	if t.hold == nil {
		return 0
	}
	return t.hold.token
}

func (s *schedule) box(key tania.ConversationKey) *mailbox {
	b := s.mailboxes[key]
	if b == nil {
		b = &mailbox{key: key}
		s.mailboxes[key] = b
	}
	return b
}

// join adds a turn at its place: the one that a worker has comes first, then one that is parked, then the oldest.
func (b *mailbox) join(t *turn) {
	b.turns = append(b.turns, t)
	slices.SortFunc(b.turns, func(x, y *turn) int {
		if (x.hold != nil) != (y.hold != nil) {
			return cmp.Compare(y.token(), x.token())
		}
		if x.holdsPlace() != y.holdsPlace() {
			if x.holdsPlace() {
				return -1
			}
			return 1
		}
		return cmp.Compare(x.id, y.id)
	})
}

// part removes a turn.
func (b *mailbox) part(t *turn) {
	b.turns = slices.DeleteFunc(b.turns, func(other *turn) bool { return other == t })
}

// current is the turn that comes first, nil if none was claimed yet.
func (b *mailbox) current() *turn {
	if len(b.turns) == 0 {
		return nil
	}
	return b.turns[0]
}

// add puts a message among the waiting ones.
func (b *mailbox) add(m message, arrived time.Time) {
	if len(b.waiting) == 0 {
		b.first = arrived
	}
	b.last = arrived
	b.waiting = insert(b.waiting, m)
}

// insert keeps a list of messages ascending by id.
func insert(list []message, m message) []message {
	at, _ := slices.BinarySearchFunc(list, m.id, func(m message, id tania.MessageID) int { return cmp.Compare(m.id, id) })
	return slices.Insert(list, at, m)
}

// compare orders mailboxes by when they are due.
func (b *mailbox) compare(other *mailbox) int {
	return cmp.Or(b.due.Compare(other.due), cmp.Compare(b.key.Account, other.key.Account), cmp.Compare(b.key.Conversation, other.key.Conversation))
}

// take moves the waiting messages into a turn.
func (b *mailbox) take(t *turn) {
	t.messages = append(t.messages, b.waiting...)
	slices.SortFunc(t.messages, func(x, y message) int { return cmp.Compare(x.id, y.id) })
	b.waiting, b.first, b.last = nil, time.Time{}, time.Time{}
}

// reckon says when a mailbox is due: its turn's time, or the end of the burst that its waiting messages are.
func (b *mailbox) reckon(debounce, most time.Duration) {
	if t := b.current(); t != nil {
		b.due = t.due
		return
	}
	b.due = b.last.Add(debounce)
	if latest := b.first.Add(most); latest.Before(b.due) {
		b.due = latest
	}
}

// place puts a mailbox where it belongs now.
func (s *schedule) place(b *mailbox, now time.Time, debounce, most time.Duration) {
	s.lift(b)
	t := b.current()
	if t == nil && len(b.waiting) == 0 {
		delete(s.mailboxes, b.key)
		return
	}
	b.reckon(debounce, most)
	switch {
	case t != nil && t.hold != nil:
		b.place = running
	case b.due.After(now):
		b.place = delayed
		heap.Push(&s.delayed, b)
		if t != nil && t.holdsPlace() {
			s.parked[b] = struct{}{}
		}
	default:
		b.place = ready
		s.ready.push(b)
	}
}

// lift takes a mailbox from where it is.
func (s *schedule) lift(b *mailbox) {
	switch b.place {
	case delayed:
		heap.Remove(&s.delayed, b.index)
		delete(s.parked, b)
	case ready:
		s.ready.remove(b)
	}
	b.place = nowhere
}

// mature moves mailboxes whose time has come among the ready ones.
func (s *schedule) mature(now time.Time) {
	for len(s.delayed) > 0 && !s.delayed[0].due.After(now) {
		b := heap.Pop(&s.delayed).(*mailbox)
		delete(s.parked, b)
		b.place = ready
		s.ready.push(b)
	}
}

// byDue is a heap of mailboxes.
type byDue []*mailbox

func (h byDue) Len() int           { return len(h) }
func (h byDue) Less(i, j int) bool { return h[i].compare(h[j]) < 0 }
func (h byDue) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push is for container/heap.
func (h *byDue) Push(x any) {
	b := x.(*mailbox)
	b.index = len(*h)
	*h = append(*h, b)
}

// Pop is for container/heap.
func (h *byDue) Pop() any {
	old := *h
	b := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return b
}
