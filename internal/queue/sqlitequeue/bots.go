package sqlitequeue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"tania/internal/queue"
)

// published tells who waits that some bot has another version.
type published struct {
	mu   sync.Mutex
	next chan struct{}
}

// changed is closed with the next publication.
func (p *published) changed() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next = make(chan struct{})
	}
	return p.next
}

func (p *published) tell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next != nil {
		close(p.next)
		p.next = nil
	}
}

// PublishBot implements queue.Bots.
func (e *Engine) PublishBot(ctx context.Context, after int, v queue.BotVersion) (queue.BotVersion, error) {
	if err := v.Valid(); err != nil {
		return queue.BotVersion{}, err
	}
	v.By, v.Why = queue.Brief(v.By), queue.Brief(v.Why)
	replaced, _ := json.Marshal(v.Replaces) // of numbers, which all can be written
	err := e.submit(ctx, &op{
		done:  make(chan error, 1),
		after: func() error { e.published.tell(); return nil },
		run: func(tx *tx) error {
			if !tx.start() {
				return tx.err
			}
			var current int
			if tx.err = tx.conn.QueryRowContext(context.Background(), `SELECT coalesce(max(number), 0) FROM bots WHERE bot = ?`,
				v.Bot).Scan(&current); tx.err != nil {
				return tx.err
			}
			if current != after {
				return fmt.Errorf("%w (%d is current, not %d)", queue.ErrNotCurrent, current, after)
			}
			v.Number, v.At = current+1, e.Clock.Now()
			_, tx.err = tx.conn.ExecContext(context.Background(), `INSERT INTO bots VALUES (?, ?, ?, ?, ?, ?, ?)`,
				v.Bot, v.Number, nanos(v.At), v.By, v.Why, v.Of, v.Content)
			if tx.err == nil {
				_, tx.err = tx.conn.ExecContext(context.Background(), `DELETE FROM bots WHERE bot = ?1 AND number < ?2 AND (number IN (SELECT value FROM json_each(?3))
					OR number NOT IN (SELECT number FROM bots WHERE bot = ?1 ORDER BY number DESC LIMIT ?4))`,
					v.Bot, v.Number, string(replaced), queue.BotVersionsKept)
			}
			return tx.err
		},
	})
	if err != nil {
		return queue.BotVersion{}, err
	}
	v.Replaces = nil
	return v, nil
}

// BotVersion implements queue.Bots.
func (e *Engine) BotVersion(ctx context.Context, bot string, number int) (queue.BotVersion, error) {
	found, err := e.botVersions(ctx, `SELECT number, at, author, why, of_number, content FROM bots WHERE bot = ?1
		AND number = CASE WHEN ?2 = 0 THEN (SELECT max(number) FROM bots WHERE bot = ?1) ELSE ?2 END`, bot, number)
	if err == nil && len(found) == 0 {
		err = queue.ErrNotFound
	}
	if err != nil {
		return queue.BotVersion{}, err
	}
	return found[0], nil
}

// BotVersions implements queue.Bots.
func (e *Engine) BotVersions(ctx context.Context, bot string) ([]queue.BotVersion, error) {
	return e.botVersions(ctx, `SELECT number, at, author, why, of_number, NULL FROM bots WHERE bot = ? ORDER BY number DESC`, bot)
}

func (e *Engine) botVersions(ctx context.Context, query, bot string, args ...any) (list []queue.BotVersion, err error) {
	err = e.readBots(ctx, query, append([]any{bot}, args...), func(scan func(into ...any) error) error {
		v := queue.BotVersion{Bot: bot}
		var at int64
		if err := scan(&v.Number, &at, &v.By, &v.Why, &v.Of, &v.Content); err != nil {
			return err
		}
		v.At = fromNanos(at)
		list = append(list, v)
		return nil
	})
	return list, err
}

// BotNames implements queue.Bots.
func (e *Engine) BotNames(ctx context.Context) (names []string, err error) {
	err = e.readBots(ctx, `SELECT DISTINCT bot FROM bots ORDER BY bot`, nil, func(scan func(into ...any) error) error {
		var name string
		err := scan(&name)
		names = append(names, name)
		return err
	})
	return names, err
}

func (e *Engine) readBots(ctx context.Context, query string, args []any, each func(scan func(into ...any) error) error) error {
	if err := e.read.Each(ctx, query, args, each); err != nil {
		return e.unavailable("bots", err)
	}
	return nil
}

// AwaitBot implements queue.Bots. The file has one process, which knows of its own publications.
func (e *Engine) AwaitBot(ctx context.Context, bot string, known int) (queue.BotVersion, error) {
	for {
		told := e.published.changed()
		v, err := e.BotVersion(ctx, bot, 0)
		var again <-chan time.Time
		switch {
		case err == nil && v.Number != known:
			return v, nil
		case err == nil, errors.Is(err, queue.ErrNotFound):
		case errors.Is(err, queue.ErrUnavailable) && ctx.Err() == nil:
			again = time.After(staleRetry)
		default:
			return queue.BotVersion{}, err
		}
		select {
		case <-told:
		case <-again:
		case <-ctx.Done():
			return queue.BotVersion{}, ctx.Err()
		case <-e.closed:
			return queue.BotVersion{}, queue.ErrClosed
		}
	}
}
