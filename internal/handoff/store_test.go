package handoff

import (
	"context"
	"errors"
	"testing"

	"tania/internal/queue"
	"tania/internal/tania"
)

// failingMemory does not take the n-th note, and calls failed then.
type failingMemory struct {
	Memory
	n      int
	failed func()
}

func (m *failingMemory) UpdateConversation(
	ctx context.Context, k tania.ConversationKey, change func(*tania.Conversation) bool,
) (tania.Conversation, error) {
	if m.n--; m.n == 0 {
		m.failed()
		return tania.Conversation{}, queue.ErrUnavailable
	}
	return m.Memory.UpdateConversation(ctx, k, change)
}

// TestNothingIsDoneThatCannotBeNoted: what Chatwoot writes of a later step would hide a message that was sent and not noted.
func TestNothingIsDoneThatCannotBeNoted(t *testing.T) {
	const notes = 9
	for n := 1; n <= notes+1; n++ {
		p := newPlace(t, newMemory(t))
		calls := -1
		whole := p.memory
		p.memory = &failingMemory{Memory: whole, n: n, failed: func() { calls = len(p.calls) }}
		_, _, err := p.run(t.Context(), 0)
		if n > notes {
			if err != nil || calls >= 0 {
				t.Errorf("there are more notes than %d (%v)", notes, err)
			}
			continue
		}
		if !errors.Is(err, queue.ErrUnavailable) || len(p.calls) != calls {
			t.Errorf("note %d: %v, and then the calls %v", n, err, p.calls[calls:])
		}
		p.memory, p.Resumed = whole, true
		if _, _, err := p.run(t.Context(), 0); err != nil {
			t.Errorf("after note %d: %v", n, err)
		}
		for _, w := range p.check() {
			t.Errorf("after note %d: %s", n, w)
		}
		p.Close()
	}
}
