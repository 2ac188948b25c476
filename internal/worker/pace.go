package worker

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"tania/internal/tania"
	"tania/internal/wait"
)

// A message is typed in so long: by its length, as a quick hand types, but so that nobody waits for it.
const (
	perCharacter  = 25 * time.Millisecond
	shortestPause = 600 * time.Millisecond
	longestPace   = 2500 * time.Millisecond
)

// typed waits for as long as the next message of a reply takes to be typed, with the dots to be seen. It says why the rest of the reply is
// not to be said any more where somebody stepped in meanwhile; "" where it is.
func (r *run) typed(ctx context.Context, text string) (stopped string, err error) {
	if r.TypingInterval > 0 {
		r.behind.Go(func() { r.setTyping(ctx, true) }) // the message before ended the dots
	}
	if err := wait.For(ctx, min(max(shortestPause, time.Duration(utf8.RuneCountInString(text))*perCharacter), longestPace)); err != nil {
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

// until is a plan whose parts from one on are not said, and that hands nothing over: who stepped in has the conversation.
func (p plan) until(part int, why string) plan {
	if why == "" {
		return p
	}
	note := fmt.Sprintf("%d of %d messages were sent; %s", part, len(p.Parts), why)
	if p.Record.Detail != "" {
		note = p.Record.Detail + "; " + note
	}
	if p.Handoff != "" {
		p.Record.Outcome = tania.OutcomeAnswered
	}
	p.Record.Detail, p.Parts, p.Options, p.Handoff, p.Record.Handoff = note, p.Parts[:part], nil, "", ""
	return p
}
