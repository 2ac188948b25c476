package cache

import (
	"context"
	"slices"

	"tania/internal/cache/index"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
)

// knowledge is what the bot that has a scope knows now; nil where no bot has it, or none is asked.
func (c *Cache) knowledge(scope store.Scope) shareable.Knowledge {
	if c.Knowledge == nil {
		return nil
	}
	return c.Knowledge(scope)
}

// Recheck looks at all answers after the bots' knowledge has changed, behind the turns, and drops those that do not stand in it. None of
// them is served meanwhile: a look-up checks what it finds.
func (c *Cache) Recheck() {
	c.behind.start(laneRecheck, func(ctx context.Context) {
		stood, fallen := c.standing()
		c.remove(ctx, fallen...)
		if len(fallen) > 0 {
			c.Log.Info("cached answers are forgotten, for what they rested on has changed", "forgotten", len(fallen), "kept", stood)
		}
	})
}

// standing counts the entries that stand in what their bots know now, and gives those that do not. Those of a scope that no bot has may be
// another process's, and are left to expire.
func (c *Cache) standing() (stood int, fallen []string) {
	for _, g := range c.scoped() {
		k := c.knowledge(g.scope)
		if k == nil {
			continue
		}
		for _, e := range g.listed() {
			if g.stands(e, k) {
				stood++
			} else {
				fallen = append(fallen, e.ID)
			}
		}
	}
	return stood, fallen
}

// listed are the entries at a moment.
func (g *guarded) listed() []*index.Phrasing {
	g.RLock()
	defer g.RUnlock()
	return slices.Collect(g.All())
}

// stands reports whether an entry's answer holds. It keeps nobody from the index for longer than it takes with one entry.
func (g *guarded) stands(e *index.Phrasing, k shareable.Knowledge) bool {
	g.RLock()
	defer g.RUnlock()
	return e.StandsIn(k)
}

// scoped are the indexes whose scope is known.
func (c *Cache) scoped() []*guarded {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var all []*guarded
	for _, g := range c.indexes {
		if g.scope != (store.Scope{}) {
			all = append(all, g)
		}
	}
	return all
}
