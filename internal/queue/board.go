package queue

import (
	"context"
	"time"
)

// Board is what processes tell each other beside the queue: notes, each of which one process at a time may write, and what each
// process reports of itself. Both are small and few.
type Board interface {
	// HoldNote makes holder the note's only writer for d from now, unless another is, and gives the note as it is. With the
	// same holder it renews.
	HoldNote(ctx context.Context, name, holder string, d time.Duration) (Note, error)
	// WriteNote replaces a note's body; it reports false, and does nothing, when holder is not its writer (any more).
	WriteNote(ctx context.Context, name, holder string, body []byte) (bool, error)
	// Report says what others may know of a process, for d from now, and gives what all processes report, in no order.
	Report(ctx context.Context, process string, body []byte, d time.Duration) ([][]byte, error)
}

// Note is a note as it was found.
type Note struct {
	// Held reports whether who asked is its writer.
	Held bool
	// Body is nil for a note that was never written.
	Body []byte
}
