package redisstore

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/cache/store"
)

// piece is how many entries are read at a time, about: the queue's calls wait for less than a millisecond behind it.
const piece = 250

// Load implements store.Store. The entries come in pieces, so that a large cache neither stops Redis for long nor needs more than the
// time for one call; what changes meanwhile is told of behind the position.
func (s *Store) Load(ctx context.Context) (store.Snapshot, error) {
	begin, err := call(ctx, s, "load", func(ctx context.Context, client rueidis.Client) (b beginning, err error) {
		answer, err := s.run(ctx, client, beginScript).ToArray()
		if err != nil {
			return b, err
		}
		return readBeginning(answer)
	})
	if err != nil {
		return store.Snapshot{}, err
	}
	all := begin.Snapshot
	seen := map[string]int{} // where in the list; a scan may give an entry twice, the later the newer
	for cursor, more := uint64(0), true; more; more = cursor != 0 {
		page, err := call(ctx, s, "load", func(ctx context.Context, client rueidis.Client) (rueidis.ScanEntry, error) {
			return client.Do(ctx, client.B().Hscan().Key(s.base+":entries").Cursor(cursor).Count(piece).Build()).AsScanEntry()
		})
		if err != nil {
			return store.Snapshot{}, err
		}
		for i := 0; i+1 < len(page.Elements); i += 2 {
			id := page.Elements[i]
			e, err := unpack(page.Elements[i+1])
			if err != nil {
				s.log.Warn("a cached answer cannot be read", "entry", id, "error", err)
				continue
			}
			e.Use = begin.uses[id]
			if at, twice := seen[id]; twice {
				all.Entries[at] = e
				continue
			}
			seen[id] = len(all.Entries)
			all.Entries = append(all.Entries, e)
		}
		cursor = page.Cursor
	}
	return all, nil
}

// beginning is a snapshot without its entries, and the uses of these.
type beginning struct {
	store.Snapshot
	uses map[string]store.Use
}

func readBeginning(answer []rueidis.RedisMessage) (all beginning, err error) {
	if len(answer) != 5 {
		return all, errAnswer
	}
	if all.Epoch, err = answer[0].AsUint64(); err != nil {
		return all, err
	}
	at, err := answer[1].ToString()
	if err != nil {
		return all, err
	}
	all.At = store.Position(at)
	learnt, err := counts(answer[2])
	if err != nil {
		return all, err
	}
	all.Learnt = map[string]map[string]int64{}
	for key, n := range learnt {
		scope, name, _ := strings.Cut(key, "\x00")
		if all.Learnt[scope] == nil {
			all.Learnt[scope] = map[string]int64{}
		}
		all.Learnt[scope][name] = n
	}
	hits, err := counts(answer[3])
	if err != nil {
		return all, err
	}
	used, err := counts(answer[4])
	all.uses = usesOf(hits, used)
	return all, err
}

// usesOf puts hits and times in milliseconds together.
func usesOf(hits, used map[string]int64) map[string]store.Use {
	uses := make(map[string]store.Use, len(hits))
	for id, n := range hits {
		uses[id] = store.Use{Hits: n}
	}
	for id, ms := range used {
		u := uses[id]
		u.Used = time.UnixMilli(ms).UTC()
		uses[id] = u
	}
	return uses
}

// counts reads names and numbers in turn.
func counts(m rueidis.RedisMessage) (map[string]int64, error) {
	list, err := m.AsStrSlice()
	if err != nil {
		return nil, err
	}
	all := make(map[string]int64, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		if all[list[i]], err = strconv.ParseInt(list[i+1], 10, 64); err != nil {
			return nil, err
		}
	}
	return all, nil
}
