package redisqueue

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
)

// pollBots is how often a process that waits for another version of a bot looks by itself: what it was told while its connection was down
// it did not hear.
const pollBots = time.Second

// about is what is known of a version beside its content.
type about struct {
	By  string `json:"by"`
	Why string `json:"why,omitempty"`
	Of  int    `json:"of,omitempty"`
}

// PublishBot implements queue.Bots. Bots are in the first partition.
func (e *Engine) PublishBot(ctx context.Context, after int, v queue.BotVersion) (queue.BotVersion, error) {
	if err := v.Valid(); err != nil {
		return queue.BotVersion{}, err
	}
	v.By, v.Why = queue.Brief(v.By), queue.Brief(v.Why)
	known, err := json.Marshal(about{v.By, v.Why, v.Of})
	if err != nil {
		return queue.BotVersion{}, fmt.Errorf("redisqueue: publish %s: %w", v.Bot, err)
	}
	args := []string{v.Bot, strconv.Itoa(after), string(known), string(v.Content), strconv.Itoa(queue.BotVersionsKept)}
	for _, number := range v.Replaces {
		args = append(args, strconv.Itoa(number))
	}
	answer, err := exactly[int64](2)(e.run(ctx, lua.PublishBot, e.bases[0], args...).AsIntSlice())
	if err != nil {
		return queue.BotVersion{}, e.failed("publish", err)
	}
	if answer[1] == 0 {
		return queue.BotVersion{}, fmt.Errorf("%w (%d is current, not %d)", queue.ErrNotCurrent, answer[0], after)
	}
	v.Number, v.At, v.Replaces = int(answer[0]), fromMicros(answer[1]), nil
	return v, nil
}

// BotVersion implements queue.Bots.
func (e *Engine) BotVersion(ctx context.Context, bot string, number int) (queue.BotVersion, error) {
	answer, err := exactly[string](3)(e.run(ctx, lua.Bot, e.bases[0], bot, strconv.Itoa(number)).AsStrSlice())
	if rueidis.IsRedisNil(err) {
		return queue.BotVersion{}, queue.ErrNotFound
	}
	if err != nil {
		return queue.BotVersion{}, e.failed("bot", err)
	}
	v, err := readBot(bot, answer[0], answer[1])
	v.Content = []byte(answer[2])
	return v, err
}

// BotVersions implements queue.Bots.
func (e *Engine) BotVersions(ctx context.Context, bot string) ([]queue.BotVersion, error) {
	all, err := e.do(ctx, e.client().B().Hgetall().Key(e.bases[0]+":v:"+bot).Build()).AsStrMap()
	if err != nil {
		return nil, e.failed("bots", err)
	}
	var list []queue.BotVersion
	for number, text := range all {
		v, err := readBot(bot, number, text)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(x, y queue.BotVersion) int { return cmp.Compare(y.Number, x.Number) })
	return list, nil
}

// readBot reads a version's number, and its time and what else is known of it.
func readBot(bot, number, text string) (queue.BotVersion, error) {
	at, rest, _ := strings.Cut(text, " ")
	us, errAt := strconv.ParseInt(at, 10, 64)
	n, errNumber := strconv.Atoi(number)
	var known about
	if err := errors.Join(errAt, errNumber, json.Unmarshal([]byte(rest), &known)); err != nil {
		return queue.BotVersion{}, fmt.Errorf("redisqueue: version %s of bot %s: %w", number, bot, err)
	}
	return queue.BotVersion{Bot: bot, Number: n, At: fromMicros(us), By: known.By, Why: known.Why, Of: known.Of}, nil
}

// BotNames implements queue.Bots.
func (e *Engine) BotNames(ctx context.Context) ([]string, error) {
	names, err := e.do(ctx, e.client().B().Hkeys().Key(e.bases[0]+":bots").Build()).AsStrSlice()
	if err != nil {
		return nil, e.failed("bots", err)
	}
	slices.Sort(names)
	return names, nil
}

// AwaitBot implements queue.Bots.
func (e *Engine) AwaitBot(ctx context.Context, bot string, known int) (queue.BotVersion, error) {
	for {
		told := e.botsTold()
		v, err := e.BotVersion(ctx, bot, 0)
		switch {
		case err == nil && v.Number != known:
			return v, nil
		case err == nil, errors.Is(err, queue.ErrNotFound), errors.Is(err, queue.ErrUnavailable):
		default:
			return queue.BotVersion{}, err
		}
		timer := time.NewTimer(pollBots)
		select {
		case <-told:
		case <-timer.C:
		case <-ctx.Done():
		case <-e.ctx.Done():
		}
		timer.Stop()
		if e.ctx.Err() != nil {
			return queue.BotVersion{}, queue.ErrClosed
		}
		if ctx.Err() != nil {
			return queue.BotVersion{}, ctx.Err()
		}
	}
}

// botsTold is closed when some process has published a version.
func (e *Engine) botsTold() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.published == nil {
		e.published = make(chan struct{})
	}
	return e.published
}

// botPublished wakes those who wait for a version.
func (e *Engine) botPublished() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.published != nil {
		close(e.published)
		e.published = nil
	}
}
