package schedule

import (
	"container/heap"

	"tania/internal/tania"
)

// fair holds what is ready and serves accounts in turn, and of each its inboxes, so that one with thousands of ready conversations does not
// delay the others; within an inbox, what was due first comes first.
type fair struct {
	Lines ring[tania.AccountID, ring[tania.InboxID, byDue]]
	Size  int
}

// ring holds lines that are served in turn. A line keeps its place, even with nothing in it, until it is its turn.
type ring[K comparable, L any] struct {
	by map[K]*L
	// next are those that have a line, in the order they are served.
	next []K
}

// line gives the line of a name, a new one at the end where there is none.
func (r *ring[K, L]) line(name K) *L {
	l := r.by[name]
	if l == nil {
		if r.by == nil {
			r.by = map[K]*L{}
		}
		l = new(L)
		r.by[name] = l
		r.next = append(r.next, name)
	}
	return l
}

// Len is how many lines there are.
func (r *ring[K, L]) Len() int { return len(r.by) }

// pop takes what a line gives whose turn it is, and reports whether more is in that line; nil where no line has anything.
func (r *ring[K, L]) pop(take func(*L) (b *Mailbox, more bool)) *Mailbox {
	for len(r.next) > 0 {
		name := r.next[0]
		r.next = r.next[1:]
		b, more := take(r.by[name])
		if more {
			r.next = append(r.next, name)
		} else {
			delete(r.by, name)
		}
		if b != nil {
			return b
		}
	}
	return nil
}

func (f *fair) push(b *Mailbox) {
	b.line = f.Lines.line(b.Key.Account).line(b.Inbox)
	heap.Push(b.line, b)
	f.Size++
}

// remove takes a mailbox out.
func (f *fair) remove(b *Mailbox) {
	heap.Remove(b.line, b.index)
	f.Size--
}

// Pop gives the next mailbox, nil when nothing is ready.
func (f *fair) Pop() *Mailbox {
	b := f.Lines.pop(func(inboxes *ring[tania.InboxID, byDue]) (*Mailbox, bool) {
		b := inboxes.pop(func(l *byDue) (*Mailbox, bool) {
			if len(*l) == 0 {
				return nil, false
			}
			return heap.Pop(l).(*Mailbox), len(*l) > 0
		})
		return b, inboxes.Len() > 0
	})
	if b != nil {
		b.place = nowhere
		f.Size--
	}
	return b
}

// Oldest gives the mailbox that has been due longest, nil when nothing is ready.
func (f *fair) Oldest() (first *Mailbox) {
	for _, inboxes := range f.Lines.by {
		for _, l := range inboxes.by {
			if len(*l) > 0 && (first == nil || (*l)[0].Due.Before(first.Due)) {
				first = (*l)[0]
			}
		}
	}
	return first
}
