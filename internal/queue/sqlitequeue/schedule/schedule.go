// Package schedule is what the embedded engine has in memory: which conversations have something to do, and whose turn is next. It knows
// nothing of files, and belongs to one goroutine.
package schedule

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Schedule is what runs next: mailboxes that are delayed, by their due time, and mailboxes that are ready, by turns.
type Schedule struct {
	Mailboxes map[tania.ConversationKey]*Mailbox
	Delayed   byDue
	Ready     fair
	Active    map[*Turn]struct{}
	// Parked are those of the delayed whose current turn waits for somebody's word.
	Parked map[*Mailbox]struct{}
}

// New makes an empty schedule.
func New() *Schedule {
	return &Schedule{
		Mailboxes: map[tania.ConversationKey]*Mailbox{}, Active: map[*Turn]struct{}{}, Parked: map[*Mailbox]struct{}{},
	}
}

// Mailbox is a conversation with something to do. It is in the schedule until it has nothing.
type Mailbox struct {
	Key tania.ConversationKey
	// Inbox is the conversation's, 0 where no message names it.
	Inbox tania.InboxID
	// Waiting are messages that belong to no turn yet, ascending by id.
	Waiting []Ref
	// Turns have been claimed at least once, or come from the dead letters; the first is the current one.
	Turns       []*Turn
	first, last time.Time // arrivals of the waiting messages
	Due         time.Time
	place       place
	index       int    // in the heap of its place
	line        *byDue // where it is ready
}

// place is where a mailbox is in the schedule.
type place int

// Where a mailbox is. One that is nowhere is being moved, a worker has its current turn, or it has nothing left to do.
const (
	nowhere place = iota
	delayed
	ready
)

// Ref refers to a stored message; its text stays on disk.
type Ref struct {
	ID  tania.MessageID
	Seq int64
}

// Turn is a turn between its first claim and its end.
type Turn struct {
	ID         tania.TurnID
	Box        *Mailbox
	Messages   []Ref
	Attempt    int
	Hold       *Hold // nil while no worker has it
	Restarts   int
	Deferred   int
	Due        time.Time
	Failures   []queue.Failure
	Checkpoint []byte
	// Again holds the messages, by seq, that were changed since the checkpoint and wait again when the turn has ended.
	Again map[int64]bool
	// Calls is how many entries its journal has.
	Calls int
	// Parked is nil for a turn that never was.
	Parked *Parking
}

// ComesAgain notes that a message was changed since the checkpoint.
func (t *Turn) ComesAgain(seq int64) {
	if t.Again == nil {
		t.Again = map[int64]bool{}
	}
	t.Again[seq] = true
}

// Hold is a worker's claim on a turn.
type Hold struct {
	Token       uint64
	Lease       time.Time
	Newer, Lost chan struct{}
	// Amended reports whether a message was changed since the worker read it.
	Amended bool
}

// Token is the fencing token, 0 while no worker has the turn.
func (t *Turn) Token() uint64 {
	if t.Hold == nil {
		return 0
	}
	return t.Hold.Token
}

// Box is a conversation's mailbox, a new one where it has none.
func (s *Schedule) Box(key tania.ConversationKey) *Mailbox {
	b := s.Mailboxes[key]
	if b == nil {
		b = &Mailbox{Key: key}
		s.Mailboxes[key] = b
	}
	return b
}

// Join adds a turn at its place: the one that a worker has comes first, then one that is parked, then the oldest.
func (b *Mailbox) Join(t *Turn) {
	b.Turns = append(b.Turns, t)
	slices.SortFunc(b.Turns, func(x, y *Turn) int {
		if (x.Hold != nil) != (y.Hold != nil) {
			return cmp.Compare(y.Token(), x.Token())
		}
		if x.holdsPlace() != y.holdsPlace() {
			if x.holdsPlace() {
				return -1
			}
			return 1
		}
		return cmp.Compare(x.ID, y.ID)
	})
}

// Part removes a turn.
func (b *Mailbox) Part(t *Turn) {
	b.Turns = slices.DeleteFunc(b.Turns, func(other *Turn) bool { return other == t })
}

// Current is the turn that comes first, nil if none was claimed yet.
func (b *Mailbox) Current() *Turn {
	if len(b.Turns) == 0 {
		return nil
	}
	return b.Turns[0]
}

// Add puts a message among the waiting ones.
func (b *Mailbox) Add(m Ref, arrived time.Time) {
	if len(b.Waiting) == 0 {
		b.first = arrived
	}
	b.last = arrived
	b.Waiting = Insert(b.Waiting, m)
}

// Insert keeps a list of messages ascending by id.
func Insert(list []Ref, m Ref) []Ref {
	at, _ := slices.BinarySearchFunc(list, m.ID, func(m Ref, id tania.MessageID) int { return cmp.Compare(m.ID, id) })
	return slices.Insert(list, at, m)
}

// Compare orders mailboxes by when they are due.
func (b *Mailbox) Compare(other *Mailbox) int {
	return cmp.Or(b.Due.Compare(other.Due), cmp.Compare(b.Key.Account, other.Key.Account),
		cmp.Compare(b.Key.Conversation, other.Key.Conversation))
}

// Take moves the waiting messages into a turn.
func (b *Mailbox) Take(t *Turn) {
	t.Messages = append(t.Messages, b.Waiting...)
	slices.SortFunc(t.Messages, func(x, y Ref) int { return cmp.Compare(x.ID, y.ID) })
	b.Waiting, b.first, b.last = nil, time.Time{}, time.Time{}
}

// Reckon says when a mailbox is due: its turn's time, or the end of the burst that its waiting messages are.
func (b *Mailbox) Reckon(debounce, most time.Duration) {
	if t := b.Current(); t != nil {
		b.Due = t.Due
		return
	}
	b.Due = b.last.Add(debounce)
	if latest := b.first.Add(most); latest.Before(b.Due) {
		b.Due = latest
	}
}

// Place puts a mailbox where it belongs now.
func (s *Schedule) Place(b *Mailbox, now time.Time, debounce, most time.Duration) {
	s.lift(b)
	t := b.Current()
	if t == nil && len(b.Waiting) == 0 {
		delete(s.Mailboxes, b.Key)
		return
	}
	b.Reckon(debounce, most)
	switch {
	case t != nil && t.Hold != nil:
	case b.Due.After(now):
		b.place = delayed
		heap.Push(&s.Delayed, b)
		if t != nil && t.holdsPlace() {
			s.Parked[b] = struct{}{}
		}
	default:
		b.place = ready
		s.Ready.push(b)
	}
}

// lift takes a mailbox from where it is.
func (s *Schedule) lift(b *Mailbox) {
	switch b.place {
	case delayed:
		heap.Remove(&s.Delayed, b.index)
		delete(s.Parked, b)
	case ready:
		s.Ready.remove(b)
	}
	b.place = nowhere
}

// Mature moves mailboxes whose time has come among the ready ones.
func (s *Schedule) Mature(now time.Time) {
	for len(s.Delayed) > 0 && !s.Delayed[0].Due.After(now) {
		b := heap.Pop(&s.Delayed).(*Mailbox)
		delete(s.Parked, b)
		b.place = ready
		s.Ready.push(b)
	}
}

// byDue is a heap of mailboxes.
type byDue []*Mailbox

func (h byDue) Len() int           { return len(h) }
func (h byDue) Less(i, j int) bool { return h[i].Compare(h[j]) < 0 }
func (h byDue) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push is for container/heap.
func (h *byDue) Push(x any) {
	b := x.(*Mailbox)
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
