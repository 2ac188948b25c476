package sqlitequeue

import (
	"context"
	"time"
)

// purgeEvery is how often old rows are looked for, purgeBatch how many of a kind go in one transaction: a purge
// must not hold up the webhooks that share its commit.
const (
	purgeEvery = time.Minute
	purgeBatch = 500
)

// purge removes what has outlived its time: dedup marks, conversations, records and dead letters.
func (e *Engine) purge(tx *tx, now time.Time) {
	if now.Sub(e.purged) < purgeEvery {
		return
	}
	e.purged = now
	more := false
	for _, p := range []struct {
		stmt string
		age  time.Duration
	}{
		{purgeMessages, e.DedupFor}, {purgeConversations, e.KeepFor}, {purgeRecords, e.KeepFor}, {purgeDead, e.KeepDead},
	} {
		if !tx.start() {
			return
		}
		// Prepared again: once a minute, and the statements are not the writer's daily ones.
		result, err := tx.conn.ExecContext(context.Background(), p.stmt, nanos(now.Add(-p.age)), purgeBatch)
		if err != nil {
			tx.err = err
			return
		}
		n, _ := result.RowsAffected()
		more = more || n == purgeBatch
	}
	if more {
		e.purged = time.Time{}
		e.kick()
	}
}

// Rows arrive in the order of seq, so the first row that is too young ends the search.
const (
	purgeMessages = `DELETE FROM messages WHERE body IS NULL AND seq IN
		(SELECT seq FROM messages WHERE seq < coalesce((SELECT min(seq) FROM messages WHERE arrived >= ?1), 1 << 62) AND body IS NULL LIMIT ?2)`
	purgeConversations = `DELETE FROM conversations WHERE (account, conversation) IN
		(SELECT account, conversation FROM conversations WHERE updated < ?1 LIMIT ?2)`
	purgeRecords = `DELETE FROM records WHERE (account, conversation, message) IN
		(SELECT account, conversation, message FROM records WHERE at < ?1 LIMIT ?2)`
	purgeDead = `DELETE FROM dead WHERE id IN (SELECT id FROM dead WHERE died < ?1 LIMIT ?2)`
)
