package cache

import (
	"context"
	"time"

	"tania/internal/cache/store"
)

// The indexes hold what the store tells, in the order in which it tells it. What this process stores or drops it hears of like all others:
// were it taken in when the call returns, it could come behind what another process did afterwards, and the indexes would no longer be the
// same.

// putKey and dropKey are what waits for an entry to be heard of.
func putKey(id string) string { return "put/" + id }

func dropKey(id string) string { return "drop/" + id }

// publish stores entries, and waits until this process has heard of them.
func (c *Cache) publish(ctx context.Context, epoch uint64, entries ...store.Entry) error {
	heard, giveUp := c.waits.wait(putKey(entries[len(entries)-1].ID))
	defer giveUp()
	if err := c.Store.Put(ctx, epoch, entries...); err != nil {
		return err
	}
	c.untilHeard(ctx, heard)
	return nil
}

// withdraw drops entries that are in the indexes, and waits until this process has heard of it.
func (c *Cache) withdraw(ctx context.Context, ids ...string) error {
	heard, giveUp := c.waits.wait(dropKey(ids[len(ids)-1]))
	defer giveUp()
	if err := c.Store.Drop(ctx, ids...); err != nil {
		return err
	}
	c.untilHeard(ctx, heard)
	return nil
}

// untilHeard waits for what the store has done to be told of; a store that is silent for longer than deaf is not trusted anyway.
func (c *Cache) untilHeard(ctx context.Context, heard <-chan struct{}) {
	limit := time.NewTimer(deaf)
	defer limit.Stop()
	select {
	case <-heard:
	case <-limit.C:
	case <-ctx.Done():
	}
}
