package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"tania/internal/cache/store"
	"tania/internal/words"
)

// ErrSelection means that a selection says nothing that can be understood.
var ErrSelection = errors.New("cache: selection")

// ErrUnknown means that there is no such entry.
var ErrUnknown = errors.New("cache: no such entry")

// List gives the entries with their use in all processes, those with most hits first, at most limit (0: all). While the store is away the
// use is what this process knows.
func (c *Cache) List(ctx context.Context, limit int) []store.Entry {
	list := c.used(ctx)
	slices.SortFunc(list, func(a, b store.Entry) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	})
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list
}

// used gives the entries with their use, in no order. A hit of this process counts at once, one of another when that has written it.
func (c *Cache) used(ctx context.Context) []store.Entry {
	everywhere, err := c.Store.Uses(ctx)
	if err != nil {
		c.Log.Debug("the use of cached answers was not read", "error", err)
	}
	list := c.entries()
	c.mu.RLock()
	defer c.mu.RUnlock()
	for i, e := range list {
		here, all := c.uses[e.ID], everywhere[e.ID]
		list[i].Use = store.Use{Hits: max(here.Hits, all.Hits), Used: here.Used}
		if all.Used.After(here.Used) {
			list[i].Used = all.Used
		}
	}
	return list
}

// Shown is an entry with the other phrasings of its answer.
type Shown struct {
	store.Entry
	Aliases []store.Entry `json:"aliases"`
}

// Show gives one entry.
func (c *Cache) Show(ctx context.Context, id string) (Shown, error) {
	list := c.List(ctx, 0)
	at := slices.IndexFunc(list, func(e store.Entry) bool { return e.ID == id })
	if at < 0 {
		return Shown{}, ErrUnknown
	}
	s := Shown{Entry: list[at], Aliases: []store.Entry{}}
	for _, e := range list {
		if e.Cluster == s.Cluster && e.ID != id {
			s.Aliases = append(s.Aliases, e)
		}
	}
	return s, nil
}

// Clear forgets all entries, in every process, also those being made now. It gives how many there were.
func (c *Cache) Clear(ctx context.Context) (int, error) {
	epoch, cleared, err := c.Store.Clear(ctx)
	if err != nil {
		return 0, err
	}
	c.apply(store.Event{Kind: store.EventClear, Epoch: epoch})
	return cleared, nil
}

// Erase is Clear, after which nothing that was forgotten can be read in the store either: for a contact who is to be forgotten.
func (c *Cache) Erase(ctx context.Context) error {
	epoch, _, err := c.Store.Erase(ctx)
	if err == nil {
		c.apply(store.Event{Kind: store.EventClear, Epoch: epoch})
	}
	return err
}

// Selection says which entries are meant: those to which all that is set applies. An empty one means none.
type Selection struct {
	ID string `json:"id,omitempty"`
	// Pattern is for the question, folded, with * and ?.
	Pattern  string         `json:"pattern,omitempty"`
	Category store.Category `json:"category,omitempty"`
	// Scope is a scope's key.
	Scope string `json:"scope,omitempty"`
}

// Invalidate removes entries, and gives how many.
func (c *Cache) Invalidate(ctx context.Context, s Selection) (int, error) {
	if s == (Selection{}) {
		return 0, fmt.Errorf("%w: say which entries: an id, a pattern, a category or a scope", ErrSelection)
	}
	pattern := words.Fold(s.Pattern)
	if _, err := path.Match(pattern, ""); err != nil {
		return 0, fmt.Errorf("%w: pattern: want a text with * and ?, and [ ] closed", ErrSelection)
	}
	var ids []string
	for _, e := range c.entries() {
		if s.means(e) && asksLike(pattern, e.Question) {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	if err := c.withdraw(ctx, ids...); err != nil {
		return 0, err
	}
	return len(ids), nil
}

// means reports whether an entry is selected, the pattern aside.
func (s Selection) means(e store.Entry) bool {
	return (s.ID == "" || e.ID == s.ID) && (s.Category == "" || e.Category == s.Category) && s.inScope(e)
}

func (s Selection) inScope(e store.Entry) bool { return s.Scope == "" || e.Scope.Key() == s.Scope }

// asksLike reports whether a question matches a folded pattern; an empty one matches all.
func asksLike(pattern, question string) bool {
	if pattern == "" {
		return true
	}
	// A slash is a letter like others here.
	ok, _ := path.Match(strings.ReplaceAll(pattern, "/", " "), strings.ReplaceAll(words.Fold(question), "/", " "))
	return ok
}

// ScopeCount is a scope with how many entries it has.
type ScopeCount struct {
	store.Scope
	Key     string `json:"key"`
	Entries int    `json:"entries"`
}

// Scopes gives the scopes that are used, those with most entries first.
func (c *Cache) Scopes() []ScopeCount {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var list []ScopeCount
	for key, g := range c.indexes {
		if g.scope == (store.Scope{}) {
			continue
		}
		g.RLock()
		list = append(list, ScopeCount{g.scope, key, g.Size()})
		g.RUnlock()
	}
	slices.SortFunc(list, func(a, b ScopeCount) int { return cmp.Or(cmp.Compare(b.Entries, a.Entries), cmp.Compare(a.Key, b.Key)) })
	return list
}
