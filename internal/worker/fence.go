package worker

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/governor"
)

// lookTimeout bounds a look at the conversation: the customer waits meanwhile.
const lookTimeout = 3 * time.Second

// lookout remembers that the token may not look at conversations (a bot's token before Chatwoot 4.14.2).
type lookout struct{ forbiddenUntil atomic.Int64 }

// look is one look at the conversation. ok is false where the token does not allow it.
func (r *run) look(ctx context.Context) (c chatwoot.Conversation, ok bool, err error) {
	if time.Now().Unix() < r.lookout.forbiddenUntil.Load() {
		return c, false, nil
	}
	ctx, done := context.WithTimeout(ctx, lookTimeout)
	defer done()
	c, err = r.Chatwoot.Conversation(ctx, r.t.Key)
	if chatwoot.IsStatus(err, 401) || chatwoot.IsStatus(err, 403) {
		r.lookout.forbiddenUntil.Store(time.Now().Add(10 * time.Minute).Unix())
		return c, false, nil
	}
	return c, true, err
}

// fence asks, right before something is sent, whether the bot may still speak: has a human stepped in, has the status
// changed, has our lease gone? It reports true when the plan must not be carried out.
func (r *run) fence(ctx context.Context, p *plan) (silenced bool, err error) {
	began := time.Now()
	defer r.stepped("fence", began)
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil {
		return false, err
	}
	if p.Handoff != "" && memory.HandedOver != nil && memory.HandedOver.Turn == r.t.ID {
		// This very turn's handoff has begun: what it changed is no reason not to finish it.
		return false, nil
	}
	facts := governor.Facts{Messages: r.t.Messages, Memory: memory, Now: time.Now().UTC(), Deferred: r.t.Deferred}
	switch live, ok, lookErr := r.look(ctx); {
	case chatwoot.IsStatus(lookErr, 404):
		return false, lookErr
	case lookErr != nil:
		facts.LiveErr = lookErr
	case ok:
		facts.Live = &live
	}
	v := r.Governor.Fence(facts)
	r.record.Unchecked = append(r.record.Unchecked, v.Unchecked...)
	if v.Proceed() {
		return false, nil
	}
	r.record.Reason, r.record.Detail = v.Reason, v.Detail
	r.log.Info("answer withheld", "reason", v.Reason, "detail", v.Detail)
	return true, nil
}

// wasSent finds out whether a part of this turn is in Chatwoot: from the echo webhook, else by a look, where the
// token allows one. Without one, a part whose echo has not come counts as not sent: the window that docs/delivery.md names.
func (r *run) wasSent(ctx context.Context, part string) (bool, error) {
	memory, err := r.Engine.Conversation(ctx, r.t.Key)
	if err != nil || memory.WasSent(r.t.ID, part) {
		return err == nil, err
	}
	if r.UserToken {
		return r.listed(ctx, part)
	}
	live, ok, err := r.look(ctx)
	if err != nil || !ok || live.Last == nil {
		return false, err
	}
	return r.covers(live.Last.Marker, part), nil
}

func (r *run) listed(ctx context.Context, part string) (bool, error) {
	ctx, done := context.WithTimeout(ctx, lookTimeout)
	defer done()
	messages, err := r.Chatwoot.Messages(ctx, r.t.Key, chatwoot.MessageQuery{After: r.t.Messages[0].ID})
	for _, m := range messages {
		if r.covers(m.Marker, part) {
			return true, nil
		}
	}
	return false, err
}

// covers reports whether a marker proves that a part was sent: it is that part's, or a later one's of the same reply.
func (r *run) covers(m *chatwoot.Marker, part string) bool {
	if m == nil || m.Turn != r.t.ID {
		return false
	}
	if m.Part == part {
		return true
	}
	seen, errSeen := strconv.Atoi(m.Part)
	asked, errAsked := strconv.Atoi(part)
	return errSeen == nil && errAsked == nil && seen > asked
}

// sentBefore is wasSent for an attempt that follows another; a first attempt has sent nothing.
func (r *run) sentBefore(ctx context.Context, part string) (bool, error) {
	if !r.resumed {
		return false, nil
	}
	return r.wasSent(ctx, part)
}
