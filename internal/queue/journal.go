package queue

import "context"

// Journal is what turns do outside of the store and must not do twice: calls that write. An entry is there before its call is made, with
// what is about to be done, and has its result afterwards. A later attempt, after a crash, a lost lease or a restart for newer messages,
// reads what was done already; an entry without a result is a call of which nobody knows whether it was made.
//
// Entries belong to the turn: they end with it (Complete), stay with it among the dead letters, and are there again after RetryDead. All
// operations are refused with ErrLost to a worker that has lost the turn.
type Journal interface {
	// Intend stores what is about to be done, durably before it returns, and gives the entry's number, counted from 1 over the turn's whole
	// life. It is refused with ErrAmended where Checkpoint is: what is about to be done was decided on an older text.
	Intend(ctx context.Context, t *Turn, intent []byte) (int, error)
	// Settle stores what came of an entry, in the place of an earlier result if there is one. It is never refused for an amended message: what
	// was done was done. It gives ErrNotFound for a number that Intend has not given.
	Settle(ctx context.Context, t *Turn, number int, result []byte) error
	// Calls gives the turn's entries in the order of their numbers.
	Calls(ctx context.Context, t *Turn) ([]Call, error)
}

// Call is an entry of the journal.
type Call struct {
	// Number counts from 1.
	Number int    `json:"number"`
	Intent []byte `json:"intent"`
	// Settled reports whether the result is known.
	Settled bool   `json:"settled"`
	Result  []byte `json:"result,omitempty"`
}
