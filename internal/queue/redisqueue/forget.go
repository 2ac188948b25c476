package redisqueue

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// Forget implements queue.Engine. Redis's append-only files hold what was erased until they are rewritten, which is asked for here and
// done by Redis behind the work; where the user may not ask for it, the log says so.
func (e *Engine) Forget(
	ctx context.Context, account tania.AccountID, contact tania.ContactID, also ...func(context.Context) error,
) (f queue.Forgotten, err error) {
	if account <= 0 || contact <= 0 {
		return f, fmt.Errorf("redisqueue: forget: contact %d of account %d: ids are positive", contact, account)
	}
	if err := e.dropContact(ctx, account, contact); err != nil {
		return f, err
	}
	for _, base := range e.bases {
		found, err := e.conversationsOf(ctx, base, account, contact)
		if err != nil {
			return f, err
		}
		for key, dead := range found {
			counts, err := exactly[int64](3)(e.run(ctx, lua.Forget, base, append([]string{key.String()}, dead...)...).AsIntSlice())
			if err != nil {
				return f, e.failed("forget", err)
			}
			f.Add(queue.Forgotten{Conversations: 1, Messages: counts[0], Records: counts[1], DeadTurns: counts[2]})
		}
	}
	for _, erase := range also {
		if err := erase(ctx); err != nil {
			return f, err
		}
	}
	e.rewriteFiles(ctx)
	return f, e.tellOfForgetting(ctx, account, contact)
}

// conversationsOf looks for a contact in all of a partition, and gives their conversations with the dead letters of each.
func (e *Engine) conversationsOf(
	ctx context.Context, base string, account tania.AccountID, contact tania.ContactID,
) (map[tania.ConversationKey][]string, error) {
	found := map[tania.ConversationKey][]string{}
	is := func(key tania.ConversationKey, c tania.Contact) bool {
		return key.Account == account && c.ID == contact
	}
	type ofContact struct {
		Key     tania.ConversationKey `json:"key"`
		Contact tania.Contact         `json:"contact"`
	}
	for hash, head := range map[string]int{":C": 0, ":m": len("0000000000000000")} { // m has the time of arrival before a body
		err := e.scan(ctx, base+hash, func(value string) error {
			var c ofContact
			err := json.Unmarshal([]byte(value[min(head, len(value)):]), &c)
			if is(c.Key, c.Contact) {
				found[c.Key] = nil
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	dead, err := e.deadIn(ctx, base, noLimit, "")
	if err != nil {
		return nil, err
	}
	of := map[tania.ConversationKey][]string{}
	for _, d := range dead {
		of[d.Key] = append(of[d.Key], string(d.ID))
		for _, m := range d.Messages {
			if is(m.Key, m.Contact) {
				found[d.Key] = nil
			}
		}
	}
	for key := range found {
		found[key] = of[key]
	}
	return found, nil
}

// scan gives the values of a hash; one may come twice.
func (e *Engine) scan(ctx context.Context, hash string, take func(value string) error) error {
	return e.scanFields(ctx, hash, func(_, value string) error { return take(value) })
}

// scanFields gives the fields of a hash with their values; one may come twice.
func (e *Engine) scanFields(ctx context.Context, hash string, take func(field, value string) error) error {
	for cursor, first := uint64(0), true; first || cursor != 0; first = false {
		page, err := e.do(ctx, e.client().B().Hscan().Key(hash).Cursor(cursor).Count(500).Build()).AsScanEntry()
		if err != nil {
			return e.failed("scan", err)
		}
		for i := 1; i < len(page.Elements); i += 2 {
			if err := take(page.Elements[i-1], page.Elements[i]); err != nil {
				return fmt.Errorf("redisqueue: scan: %w", err)
			}
		}
		cursor = page.Cursor
	}
	return nil
}

// OnForget has a function called whenever a contact is forgotten, by whichever engine on this Redis: a process may keep something of
// its own. It is called in a goroutine that Close waits for, and not called when this engine does not hear of it.
func (e *Engine) OnForget(do func(ctx context.Context, account tania.AccountID, contact tania.ContactID)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.onForget = do
}

// tellOfForgetting tells every engine; forgotten acts on it.
func (e *Engine) tellOfForgetting(ctx context.Context, account tania.AccountID, contact tania.ContactID) error {
	word := fmt.Sprintf("forget %d %d", account, contact)
	if err := e.do(ctx, e.client().B().Publish().Channel(e.channel).Message(word).Build()).Error(); err != nil {
		return e.failed("forget", err)
	}
	return nil
}

func (e *Engine) forgotten(account, contact string) {
	a, errA := strconv.ParseInt(account, 10, 64)
	c, errC := strconv.ParseInt(contact, 10, 64)
	e.mu.Lock()
	do := e.onForget
	e.mu.Unlock()
	if do != nil && errA == nil && errC == nil {
		e.tasks.Go(func() { do(e.ctx, tania.AccountID(a), tania.ContactID(c)) })
	}
}

// rewritePatience is how long a rewriting of a file that has begun before is waited for.
const rewritePatience = 10 * time.Second

// rewriteFiles has every master write its append-only file again.
func (e *Engine) rewriteFiles(ctx context.Context) {
	ctx, done := context.WithTimeout(ctx, rewritePatience)
	defer done()
	for address, node := range e.masters(ctx) {
		var err error
		for {
			err = node.Do(ctx, node.B().Bgrewriteaof().Build()).Error()
			if said, ok := rueidis.IsRedisErr(err); !ok || !strings.Contains(said.Error(), "already in progress") || ctx.Err() != nil {
				break
			}
			e.pauseFor(retryAfter)
		}
		if err != nil {
			e.log.Warn("Redis refused to rewrite its append-only file, which still contains the erased data; run BGREWRITEAOF", "redis", address,
				"error", err)
		}
	}
}
