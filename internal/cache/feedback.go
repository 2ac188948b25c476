package cache

import (
	"context"
	"errors"
	"slices"
	"time"

	"tania/internal/cache/index"
	"tania/internal/cache/store"
	"tania/internal/tania"
)

// Signal is what a customer or an agent does right after a hit that speaks against it.
type Signal string

// The signals.
const (
	// SignalRephrased is the customer asking the same again in other words.
	SignalRephrased Signal = "rephrased"
	// SignalHuman is the customer asking for a human, or losing patience.
	SignalHuman Signal = "asked_for_human"
	// SignalCorrected is an agent writing to the customer.
	SignalCorrected Signal = "corrected"
)

// FeedbackWithin is how long after a hit a signal counts.
const FeedbackWithin = 10 * time.Minute

// blame of a signal. One point demotes an entry, two put it in quarantine.
var blame = map[Signal]int{SignalRephrased: 1, SignalHuman: 1, SignalCorrected: 2}

const (
	demotedFrom, quarantinedFrom = 1, 2
	// mostBlamers bounds the conversations that are remembered.
	mostBlamers = 8
)

// Feedback takes a signal against an entry in, once for each conversation. All phrasings of the entry's answer share the blame. It holds
// here at once, elsewhere as soon as the store has it.
func (c *Cache) Feedback(id string, from tania.ConversationKey, s Signal) {
	c.mu.RLock()
	// Together: an entry of this epoch must not be stored in the next.
	g, epoch := c.indexes[c.scopes[id]], c.epoch.Load()
	c.mu.RUnlock()
	if g == nil || blame[s] == 0 {
		return
	}
	g.RLock()
	e := g.Get(id)
	var changed []store.Entry
	if e != nil && isNews(e, from, s) {
		for _, p := range e.Group.Phrases {
			changed = append(changed, blamed(p, from, s))
		}
	}
	g.RUnlock()
	if len(changed) == 0 {
		return
	}
	c.counts.add("feedback/"+string(s), 1)
	c.Log.Info("a cached answer is doubted", "entry", id, "signal", s, "conversation", from.String(), "state", changed[0].State)
	c.foretell(epoch, changed...)
	kept := c.behind.start(laneStore, func(ctx context.Context) {
		err := c.Store.Put(ctx, epoch, changed...)
		if errors.Is(err, store.ErrChanged) {
			err = c.blameEach(ctx, epoch, changed, from, s)
		}
		if err != nil {
			c.Log.Warn("a doubt was not kept", "entry", id, "error", err)
		}
	})
	if !kept {
		c.Log.Warn("a doubt was not kept: too much waits for the store, or the cache has ended", "entry", id)
	}
}

// isNews reports whether a signal is new to an entry.
func isNews(e *index.Phrasing, from tania.ConversationKey, s Signal) bool {
	return !slices.Contains(e.Blamers, from.String()) || blame[s] >= quarantinedFrom
}

// blamed is an entry as a signal makes it.
func blamed(e *index.Phrasing, from tania.ConversationKey, s Signal) store.Entry {
	n := e.Entry
	n.Vector, n.Rev = e.Embedding.Pack(), n.Rev+1
	n.Blame += blame[s]
	n.Blamers = append(slices.Clone(n.Blamers), from.String())
	if len(n.Blamers) > mostBlamers {
		n.Blamers = n.Blamers[1:]
	}
	switch {
	case n.Blame >= quarantinedFrom:
		n.State = store.StateQuarantined
	case n.Blame >= demotedFrom:
		n.State = store.StateDemoted
	}
	return n
}

// foretell takes changes in before the store has them, so that they hold here at once: those of entries that are in the indexes as they
// were before. What the store then tells of them comes behind, and counts.
func (c *Cache) foretell(epoch uint64, changed ...store.Entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch.Load() != epoch {
		return
	}
	for _, n := range changed {
		g := c.indexes[c.scopes[n.ID]]
		if g == nil {
			continue
		}
		g.Lock()
		if e := g.Get(n.ID); e != nil && e.Rev == n.Rev-1 {
			g.Put(n, c.reading(n))
		}
		g.Unlock()
	}
}

// mostTries is how often a change is made again on what another process has made of an entry.
const mostTries = 5

// blameEach changes entries one by one, as some of them were changed elsewhere at the same time.
func (c *Cache) blameEach(ctx context.Context, epoch uint64, changed []store.Entry, from tania.ConversationKey, s Signal) (errs error) {
	for _, n := range changed {
		err := c.Store.Put(ctx, epoch, n)
		for try := 0; errors.Is(err, store.ErrChanged) && try < mostTries; try++ {
			// What the store has is told of, and takes the place of what was taken in here.
			if err = c.catchUp(ctx); err != nil {
				break
			}
			g := c.indexAt(n.Scope.Key())
			if g == nil {
				break
			}
			g.RLock()
			e := g.Get(n.ID)
			again := e != nil && isNews(e, from, s)
			if again {
				n = blamed(e, from, s)
			}
			g.RUnlock()
			if !again {
				break
			}
			c.foretell(epoch, n)
			err = c.Store.Put(ctx, epoch, n)
		}
		errs = errors.Join(errs, err)
	}
	return errs
}
