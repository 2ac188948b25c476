package worker

import (
	"context"
	"fmt"

	"tania/internal/reply"
	"tania/internal/wait"
)

// typed waits for as long as the next message of a reply takes to be typed, with the dots to be seen. It says why the rest of the reply is
// not to be said any more where somebody stepped in meanwhile; "" where it is.
func (r *run) typed(ctx context.Context, text string) (stopped string, err error) {
	if r.TypingInterval > 0 {
		r.behind.Go(func() { r.setTyping(ctx, true) }) // the message before ended the dots
	}
	if err := wait.For(ctx, reply.TypingTime(text)); err != nil {
		return "", fmt.Errorf("worker: between two messages: %w", err)
	}
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil {
		return "", err
	}
	contact, err := r.contact(ctx)
	if err != nil {
		return "", err
	}
	now := r.caseOf(&memory, contact)
	if v := r.Governor.Fence(now.Facts()); !v.Proceed() {
		return fmt.Sprintf("%s: %s", v.Reason, v.Detail), nil
	}
	return "", nil
}
