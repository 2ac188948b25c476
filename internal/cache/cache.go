// Package cache answers a question that was answered before, in other words too, and knows when it must not. Questions that the governor
// let pass come in, with the answers that were given to them. What may be shared between customers is decided in shareable, what is the
// same question in same; index finds the entries of a scope that are like a question, and store keeps them for all processes.
package cache

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"

	"tania/internal/cache/index"
	"tania/internal/cache/reading"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/embedding"
	"tania/internal/language"
)

// Options are a cache's parts and settings. Store and Model are required.
type Options struct {
	Store store.Store
	Model *same.Model
	// Embed gives the vector of a text in a scope; nil: the lexical tier alone.
	Embed func(ctx context.Context, scope store.Scope, text string) (embedding.Vector, error)
	// Fresh asks the model again, without a conversation, to verify hits and to refresh popular entries; nil: neither is done.
	Fresh func(ctx context.Context, r shareable.Request) (shareable.Candidate, error)
	// Judge asks whether two answers to a question say the same; nil: their text decides.
	Judge func(ctx context.Context, question, a, b string) (bool, error)
	// Knowledge gives what the bot of a scope knows now, nil where no bot has it; nil: what bots know never changes.
	Knowledge func(scope store.Scope) shareable.Knowledge
	// FAQ gives what bot.yaml answers in a scope: warm entries.
	FAQ func(scope store.Scope) []Warm

	MaxEntries int
	// Life is how long an answer is kept, by category.
	Life map[store.Category]time.Duration
	// MaxFalseHits is the share of wrong answers among semantic hits that the operator puts up with.
	MaxFalseHits float64
	// Verify is the share of semantic hits that are verified, 0.03 when 0; negative: none.
	Verify float64
	// Patience is the longest that a look-up holds a turn up, 20 ms when 0.
	Patience time.Duration
	// Count adds to the counters that all processes share; Counters reads them.
	Count    func(ctx context.Context, delta map[string]int64) error
	Counters func(ctx context.Context) (map[string]int64, error)

	// Read reads a text, language.Read when nil.
	Read func(text string) *language.Reading
	Now  func() time.Time
	Rand *rand.Rand
	Log  *slog.Logger
}

// Cache answers a question that was answered before. Every process has one; the store makes them one. It is safe for concurrent use.
type Cache struct {
	Options

	mu      sync.RWMutex
	indexes map[string]*guarded
	// entries are all of them, by id, with the key of their index.
	scopes map[string]string
	// uses are what this process knows of them: what the store had when it was loaded, and its own hits since.
	uses  map[string]store.Use
	epoch atomic.Uint64
	// loaded closes when the store was loaded for the first time.
	loaded chan struct{}
	// heard is when the store was last heard of, in nanoseconds of the cache's clock; 0: not yet.
	heard atomic.Int64
	// waits are turns that wait for an answer that is being made elsewhere.
	waits waiters

	// readings are of the questions that are being stored, by the id of their entries.
	readings sync.Map

	// holder names this process among those that lead.
	holder string
	counts tally
	behind *background
	// evicting makes one eviction follow the other.
	evicting sync.Mutex
	random   sync.Mutex
}

// guarded is a scope's index with its lock.
type guarded struct {
	sync.RWMutex
	*index.Index
	scope store.Scope
	// warmed is when bot.yaml's FAQ was put on it; nil: not yet.
	warmed atomic.Pointer[warmth]
}

// seen looks a question up in the index.
func (g *guarded) seen(q *reading.Question, v embedding.Vector, now time.Time, by shareable.Knowledge) index.Result {
	g.RLock()
	defer g.RUnlock()
	return g.Search(q, v, now, by)
}

// New gives an empty cache; Run fills it.
func New(o Options) *Cache {
	or := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	or(&o.Patience, 20*time.Millisecond)
	if o.Verify == 0 {
		o.Verify = 0.03
	}
	if o.MaxFalseHits == 0 {
		o.MaxFalseHits = index.TunedLimit
	}
	if o.MaxEntries == 0 {
		o.MaxEntries = 5000
	}
	if o.Read == nil {
		o.Read = language.Read
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec // a sample needs no secrecy
	}
	return &Cache{
		Options: o, indexes: map[string]*guarded{}, scopes: map[string]string{}, uses: map[string]store.Use{},
		loaded: make(chan struct{}), waits: waiters{by: map[string][]chan struct{}{}}, holder: ulid.Make().String(), counts: newTally(),
		behind: newBackground(),
	}
}

// deaf is how long the store may be silent before what is known of it is no longer trusted: the cache may have been cleared.
const deaf = time.Second

// away reports whether the store has not been heard of.
func (c *Cache) away() bool {
	heard := c.heard.Load()
	return heard == 0 || c.Now().UnixNano()-heard > int64(deaf)
}

// Run follows the store until ctx ends. Without it every question is a miss.
func (c *Cache) Run(ctx context.Context) error {
	var group sync.WaitGroup
	defer c.lastFlush(ctx)
	defer group.Wait()
	defer c.behind.close()
	group.Go(func() { c.housekeeping(ctx) })
	for wait := 100 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, 5*time.Second) {
		began := time.Now()
		err := c.follow(ctx)
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) > 10*time.Second || errors.Is(err, store.ErrBehind) {
			wait = 100 * time.Millisecond
		}
		c.heard.Store(0)
		c.Log.Warn("the cache's store is away; questions go to the model meanwhile", "error", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
	c.heard.Store(0)
	return nil
}

