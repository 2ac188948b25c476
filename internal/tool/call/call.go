// Package call makes the calls of tools that are on web servers: to the hosts that bot.yaml names, with the secrets that it names, within
// bounds of time and size. What comes back is cut down to what the model is to see.
package call

import (
	"context"
	"errors"
	"fmt"

	"tania/internal/tool"
)

// Request is a call that is to be made.
type Request struct {
	Tool      *tool.Tool
	Arguments map[string]any
	// Key is the same for each try of this call and no other's: its server knows a repetition by it, where the tool says how.
	Key string
}

// Outcome is what came of a call that was answered.
type Outcome struct {
	// Result is a JSON value, within the tool's bound.
	Result any
	// OK is false where the server said that it did not do it.
	OK bool
	// Status is the answer's HTTP status, 0 where it has none.
	Status int
}

// Caller makes calls of a kind of tool. An error is a *FailedError where the call is known not to have been made, or is one of which
// nobody knows. Whoever calls decides whether it may be made again.
type Caller interface {
	Call(ctx context.Context, r Request) (Outcome, error)
}

// FailedError says that a call did not come about, in words that may be shown to the model and to operators: it has no secrets.
type FailedError struct {
	// Text says why.
	Text string
	// Made reports whether the server may have done what was asked.
	Made bool
	// Again reports whether it may go well later.
	Again bool
}

// Error says why.
func (e *FailedError) Error() string { return "call: " + e.Text }

// MayHaveBeenMade reports whether a call that failed so may have been made. What is not known is taken for possible.
func MayHaveBeenMade(err error) bool {
	if f, ok := errors.AsType[*FailedError](err); ok {
		return f.Made
	}
	return true
}

func notMade(format string, a ...any) *FailedError {
	return &FailedError{Text: fmt.Sprintf(format, a...)}
}

// Repeater is an error of a call that the turn's next attempt makes again, whatever came of it: nothing is settled meanwhile.
type Repeater interface {
	error
	Repeat() bool
}

// Repeats reports whether a call that failed is made again by a later attempt.
func Repeats(err error) bool {
	r, ok := errors.AsType[Repeater](err)
	return ok && r.Repeat()
}
