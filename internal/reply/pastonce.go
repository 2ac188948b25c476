package reply

import (
	"context"

	"tania/internal/tania"
)

// ReadOnce gives a past that a turn which starts over does not read again.
func ReadOnce(of Past) Past {
	return &readOnce{of: of, have: map[tania.MessageID][]tania.Entry{}}
}

type readOnce struct {
	of   Past
	have map[tania.MessageID][]tania.Entry
}

// Before implements Past.
func (p *readOnce) Before(ctx context.Context, key tania.ConversationKey, id tania.MessageID) ([]tania.Entry, error) {
	if read := p.have[id]; len(read) > 0 {
		return read, nil
	}
	read, err := p.of.Before(ctx, key, id)
	p.have[id] = read
	return read, err
}
