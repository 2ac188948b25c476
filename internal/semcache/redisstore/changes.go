package redisstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/semcache"
)

// perEvent is how many entries go into one event of the log: more would make what is read at once large.
const perEvent = 50

// Put implements semcache.Store.
func (s *Store) Put(ctx context.Context, epoch uint64, entries ...semcache.Entry) error {
	args := []string{strconv.FormatUint(epoch, 10), strconv.Itoa(perEvent)}
	for _, e := range entries {
		packed, err := pack(e)
		if err != nil {
			return err
		}
		args = append(args, e.ID, packed)
	}
	return s.call(ctx, "put", func(ctx context.Context, client rueidis.Client) error {
		stored, err := s.run(ctx, client, putScript, args...).AsBool()
		if err == nil && !stored {
			err = semcache.ErrEpoch
		}
		return err
	})
}

// Drop implements semcache.Store.
func (s *Store) Drop(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	return s.call(ctx, "drop", func(ctx context.Context, client rueidis.Client) error {
		return s.run(ctx, client, dropScript, ids...).Error()
	})
}

// Clear implements semcache.Store.
func (s *Store) Clear(ctx context.Context) (epoch uint64, cleared int, err error) {
	err = s.call(ctx, "clear", func(ctx context.Context, client rueidis.Client) error {
		answer, err := s.run(ctx, client, clearScript).ToArray()
		if err != nil {
			return err
		}
		if len(answer) != 2 {
			return errAnswer
		}
		n, err := answer[1].AsInt64()
		if err != nil {
			return err
		}
		cleared = int(n)
		epoch, err = answer[0].AsUint64()
		return err
	})
	return epoch, cleared, err
}

var errAnswer = errors.New("an answer that the script does not give")

// Learn implements semcache.Store.
func (s *Store) Learn(ctx context.Context, scope string, delta map[string]int64) error {
	if len(delta) == 0 {
		return nil
	}
	return s.call(ctx, "learn", func(ctx context.Context, client rueidis.Client) error {
		return s.run(ctx, client, learnScript, append([]string{scope}, pairs(delta)...)...).Error()
	})
}

// Touch implements semcache.Store.
func (s *Store) Touch(ctx context.Context, hits map[string]int64) error {
	if len(hits) == 0 {
		return nil
	}
	return s.call(ctx, "touch", func(ctx context.Context, client rueidis.Client) error {
		return s.run(ctx, client, touchScript, pairs(hits)...).Error()
	})
}

func pairs(numbers map[string]int64) (args []string) {
	for name, n := range numbers {
		args = append(args, name, strconv.FormatInt(n, 10))
	}
	return args
}

// Lead implements semcache.Store.
func (s *Store) Lead(ctx context.Context, question, holder string, life time.Duration) (leads bool, err error) {
	err = s.call(ctx, "lead", func(ctx context.Context, client rueidis.Client) error {
		ms := max(life.Milliseconds(), 1)
		err := client.Do(ctx, client.B().Set().Key(s.base+":lead:"+leadName(question)).Value(holder).Nx().PxMilliseconds(ms).Build()).Error()
		leads = err == nil
		if rueidis.IsRedisNil(err) {
			return nil
		}
		return err
	})
	return leads, err
}

// Unlead implements semcache.Store.
func (s *Store) Unlead(ctx context.Context, question, holder string) error {
	return s.call(ctx, "unlead", func(ctx context.Context, client rueidis.Client) error {
		return s.run(ctx, client, unleadScript, leadName(question), holder, question).Error()
	})
}

// leadName makes a key of a question, which may be long.
func leadName(question string) string {
	sum := sha256.Sum256([]byte(question))
	return hex.EncodeToString(sum[:16])
}
