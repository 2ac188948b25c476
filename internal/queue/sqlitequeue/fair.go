package sqlitequeue

import "tania/internal/tania"

// fair serves accounts in turn, so that one with thousands of ready conversations does not delay the others.
type fair struct {
	accounts map[tania.AccountID]*line
	// turnOf are the accounts with something ready, in the order they are served.
	turnOf []tania.AccountID
	size   int
}

// line is an account's ready mailboxes, first come first served. Removed ones stay as nil until they are passed.
type line struct {
	boxes []*mailbox
	head  int
	live  int
}

func (f *fair) push(b *mailbox) {
	l := f.accounts[b.key.Account]
	if l == nil {
		l = &line{}
		f.accounts[b.key.Account] = l
		f.turnOf = append(f.turnOf, b.key.Account)
	}
	b.index = len(l.boxes)
	l.boxes = append(l.boxes, b)
	l.live++
	f.size++
}

func (f *fair) remove(b *mailbox) {
	l := f.accounts[b.key.Account]
	l.boxes[b.index] = nil
	l.live--
	f.size--
}

// pop gives the next mailbox, nil when nothing is ready.
func (f *fair) pop() *mailbox {
	for len(f.turnOf) > 0 {
		account := f.turnOf[0]
		f.turnOf = f.turnOf[1:]
		l := f.accounts[account]
		b := l.next()
		if l.live == 0 {
			delete(f.accounts, account)
		} else {
			f.turnOf = append(f.turnOf, account)
		}
		if b != nil {
			f.size--
			return b
		}
	}
	return nil
}

func (l *line) next() *mailbox {
	for l.head < len(l.boxes) {
		b := l.boxes[l.head]
		l.boxes[l.head] = nil
		l.head++
		if b != nil {
			l.live--
			l.compact()
			return b
		}
	}
	return nil
}

// compact gives the passed half of a line back, in amortised constant time.
func (l *line) compact() {
	if l.head < 64 || l.head*2 < len(l.boxes) {
		return
	}
	rest := append([]*mailbox(nil), l.boxes[l.head:]...)
	for i, b := range rest {
		if b != nil {
			b.index = i
		}
	}
	l.boxes, l.head = rest, 0
}

// oldest gives the ready mailbox that has been due longest: each account's first is its oldest.
func (f *fair) oldest() *mailbox {
	var first *mailbox
	for _, l := range f.accounts {
		for _, b := range l.boxes[l.head:] {
			if b == nil {
				continue
			}
			if first == nil || b.due.Before(first.due) {
				first = b
			}
			break
		}
	}
	return first
}
