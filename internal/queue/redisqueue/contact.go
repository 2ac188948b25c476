package redisqueue

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/lua"
	"tania/internal/tania"
)

// contactField is a contact's name in the hash K of its partition, which is found as a conversation's of that number is.
func (e *Engine) contactField(account tania.AccountID, contact tania.ContactID) (base, field string) {
	key := tania.ConversationKey{Account: account, Conversation: tania.ConversationID(contact)}
	return e.base(key), strconv.FormatInt(int64(account), 10) + ":" + strconv.FormatInt(int64(contact), 10)
}

// Contact implements queue.Memory.
func (e *Engine) Contact(ctx context.Context, account tania.AccountID, contact tania.ContactID) (tania.ContactMemory, error) {
	base, field := e.contactField(account, contact)
	m, _, err := e.contact(ctx, base, field)
	return m, err
}

func (e *Engine) contact(ctx context.Context, base, field string) (m tania.ContactMemory, body string, err error) {
	body, err = e.do(ctx, e.client().B().Hget().Key(base+":K").Field(field).Build()).ToString()
	if err != nil && !rueidis.IsRedisNil(err) {
		return m, "", e.failed("contact", err)
	}
	m, err = readContact(field, body)
	return m, body, err
}

func readContact(field, body string) (m tania.ContactMemory, err error) {
	if body == "" {
		return m, nil
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return m, fmt.Errorf("redisqueue: contact %s: %w", field, err)
	}
	return m, nil
}

// UpdateContact implements queue.Memory: read, change, and write if nobody else did; else again.
func (e *Engine) UpdateContact(
	ctx context.Context, account tania.AccountID, contact tania.ContactID, change func(*tania.ContactMemory) bool,
) (tania.ContactMemory, error) {
	base, field := e.contactField(account, contact)
	m, read, err := e.contact(ctx, base, field)
	for {
		changed := false
		if err == nil {
			err = queue.Guard(func() { changed = change(&m) })
		}
		if !changed {
			return m, err
		}
		body, err := json.Marshal(m)
		if err != nil {
			return m, fmt.Errorf("redisqueue: contact %s: %w", field, err)
		}
		read, err = e.run(ctx, lua.Contact, base, field, read, string(body)).ToString()
		if rueidis.IsRedisNil(err) {
			return m, nil
		}
		if err != nil {
			return m, e.failed("contact", err)
		}
		if m, err = readContact(field, read); err != nil {
			return m, err
		}
	}
}

// dropContact forgets what is known of a contact.
func (e *Engine) dropContact(ctx context.Context, account tania.AccountID, contact tania.ContactID) error {
	base, field := e.contactField(account, contact)
	if err := e.do(ctx, e.client().B().Hdel().Key(base+":K").Field(field).Build()).Error(); err != nil {
		return e.failed("forget", err)
	}
	return nil
}