// follow loads what the store has and takes its events in, until it fails.
func (c *Cache) follow(ctx context.Context) error {
	snapshot, err := c.Store.Load(ctx)
	if err != nil {
		return err
	}
	if gone := c.load(snapshot); len(gone) > 0 {
		c.behind.start(laneStore, func(ctx context.Context) { c.remove(ctx, gone...) })
	}
	c.Recheck()
	return c.Store.Follow(ctx, snapshot.At, func(events []store.Event, _ store.Position) {
		for _, e := range events {
			c.apply(e)
		}
		c.heard.Store(c.Now().UnixNano())
	})
}

// load starts over with what the store has, and gives the ids of the entries whose time was over before anybody swept them.
func (c *Cache) load(snapshot store.Snapshot) (gone []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.indexes, c.scopes = map[string]*guarded{}, map[string]string{}
	c.uses = map[string]store.Use{}
	c.epoch.Store(snapshot.Epoch)
	for scope, counts := range snapshot.Learnt {
		c.indexFor(scope, store.Scope{}).Teach(counts)
	}
	now := c.Now()
	for _, e := range snapshot.Entries {
		if now.Before(e.Expires) {
			c.uses[e.ID], e.Use = e.Use, store.Use{}
			c.put(e, c.reading(e))
		} else {
			gone = append(gone, e.ID)
		}
	}
	c.heard.Store(now.UnixNano())
	select {
	case <-c.loaded:
	default:
		close(c.loaded)
		c.Log.Info("cache loaded", "entries", len(c.scopes), "epoch", snapshot.Epoch)
	}
	return gone
}

// Started waits until the store was loaded for the first time.
func (c *Cache) Started(ctx context.Context) error {
	select {
	case <-c.loaded:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Settle waits until what was begun behind the turns has ended, and all that the store tells of it was taken in. A server need not; tests
// and evaluations ask one question after the other.
func (c *Cache) Settle(ctx context.Context) error {
	if err := c.behind.settle(ctx); err != nil {
		return err
	}
	return c.catchUp(ctx)
}

// catchUp waits until all that the store tells of by now was taken in.
func (c *Cache) catchUp(ctx context.Context) error {
	mark := "settle/" + ulid.Make().String()
	seen, giveUp := c.waits.wait(mark)
	defer giveUp()
	if _, err := c.Store.Lead(ctx, mark, c.holder, longestWork); err != nil {
		return err
	}
	if err := c.Store.Unlead(ctx, mark, c.holder); err != nil {
		return err
	}
	select {
	case <-seen:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// indexFor gives a scope's index, a new one if there is none. The caller has c.mu.
func (c *Cache) indexFor(key string, scope store.Scope) *guarded {
	g := c.indexes[key]
	if g == nil {
		g = &guarded{Index: index.New(c.Model, c.MaxFalseHits)}
		c.indexes[key] = g
	}
	if g.scope == (store.Scope{}) {
		g.scope = scope
	}
	return g
}

// reading is an entry's question as it was read when it was looked up, or is now.
func (c *Cache) reading(e store.Entry) *reading.Question {
	if q, ok := c.readings.Load(e.ID); ok {
		return q.(*reading.Question)
	}
	return reading.Of(c.Read(e.Question), e.Scope.Language)
}

// put takes an entry in. The caller has c.mu.
func (c *Cache) put(e store.Entry, q *reading.Question) {
	key := e.Scope.Key()
	g := c.indexFor(key, e.Scope)
	g.Lock()
	g.Put(e, q)
	g.Unlock()
	c.scopes[e.ID] = key
}

// apply takes an event in. An entry of a cleared epoch comes too late.
func (c *Cache) apply(e store.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e.Kind {
	case store.EventPut:
		now := c.Now()
		for _, entry := range e.Entries {
			q := c.reading(entry)
			if e.Epoch >= c.epoch.Load() && now.Before(entry.Expires) {
				c.put(entry, q)
			}
			c.waits.wake(putKey(entry.ID))
			c.waits.wake(questionKey(entry.Scope.Key(), q.Exact))
		}
	case store.EventDrop:
		for _, id := range e.IDs {
			c.drop(id)
			c.waits.wake(dropKey(id))
		}
	case store.EventClear:
		if e.Epoch > c.epoch.Load() {
			c.clear(e.Epoch)
		}
	case store.EventLearn:
		g := c.indexFor(e.Scope, store.Scope{})
		g.Lock()
		moved := g.Teach(e.Delta)
		raised, scope := g.AboveModel(), g.scope
		g.Unlock()
		if moved {
			c.Log.Warn("the cache's threshold moved, to keep wrong hits within CACHE_MAX_FALSE_HITS", "inbox", scope.Inbox, "language",
				scope.Language, "raised_by_log_odds", raised)
		}
	case store.EventUnled:
		c.waits.wake(e.Question)
	}
}

// clear forgets all entries; what was learnt stays. The caller has c.mu.
func (c *Cache) clear(epoch uint64) {
	// Who reads the new epoch must not see an entry of the old one, which would be stored again as if it were new.
	defer c.epoch.Store(epoch)
	for _, g := range c.indexes {
		g.Lock()
		g.Index = g.Emptied()
		g.Unlock()
	}
	c.scopes, c.uses = map[string]string{}, map[string]store.Use{}
}

// drop removes an entry. The caller has c.mu.
func (c *Cache) drop(id string) {
	if g := c.indexes[c.scopes[id]]; g != nil {
		g.Lock()
		g.Drop(id)
		g.Unlock()
	}
	delete(c.scopes, id)
	delete(c.uses, id)
}

// indexAt gives a scope's index for reading, nil if there is none.
func (c *Cache) indexAt(key string) *guarded {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.indexes[key]
}
