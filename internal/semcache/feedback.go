package semcache

import (
	"context"
	"errors"
	"slices"
	"time"

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

// Feedback takes a signal against an entry in, once for each conversation. All phrasings of the entry's answer share the blame. It holds here at once, elsewhere as soon as the store
// has it.
func (c *Cache) Feedback(id string, from tania.ConversationKey, s Signal) {
	c.mu.RLock()
	// Together: an entry of this epoch must not be stored in the next.
	g, epoch := c.shelves[c.scopes[id]], c.epoch.Load()
	c.mu.RUnlock()
	if g == nil || blame[s] == 0 {
		return
	}
	g.RLock()
	e := g.byID[id]
	var changed []Entry
	if e != nil && e.hears(from, s) {
		for _, p := range e.cluster.phrases {
			changed = append(changed, p.blamed(from, s))
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
		if errors.Is(err, ErrChanged) {
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

// hears says that a signal is new to an entry.
func (e *entry) hears(from tania.ConversationKey, s Signal) bool {
	return !slices.Contains(e.Blamers, from.String()) || blame[s] >= quarantinedFrom
}

// blamed is an entry as a signal makes it.
func (e *entry) blamed(from tania.ConversationKey, s Signal) Entry {
	n := e.Entry
	n.Vector, n.Rev = e.vector.pack(), n.Rev+1
	n.Blame += blame[s]
	n.Blamers = append(slices.Clone(n.Blamers), from.String())
	if len(n.Blamers) > mostBlamers {
		n.Blamers = n.Blamers[1:]
	}
	switch {
	case n.Blame >= quarantinedFrom:
		n.State = StateQuarantined
	case n.Blame >= demotedFrom:
		n.State = StateDemoted
	}
	return n
}

// foretell takes changes in before the store has them, so that they hold here at once: those of entries that are on the shelves as they were before. What the store then
// tells of them comes behind, and counts.
func (c *Cache) foretell(epoch uint64, changed ...Entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch.Load() != epoch {
		return
	}
	for _, n := range changed {
		g := c.shelves[c.scopes[n.ID]]
		if g == nil {
			continue
		}
		g.Lock()
		if e := g.byID[n.ID]; e != nil && e.Rev == n.Rev-1 {
			g.Shelf.put(n)
		}
		g.Unlock()
	}
}

// mostTries is how often a change is made anew on what another process has made of an entry.
const mostTries = 5

// blameEach changes entries one by one, as some of them were changed elsewhere at the same time.
func (c *Cache) blameEach(ctx context.Context, epoch uint64, changed []Entry, from tania.ConversationKey, s Signal) (errs error) {
	for _, n := range changed {
		err := c.Store.Put(ctx, epoch, n)
		for try := 0; errors.Is(err, ErrChanged) && try < mostTries; try++ {
			// What the store has is told of, and takes the place of what was taken in here.
			if err = c.catchUp(ctx); err != nil {
				break
			}
			g := c.at(n.Scope.Key())
			if g == nil {
				break
			}
			g.RLock()
			e := g.byID[n.ID]
			again := e != nil && e.hears(from, s)
			if again {
				n = e.blamed(from, s)
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

// Rephrases reports whether a text asks again what another one asked: they share most of their words with a meaning, or are the same.
func Rephrases(before, now string, lang tania.Language) bool {
	a, b := Read(before, lang), Read(now, lang)
	if a.Exact == b.Exact {
		return true
	}
	m := match(a, b)
	shared, all := 0, 0
	for i, w := range a.words {
		if w.function {
			continue
		}
		all++
		if m.a[i] >= 0 {
			shared++
		}
	}
	for j, w := range b.words {
		if !w.function && m.b[j] < 0 {
			all++
		}
	}
	return all > 0 && 2*shared >= all
}
