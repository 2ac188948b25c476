package redisqueue

import (
	"cmp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// TestAPushIntoALongBurstWritesNoMoreThanIntoAShortOne counts bytes: what a script changes is in Redis's append-only file.
// Nothing is synced there: while a sync is under way Redis puts off writing, and counts what it has written.
func TestAPushIntoALongBurstWritesNoMoreThanIntoAShortOne(t *testing.T) {
	s := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0")
	e := process(t, s, name(), waitLong)
	next := 1_000_000 // ids of one length
	written := func(pushes int) int {
		before := aofSize(t, s)
		for range pushes {
			push(t, e, key(1, 1), next)
			next++
		}
		return aofSize(t, s) - before
	}
	written(100)
	const pushes = 200
	short := written(pushes)
	written(5000 - 100 - 2*pushes)
	long := written(pushes)
	t.Logf("%d bytes a push behind 100 messages, %d behind 5,000", short/pushes, long/pushes)
	if long > short*11/10 {
		t.Errorf("%d bytes a push behind 100 messages, %d behind 5,000", short/pushes, long/pushes)
	}
}

func waitLong(o *Options) { o.Debounce, o.DebounceMax = time.Hour, time.Hour }

func aofSize(t *testing.T, s *redistest.Server) int {
	t.Helper()
	n, err := strconv.Atoi(s.Info(t, "aof_current_size"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// earlier is how an engine of the version before packs a mailbox: without the number of ids that are elsewhere. ARGV[2] is how many it has
// itself, ascending by one.
const earlier = `
local v = cmsgpack.unpack(redis.call('HGET', KEYS[1], ARGV[1]))
local ids = {}
for i = 1, tonumber(ARGV[2]) do ids[i] = v[6][1] + i - 1 end
redis.call('HSET', KEYS[1], ARGV[1], cmsgpack.pack({v[1], v[2], v[3], v[4], v[5], ids}))`

// room is how many ids a mailbox has itself.
const room = 16

func (s *store) eval(script, key string, args ...string) {
	s.t.Helper()
	c := admin.B().Eval().Script(script).Numkeys(1).Key(key).Arg(args...).Build()
	if err := admin.Do(s.t.Context(), c).Error(); err != nil && !rueidis.IsRedisNil(err) {
		s.t.Fatal(err)
	}
}

// TestMailboxesOfAnEarlierVersionAreRead: while processes are updated one by one, both versions write.
func TestMailboxesOfAnEarlierVersionAreRead(t *testing.T) {
	const first, k = 1000, "1:1"
	ids := func(n int) (list []tania.MessageID) {
		for i := range n {
			list = append(list, tania.MessageID(first+i))
		}
		return list
	}
	claimed := func(t *testing.T, s *store) (all []tania.MessageID) {
		s.Advance(debounce)
		_, turns, err := s.e.claimScript(s.e.bases[0], claimMost)
		try(t, err)
		for _, turn := range turns {
			all = append(all, idsOf(turn.Turn)...)
			try(t, s.e.Complete(t.Context(), turn.Turn))
		}
		return all
	}
	without := func(s *store, commands ...string) {
		for _, command := range commands {
			s.eval(command, s.e.bases[0]+":", k)
		}
	}
	for _, c := range []struct {
		name  string
		write func(s *store)
		taken int // how many the earlier version claimed
	}{
		{"all ids are in the mailbox", func(s *store) {
			s.eval(earlier, s.e.bases[0]+":b", k, strconv.Itoa(burst))
			without(s, `redis.call('DEL', KEYS[1] .. 'w:' .. ARGV[1], KEYS[1] .. 'ws')`)
		}, 0},
		{"the number of those elsewhere was dropped", func(s *store) {
			s.eval(earlier, s.e.bases[0]+":b", k, strconv.Itoa(room))
		}, 0},
		{"the mailbox was emptied without those elsewhere", func(s *store) {
			without(s, `redis.call('HDEL', KEYS[1] .. 'b', ARGV[1])`, `redis.call('ZREM', KEYS[1] .. 'd', ARGV[1])`)
		}, room},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t, queue.Options{Debounce: debounce, DebounceMax: time.Minute, Lease: time.Hour})
			t.Cleanup(s.Remove)
			for _, id := range ids(burst) {
				push(t, s.e, key(1, 1), int(id))
			}
			c.write(s)
			push(t, s.e, key(1, 1), first+burst)
			var all []tania.MessageID
			for range 2 {
				all = append(all, claimed(t, s)...)
				try(t, s.e.check(t.Context()))
			}
			slices.SortFunc(all, cmp.Compare[tania.MessageID])
			if want := ids(burst + 1)[c.taken:]; !slices.Equal(all, want) {
				t.Errorf("claimed %v, want %v", all, want)
			}
			stats, err := s.e.Stats(t.Context())
			try(t, err)
			if stats.Repaired != 0 || stats.Lost != 0 {
				t.Errorf("%+v: nothing was lost", stats)
			}
		})
	}
}
