package worker

import (
	"context"

	"tania/internal/pii/placeholder"
	"tania/internal/tania"
)

// hiding gives a context within which the conversation's personal data has the placeholders that it had before.
func (r *run) hiding(ctx context.Context, memory *tania.Conversation) context.Context {
	if r.Hidden.Empty() {
		return ctx
	}
	if r.placeholders == nil {
		var known []tania.Placeholder
		if memory != nil {
			known = memory.Placeholders
		}
		r.placeholders = placeholder.New(r.Hidden, r.t.Key.String(), known)
	}
	return placeholder.With(ctx, r.placeholders)
}

// personal reports whether a text has personal data that is hidden.
func (r *run) personal(text string) bool { return len(r.Hidden.Find(text)) > 0 }
