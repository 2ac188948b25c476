package web

import (
	"sync"

	"tania/internal/tania"
)

type messageKey struct {
	account tania.AccountID
	message tania.MessageID
}

// waiters are requests that wait for the decision on their message.
type waiters struct {
	mu sync.Mutex
	by map[messageKey][]chan tania.Record
}

// await registers before the message is pushed, so that no decision is missed; forget ends the wait.
func (w *waiters) await(key messageKey) (decided <-chan tania.Record, forget func()) {
	ch := make(chan tania.Record, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.by == nil {
		w.by = map[messageKey][]chan tania.Record{}
	}
	w.by[key] = append(w.by[key], ch)
	return ch, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		rest := w.by[key][:0]
		for _, c := range w.by[key] {
			if c != ch {
				rest = append(rest, c)
			}
		}
		if w.by[key] = rest; len(rest) == 0 {
			delete(w.by, key)
		}
	}
}

func (w *waiters) tell(record tania.Record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.by[messageKey{record.Key.Account, record.Message}] {
		select {
		case c <- record:
		default:
		}
	}
}
