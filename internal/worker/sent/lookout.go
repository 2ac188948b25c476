package sent

import (
	"context"
	"sync"
	"time"

	"tania/internal/chatwoot"
)

// lookTimeout bounds a look at the conversation: the customer waits meanwhile.
const lookTimeout = 3 * time.Second

// forbiddenFor is how long a token that may not look is not tried again.
const forbiddenFor = 10 * time.Minute

// Lookout remembers of each bot until when its token may not look at conversations (an agent bot's before Chatwoot 4.14.2).
type Lookout struct{ forbidden sync.Map }

func (l *Lookout) may(bot string, now time.Time) bool {
	until, ok := l.forbidden.Load(bot)
	return !ok || !now.Before(until.(time.Time)) //nolint:forcetypeassert // nothing else is stored
}

// Look is one look at the conversation. ok is false, and c empty, where it failed, and where the token does not allow it, which is
// no error.
func (t Turn) Look(ctx context.Context) (c chatwoot.Conversation, ok bool, err error) {
	if !t.Lookout.may(t.Bot, time.Now()) {
		return c, false, nil
	}
	ctx, done := context.WithTimeout(ctx, lookTimeout)
	defer done()
	c, err = t.Chatwoot.Conversation(ctx, t.Key)
	if chatwoot.IsStatus(err, 401) || chatwoot.IsStatus(err, 403) {
		t.Lookout.forbidden.Store(t.Bot, time.Now().Add(forbiddenFor))
		return c, false, nil
	}
	return c, err == nil, err
}
