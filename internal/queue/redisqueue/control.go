package redisqueue

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// Pause implements queue.Queue. The first partition's mark is the one that counts; it is set first and removed last, so that
// a pause that broke off halfway is seen and can be repeated.
func (e *Engine) Pause(ctx context.Context, by string) (bool, error) {
	return e.setPause(ctx, "pause", by, e.bases)
}

// Resume implements queue.Queue.
func (e *Engine) Resume(ctx context.Context, by string) (bool, error) {
	last := slices.Clone(e.bases)
	slices.Reverse(last)
	return e.setPause(ctx, "resume", by, last)
}

func (e *Engine) setPause(ctx context.Context, what, by string, bases []string) (changed bool, err error) {
	for _, base := range bases {
		n, err := e.run(ctx, lua.Pause, base, what, by).AsInt64()
		if err != nil {
			return false, e.failed(what, err)
		}
		if base == e.bases[0] {
			changed = n == 1
		}
	}
	return changed, nil
}

// Stats implements queue.Queue.
func (e *Engine) Stats(ctx context.Context) (queue.Stats, error) {
	s := queue.Stats{Engine: "redis", Shared: true}
	for i, base := range e.bases {
		answer, err := exactly[rueidis.RedisMessage](14)(e.run(ctx, lua.Stats, base).ToArray())
		if err != nil {
			return s, e.failed("stats", err)
		}
		for at, field := range []*int64{
			&s.Waiting, &s.Active, &s.Delayed, &s.Failed, &s.FailedLastHour, &s.Completed, &s.Messages,
			&s.Duplicates,
		} {
			n, err := answer[at].AsInt64()
			if err != nil {
				return s, e.failed("stats", err)
			}
			*field += n
		}
		oldest, _ := answer[8].AsInt64()
		s.OldestWaitingMS = max(s.OldestWaitingMS, oldest/1000)
		repaired, _ := answer[10].AsInt64()
		lost, _ := answer[11].AsInt64()
		s.Repaired, s.Lost = s.Repaired+repaired, s.Lost+lost
		if at, _ := answer[12].AsInt64(); at > 0 && fromMicros(at).After(s.RepairedAt) {
			s.RepairedAt = fromMicros(at)
		}
		parked, _ := answer[13].AsInt64()
		s.Parked += parked
		if by, err := answer[9].ToString(); i == 0 && err == nil {
			s.Paused, s.PausedBy = true, by
		}
	}
	notKnown, err := e.do(ctx, e.client().B().Hget().Key(e.countersKey()).Field(queue.CounterNotKnown).Build()).AsInt64()
	if err != nil && !rueidis.IsRedisNil(err) {
		return s, e.failed("stats", err)
	}
	s.NotKnown = notKnown
	return s, nil
}

// listen hears what engines tell each other. What was said while the connection was down is made up for by looking.
func (e *Engine) listen(subscribed chan<- struct{}) {
	first := true
	for e.ctx.Err() == nil {
		client, done := e.client().Dedicate()
		hooks := client.SetPubSubHooks(rueidis.PubSubHooks{
			OnMessage: func(m rueidis.PubSubMessage) { e.hear(m.Message) },
		})
		err := client.Do(e.ctx, client.B().Subscribe().Channel(e.channel).Build()).Error()
		if err == nil {
			if first {
				close(subscribed)
				first = false
			}
			e.look()
			select {
			case <-hooks: //nolint:errcheck // whatever it says, the connection is gone
			case <-e.ctx.Done():
			}
		}
		done()
		if e.ctx.Err() == nil {
			e.pauseFor(retryAfter)
		}
	}
}

// pauseFor waits, or for the engine's end.
func (e *Engine) pauseFor(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-e.ctx.Done():
	}
}

// hear acts on one message of the channel: "wake", "newer TURN", "lost TURN TOKEN", "forget ACCOUNT CONTACT" or "bot".
func (e *Engine) hear(message string) {
	word, rest, _ := strings.Cut(message, " ")
	id, token, _ := strings.Cut(rest, " ")
	switch word {
	case "wake":
		e.look()
	case "newer":
		e.mu.Lock()
		defer e.mu.Unlock()
		if h := e.holds[tania.TurnID(id)]; h != nil {
			select {
			case h.newer <- struct{}{}:
			default:
			}
		}
	case "lost":
		e.mu.Lock()
		defer e.mu.Unlock()
		e.lose(tania.TurnID(id), parseToken(token))
	case "bot":
		e.botPublished()
	case "forget":
		e.forgotten(id, token)
	}
}

// checkEvery is how often it is looked whether keys were lost, purgeEvery how often what has outlived its time is removed,
// purgeBatch how much in one script.
const (
	checkEvery = 10 * time.Second
	purgeEvery = time.Minute
	purgeBatch = "500"
)

// clean checks and purges, now and then. Several engines may do it; it is the same to Redis.
func (e *Engine) clean() {
	for turn := 1; e.ctx.Err() == nil; turn++ {
		_ = e.check(e.ctx) // what fails is done the next time
		e.pauseFor(checkEvery)
		if turn%int(purgeEvery/checkEvery) == 0 {
			_ = e.purge(e.ctx)
		}
	}
}

func (e *Engine) purge(ctx context.Context) error {
	for _, base := range e.bases {
		for more := int64(1); more == 1; {
			var err error
			more, err = e.run(ctx, lua.Purge, base, micro(e.KeepFor), micro(e.KeepDead), purgeBatch).AsInt64()
			if err != nil {
				return e.failed("purge", err)
			}
		}
	}
	return nil
}
