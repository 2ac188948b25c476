package governor

import "sync/atomic"

// Self is the agent bot that Tania is. Chatwoot tells a bot's token nowhere whose it is, but names the bot as the sender of what
// was sent with it. It may be used by many goroutines; a nil Self is never known.
type Self struct {
	id atomic.Int64
	// Learnt is called when the id is heard for the first time, or another one is, possibly from within a change of the store, for
	// which it must not wait; nil: nobody listens.
	Learnt func(id int64)
}

// Learn takes in the id of the bot that sent one of Tania's own messages; 0 is none.
func (s *Self) Learn(id int64) {
	if s == nil || id == 0 || s.id.Swap(id) == id || s.Learnt == nil {
		return
	}
	s.Learnt(id)
}

// Known reports whether the id is known.
func (s *Self) Known() bool { return s != nil && s.id.Load() != 0 }

// Is reports whether a bot is Tania.
func (s *Self) Is(id int64) bool { return s.Known() && s.id.Load() == id }
