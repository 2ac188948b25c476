package sqlitequeue

import (
	"container/heap"

	"tania/internal/tania"
)

// fair holds what is ready and serves accounts in turn, so that one with thousands of ready conversations does not
// delay the others; within an account, what was due first comes first.
type fair struct {
	lines map[tania.AccountID]*byDue
	// next are the accounts that have a line, in the order they are served.
	next []tania.AccountID
	size int
}

func (f *fair) push(b *mailbox) {
	l := f.lines[b.key.Account]
	if l == nil {
		l = &byDue{}
		f.lines[b.key.Account] = l
		f.next = append(f.next, b.key.Account)
	}
	heap.Push(l, b)
	f.size++
}

// remove takes a mailbox out; its account keeps its place, even with nothing in its line.
func (f *fair) remove(b *mailbox) {
	heap.Remove(f.lines[b.key.Account], b.index)
	f.size--
}

// pop gives the next mailbox, nil when nothing is ready.
func (f *fair) pop() *mailbox {
	for len(f.next) > 0 {
		account := f.next[0]
		f.next = f.next[1:]
		l := f.lines[account]
		var b *mailbox
		if len(*l) > 0 {
			b = heap.Pop(l).(*mailbox)
			f.size--
		}
		if len(*l) > 0 {
			f.next = append(f.next, account)
		} else {
			delete(f.lines, account)
		}
		if b != nil {
			return b
		}
	}
	return nil
}

// oldest gives the mailbox that has been due longest, nil when nothing is ready.
func (f *fair) oldest() (first *mailbox) {
	for _, l := range f.lines {
		if len(*l) > 0 && (first == nil || (*l)[0].due.Before(first.due)) {
			first = (*l)[0]
		}
	}
	return first
}
