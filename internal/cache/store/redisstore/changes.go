package redisstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/cache/store"
)

// perEvent is how many entries go into one event of the log: more would make what is read at once large.
const perEvent = 50

// Put implements store.Store.
func (s *Store) Put(ctx context.Context, epoch uint64, entries ...store.Entry) error {
	args := []string{strconv.FormatUint(epoch, 10), strconv.Itoa(perEvent)}
	for _, e := range entries {
		packed, err := pack(e)
		if err != nil {
			return err
		}
		args = append(args, e.ID, packed)
	}
	outcome, err := call(ctx, s, "put", func(ctx context.Context, client rueidis.Client) (int64, error) {
		return s.run(ctx, client, putScript, args...).AsInt64()
	})
	switch {
	case err != nil:
		return err
	case outcome == 0:
		return store.ErrEpoch
	case outcome == 2:
		return store.ErrChanged
	}
	return nil
}

// Drop implements store.Store.
func (s *Store) Drop(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := call(ctx, s, "drop", func(ctx context.Context, client rueidis.Client) (rueidis.RedisResult, error) {
		r := s.run(ctx, client, dropScript, ids...)
		return r, r.Error()
	})
	return err
}

// Clear implements store.Store.
func (s *Store) Clear(ctx context.Context) (epoch uint64, cleared int, err error) {
	return s.clear(ctx, "")
}

// Erase implements store.Store. What Redis has on disk it forgets when it writes its files again.
func (s *Store) Erase(ctx context.Context) (epoch uint64, cleared int, err error) {
	return s.clear(ctx, "erase")
}

func (s *Store) clear(ctx context.Context, how string) (epoch uint64, cleared int, err error) {
	answer, err := call(ctx, s, "clear", func(ctx context.Context, client rueidis.Client) ([]rueidis.RedisMessage, error) {
		return s.run(ctx, client, clearScript, how).ToArray()
	})
	if err != nil {
		return 0, 0, err
	}
	if len(answer) == 2 {
		var n int64
		if n, err = answer[1].AsInt64(); err == nil {
			epoch, err = answer[0].AsUint64()
		}
		cleared = int(n)
	} else {
		err = errAnswer
	}
	if err != nil {
		return 0, 0, fmt.Errorf("redisstore: clear: %w", err)
	}
	return epoch, cleared, nil
}

var errAnswer = errors.New("an answer that the script does not give")

// Learn implements store.Store.
func (s *Store) Learn(ctx context.Context, scope string, delta map[string]int64) error {
	if len(delta) == 0 {
		return nil
	}
	_, err := call(ctx, s, "learn", func(ctx context.Context, client rueidis.Client) (rueidis.RedisResult, error) {
		r := s.run(ctx, client, learnScript, append([]string{scope}, pairs(delta)...)...)
		return r, r.Error()
	})
	return err
}

// Touch implements store.Store.
func (s *Store) Touch(ctx context.Context, uses map[string]store.Use) error {
	if len(uses) == 0 {
		return nil
	}
	args := make([]string, 0, 3*len(uses))
	for id, u := range uses {
		args = append(args, id, strconv.FormatInt(u.Hits, 10), strconv.FormatInt(millis(u.Used), 10))
	}
	_, err := call(ctx, s, "touch", func(ctx context.Context, client rueidis.Client) (rueidis.RedisResult, error) {
		r := s.run(ctx, client, touchScript, args...)
		return r, r.Error()
	})
	return err
}

// millis writes a time as Redis has it, 0 for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Uses implements store.Store.
func (s *Store) Uses(ctx context.Context) (map[string]store.Use, error) {
	return call(ctx, s, "uses", func(ctx context.Context, client rueidis.Client) (map[string]store.Use, error) {
		answers := client.DoMulti(ctx,
			client.B().Hgetall().Key(s.base+":hits").Build(), client.B().Hgetall().Key(s.base+":used").Build())
		hits, err := answers[0].AsIntMap()
		if err != nil {
			return nil, err
		}
		used, err := answers[1].AsIntMap()
		return usesOf(hits, used), err
	})
}

func pairs(numbers map[string]int64) (args []string) {
	for name, n := range numbers {
		args = append(args, name, strconv.FormatInt(n, 10))
	}
	return args
}

// Lead implements store.Store.
func (s *Store) Lead(ctx context.Context, question, holder string, life time.Duration) (bool, error) {
	return call(ctx, s, "lead", func(ctx context.Context, client rueidis.Client) (bool, error) {
		ms := max(life.Milliseconds(), 1)
		err := client.Do(ctx, client.B().Set().Key(s.base+":lead:"+leadName(question)).Value(holder).Nx().PxMilliseconds(ms).Build()).Error()
		if rueidis.IsRedisNil(err) {
			return false, nil
		}
		return err == nil, err
	})
}

// Unlead implements store.Store.
func (s *Store) Unlead(ctx context.Context, question, holder string) error {
	_, err := call(ctx, s, "unlead", func(ctx context.Context, client rueidis.Client) (rueidis.RedisResult, error) {
		r := s.run(ctx, client, unleadScript, leadName(question), holder, question)
		return r, r.Error()
	})
	return err
}

// leadName makes a key of a question, which may be long.
func leadName(question string) string {
	sum := sha256.Sum256([]byte(question))
	return hex.EncodeToString(sum[:16])
}
