package semcache

import (
	"context"
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
	if e != nil && (!slices.Contains(e.Blamers, from.String()) || blame[s] >= quarantinedFrom) {
		for _, p := range e.cluster.phrases {
			n := p.Entry
			n.Vector = p.vector.pack()
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
			changed = append(changed, n)
		}
	}
	g.RUnlock()
	if len(changed) == 0 {
		return
	}
	c.counts.add("feedback/"+string(s), 1)
	c.Log.Info("a cached answer is doubted", "entry", id, "signal", s, "conversation", from.String(), "state", changed[0].State)
	c.apply(Event{Kind: EventPut, Epoch: epoch, Entries: changed})
	c.behind.start(laneStore, func(ctx context.Context) {
		if err := c.Store.Put(ctx, epoch, changed...); err != nil {
			c.Log.Warn("a doubt was not kept", "entry", id, "error", err)
		}
	})
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
