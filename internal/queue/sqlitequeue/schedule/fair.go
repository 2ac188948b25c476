package schedule

import (
	"container/heap"

	"tania/internal/tania"
)

// fair holds what is ready and serves accounts in turn, so that one with thousands of ready conversations does not
// delay the others; within an account, what was due first comes first.
type fair struct {
	Lines map[tania.AccountID]*byDue
	// next are the accounts that have a line, in the order they are served.
	next []tania.AccountID
	Size int
}

func (f *fair) push(b *Mailbox) {
	l := f.Lines[b.Key.Account]
	if l == nil {
		l = &byDue{}
		f.Lines[b.Key.Account] = l
		f.next = append(f.next, b.Key.Account)
	}
	heap.Push(l, b)
	f.Size++
}

// remove takes a mailbox out; its account keeps its place, even with nothing in its line.
func (f *fair) remove(b *Mailbox) {
	heap.Remove(f.Lines[b.Key.Account], b.index)
	f.Size--
}

// Pop gives the next mailbox, nil when nothing is ready.
func (f *fair) Pop() *Mailbox {
	for len(f.next) > 0 {
		account := f.next[0]
		f.next = f.next[1:]
		l := f.Lines[account]
		var b *Mailbox
		if len(*l) > 0 {
			b = heap.Pop(l).(*Mailbox)
			f.Size--
		}
		if len(*l) > 0 {
			f.next = append(f.next, account)
		} else {
			delete(f.Lines, account)
		}
		if b != nil {
			return b
		}
	}
	return nil
}

// Oldest gives the mailbox that has been due longest, nil when nothing is ready.
func (f *fair) Oldest() (first *Mailbox) {
	for _, l := range f.Lines {
		if len(*l) > 0 && (first == nil || (*l)[0].Due.Before(first.Due)) {
			first = (*l)[0]
		}
	}
	return first
}
