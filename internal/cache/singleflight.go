package cache

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/oklog/ulid/v2"

	"tania/internal/cache/shareable"
)

// leadFor is how long a question may take to be answered before others no longer wait for it.
const leadFor = 30 * time.Second

// leadPatience is how long a turn waits to hear whether it leads. It is more than a look-up may take: whoever leads asks a model, which
// takes far longer, and whoever does not hear asks one too.
const leadPatience = 250 * time.Millisecond

// questionKey names a question among those that are being answered. The store tells every process of the name, after a contact was
// forgotten too, so it has none of the question's words.
func questionKey(scope, exact string) string {
	sum := sha256.Sum256([]byte(scope + "/" + exact))
	return hex.EncodeToString(sum[:16])
}

// Await follows a Look that is no hit. The first turn with a question goes on, and is to call Keep or Abandon; the others wait for its
// answer for up to most, and then ask for themselves.
func (c *Cache) Await(ctx context.Context, r shareable.Request, l Look, most time.Duration) Look {
	if l.Hit || l.Refusal != "" {
		return l
	}
	key := questionKey(l.scopeKey, l.question.Exact)
	woken, giveUp := c.waits.wait(key)
	defer giveUp()
	turn := ulid.Make().String()
	asking, done := context.WithTimeout(ctx, max(c.Patience, leadPatience))
	mine, err := c.Store.Lead(asking, key, turn, leadFor)
	done()
	if err != nil {
		// It may be ours without our having heard of it, so that it is to be given back too.
		l.lead = turn
		return l
	}
	if mine {
		l.lead = turn
	}
	// The answer may have come since the look-up.
	if c.found(&l) {
		c.Abandon(l)
		return l
	}
	if mine || most <= 0 {
		return l
	}
	l.Waited = true
	c.counts.add("waited", 1)
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-woken:
		c.found(&l)
	case <-timer.C:
		c.counts.add("waited_in_vain", 1)
	case <-ctx.Done():
	}
	return l
}

// found looks again after a miss, and counts a hit instead.
func (c *Cache) found(l *Look) bool {
	c.search(l)
	if l.Hit {
		c.counts.add("hits/"+string(l.Tier), 1)
		c.counts.add("misses", -1)
		c.touched(*l)
	}
	return l.Hit
}
