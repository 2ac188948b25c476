package handoff

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// say sends texts, in order, as the turn's parts name, name-2, name-3, …, each once.
func (r *run) say(ctx context.Context, name string, texts []string, private bool) (State, error) {
	state := StepSkipped
	for i, text := range texts {
		part := name
		if i > 0 {
			part += "-" + strconv.Itoa(i+1)
		}
		sent, err := r.sent(ctx, part)
		if err != nil {
			return "", err
		}
		if sent {
			state = StepBefore
			continue
		}
		if err := r.post(ctx, part, text, private); err != nil {
			return "", err
		}
		state = StepDone
	}
	return state, nil
}

// sent reports whether a part is in Chatwoot: as its echo's webhook told, else, after another attempt, by a look.
func (r *run) sent(ctx context.Context, part string) (bool, error) {
	memory, err := r.Memory.Conversation(ctx, r.Key)
	switch {
	case err != nil:
		return false, err
	case memory.WasSent(r.Turn, part):
		return true, nil
	case r.Sent == nil || !r.again && !r.Resumed:
		return false, nil
	}
	return r.Sent(ctx, part)
}

// post sends one part and remembers it. When it is not known whether Chatwoot saved it, a look decides.
func (r *run) post(ctx context.Context, part, text string, private bool) error {
	if r.Held != nil {
		if err := r.Held(ctx); err != nil {
			return err
		}
	}
	m, err := r.Chatwoot.SendMessage(ctx, r.Key, chatwoot.OutgoingMessage{
		Content: text, Private: private, Marker: &chatwoot.Marker{Turn: r.Turn, Part: part},
	})
	if chatwoot.Ambiguous(err) {
		if !r.saved(ctx, part) {
			return fmt.Errorf("%w: %w", errNotSent, err)
		}
	} else if err != nil {
		return err
	}
	return r.remember(ctx, func(c *tania.Conversation) {
		c.MarkSent(tania.SentMark{Turn: r.Turn, Part: part, Message: m.ID})
		if !private && m.ID != 0 {
			c.Remember(tania.Entry{ID: m.ID, From: tania.FromBot, Name: r.Bot.Name, Text: text, At: r.Now().UTC()})
		}
	})
}

// saved looks for a part whose call failed. A look that fails leaves the question to the next attempt.
func (r *run) saved(ctx context.Context, part string) bool {
	memory, err := r.Memory.Conversation(ctx, r.Key)
	if err == nil && memory.WasSent(r.Turn, part) {
		return true
	}
	if r.Sent == nil || errors.Is(err, context.Canceled) {
		return false
	}
	sent, err := r.Sent(ctx, part)
	return err == nil && sent
}
