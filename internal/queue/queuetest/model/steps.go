package model

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

// Each step does one thing to the engine, the same to the model, and compares the answers.

var (
	anyKey = rapid.Custom(func(r *rapid.T) tania.ConversationKey {
		return queuetest.Key(rapid.IntRange(1, 3).Draw(r, "account"), rapid.IntRange(1, 3).Draw(r, "conversation"))
	})
	anyDelay = rapid.SampledFrom([]time.Duration{0, 300 * time.Millisecond, time.Second, 7 * time.Second, 13 * time.Second, 90 * time.Minute})
)

func (m *machine) push(r *rapid.T) {
	m.deliver(anyKey.Draw(r, "key"), tania.MessageID(rapid.IntRange(1, 80).Draw(r, "id")))
}

func (m *machine) pushKnown(r *rapid.T) {
	if len(m.letters) == 0 {
		r.Skip()
	}
	names := slices.SortedFunc(maps.Keys(m.letters), func(x, y messageName) int { return int(x.account-y.account)*1000 + int(x.id-y.id) })
	name := rapid.SampledFrom(names).Draw(r, "message")
	m.deliver(m.letters[name].key, name.id)
}

func (m *machine) deliver(k tania.ConversationKey, id tania.MessageID) {
	name := messageName{k.Account, id}
	known := m.letters[name]
	duplicate := known != nil && (known.alive || m.Now().Sub(known.arrived) < m.o.DedupFor)
	msg := queuetest.Message(k, int(id))
	msg.Content = fmt.Sprint("delivery ", m.messages)
	msg.Inbox = inboxOf(k)
	got, err := m.Engine().Push(m.Context(), msg)
	m.try(err)
	if got.Duplicate != duplicate {
		m.Fatalf("message %d of account %d: duplicate %v, want %v", id, k.Account, got.Duplicate, duplicate)
	}
	if duplicate {
		m.duplicates++
		return
	}
	m.messages++
	m.letters[name] = &letter{key: k, content: msg.Content, arrived: m.Now(), alive: true}
	b := m.boxes[k]
	if b == nil {
		b = &box{}
		m.boxes[k] = b
	}
	if len(b.waiting) == 0 {
		b.first = m.Now()
	}
	b.last = m.Now()
	b.waiting = append(b.waiting, id)
	if t := b.current(); t != nil && t.view != nil {
		select {
		case <-t.view.Newer:
		case <-time.After(queuetest.Patience):
			m.Fatalf("turn %s was not told of message %d", t.id, id)
		}
	}
}

func (m *machine) extend(r *rapid.T) {
	t := m.anyHeld(r)
	m.try(m.Engine().Extend(m.Context(), t.view))
	t.lease = m.Now().Add(m.o.Lease)
}

func (m *machine) absorb(r *rapid.T) {
	t := m.anyHeld(r)
	b := m.boxes[t.key]
	want := t.checkpoint == "" && (len(b.waiting) > 0 || t.amended)
	got, err := m.Engine().Absorb(m.Context(), t.view)
	m.try(err)
	if got != want {
		m.Fatalf("absorbed %v, want %v", got, want)
	}
	if want {
		t.messages = slices.Sorted(slices.Values(append(t.messages, b.waiting...)))
		b.waiting = nil
		t.restarts++
		t.amended = false
	}
	m.same("messages after Absorb", t.messages, ids(t.view.Messages))
	if len(t.again) == 0 { // what was changed since the checkpoint is read when it waits again
		m.same("contents after Absorb", m.contentsOf(t), queuetest.Contents(t.view.Messages))
	}
	if t.view.Restarts != t.restarts {
		m.Fatalf("%d restarts, want %d", t.view.Restarts, t.restarts)
	}
}

func (m *machine) checkpoint(r *rapid.T) {
	t := m.anyHeld(r)
	plan := fmt.Sprintf(`"plan %d"`, rapid.IntRange(1, 99).Draw(r, "plan"))
	if m.refused(t, m.Engine().Checkpoint(m.Context(), t.view, []byte(plan))) {
		return
	}
	t.checkpoint = plan
}

func (m *machine) intend(r *rapid.T) {
	t := m.anyHeld(r)
	intent := fmt.Sprint("call ", rapid.IntRange(1, 99).Draw(r, "intent"))
	number, err := m.Engine().Intend(m.Context(), t.view, []byte(intent))
	if m.refused(t, err) {
		return
	}
	t.calls = append(t.calls, queue.Call{Number: len(t.calls) + 1, Intent: []byte(intent)})
	m.same("number", len(t.calls), number)
}

func (m *machine) settle(r *rapid.T) {
	t := m.anyHeld(r)
	number := rapid.IntRange(0, len(t.calls)+1).Draw(r, "number")
	result := fmt.Sprint("result ", rapid.IntRange(1, 99).Draw(r, "result"))
	err := m.Engine().Settle(m.Context(), t.view, number, []byte(result))
	if number < 1 || number > len(t.calls) {
		if !errors.Is(err, queue.ErrNotFound) {
			m.Fatalf("entry %d of %d is settled: %v", number, len(t.calls), err)
		}
		return
	}
	m.try(err)
	c := &t.calls[number-1]
	c.Settled, c.Result = true, []byte(result)
	m.sameCalls(t)
}

// sameCalls compares the journal of a turn that is held.
func (m *machine) sameCalls(t *modelTurn) {
	got, err := m.Engine().Calls(m.Context(), t.view)
	m.try(err)
	m.same("journal of turn "+string(t.id), t.calls, got)
}

// records are what an ending operation stores with it.
func (m *machine) newRecords(t *modelTurn, detail string) (list []tania.Record) {
	if m.records[t.key] == nil {
		m.records[t.key] = map[tania.MessageID]string{}
	}
	for _, id := range t.messages {
		list = append(list, tania.Record{Key: t.key, Message: id, Turn: t.id, At: m.Now(), Detail: detail})
		m.records[t.key][id] = detail
	}
	return list
}

func (m *machine) complete(r *rapid.T) {
	t := m.anyHeld(r)
	if t.amended {
		m.refused(t, m.Engine().Complete(m.Context(), t.view))
		return
	}
	m.try(m.Engine().Complete(m.Context(), t.view, m.newRecords(t, "completed")...))
	m.completed++
	for _, id := range t.messages {
		m.letters[messageName{t.key.Account, id}].alive = false
	}
	m.waitAgain(t)
	m.drop(t)
}

// refused reports whether an operation was refused because a message of the turn was amended, as it must be.
func (m *machine) refused(t *modelTurn, err error) bool {
	if !t.amended {
		m.try(err)
		return false
	}
	if !errors.Is(err, queue.ErrAmended) {
		m.Fatalf("turn %s was amended, and the answer is %v", t.id, err)
	}
	return true
}

func (m *machine) retry(r *rapid.T) {
	t, after := m.anyHeld(r), anyDelay.Draw(r, "after")
	m.try(m.Engine().Retry(m.Context(), t.view, after, queuetest.ErrTest, m.newRecords(t, "retried")...))
	t.failures = append(t.failures, queuetest.ErrTest.Error())
	t.due = m.Now().Add(after)
	m.end(t)
}

func (m *machine) deferTurn(r *rapid.T) {
	t, after := m.anyHeld(r), anyDelay.Draw(r, "after")
	m.try(m.Engine().Defer(m.Context(), t.view, after, m.newRecords(t, "deferred")...))
	t.attempt--
	t.deferred++
	t.due = m.Now().Add(after)
	m.end(t)
}

func (m *machine) release(r *rapid.T) {
	t := m.anyHeld(r)
	m.try(m.Engine().Release(m.Context(), t.view))
	t.attempt--
	t.due = m.Now()
	m.end(t)
}

func (m *machine) bury(r *rapid.T) {
	t := m.anyHeld(r)
	m.try(m.Engine().Bury(m.Context(), t.view, queuetest.ErrTest, m.newRecords(t, "buried")...))
	t.failures = append(t.failures, queuetest.ErrTest.Error())
	m.die(t)
}

func (m *machine) retryDead(r *rapid.T) {
	d := m.anyDead(r)
	m.try(m.Engine().RetryDead(m.Context(), d.id))
	delete(m.dead, d.id)
	t := &modelTurn{id: d.id, key: d.key, checkpoint: d.checkpoint, due: m.Now(), calls: d.calls, parked: d.parked}
	for i, id := range d.messages {
		name := messageName{d.key.Account, id}
		if m.letters[name].alive {
			continue
		}
		m.letters[name].alive, m.letters[name].content = true, d.contents[i]
		m.letters[name].key, m.letters[name].arrived = d.key, m.Now()
		t.messages = append(t.messages, id)
	}
	if len(t.messages) > 0 {
		b := m.boxes[t.key]
		b.turns = append(b.turns, t)
		b.order()
	}
}

func (m *machine) discardDead(r *rapid.T) {
	d := m.anyDead(r)
	m.try(m.Engine().DiscardDead(m.Context(), d.id))
	delete(m.dead, d.id)
	if err := m.Engine().RetryDead(m.Context(), d.id); !errors.Is(err, queue.ErrNotFound) {
		m.Fatalf("a discarded turn was retried: %v", err)
	}
}

// amend changes a message.
func (m *machine) amend(r *rapid.T) {
	k := anyKey.Draw(r, "key")
	b := m.boxes[k]
	if b == nil {
		r.Skip()
	}
	var known []tania.MessageID
	for name, l := range m.letters {
		if l.key == k {
			known = append(known, name.id)
		}
	}
	slices.Sort(known)
	if len(known) == 0 {
		r.Skip()
	}
	id := rapid.SampledFrom(known).Draw(r, "id")
	text := fmt.Sprint("amended ", rapid.IntRange(1, 99).Draw(r, "text"))
	var holder *modelTurn
	for _, t := range b.turns {
		if slices.Contains(t.messages, id) {
			holder = t
		}
	}
	l := m.letters[messageName{k.Account, id}]
	settled := false
	got, err := m.Engine().Amend(m.Context(), k, id, func(m *tania.Message, begun bool) bool { m.Content, settled = text, begun; return true })
	m.try(err)
	m.same("amended", queue.Amended{Known: l.alive, Changed: l.alive}, got)
	if !l.alive {
		return
	}
	m.same("settled", holder != nil && holder.checkpoint != "", settled)
	l.content = text
	switch {
	case holder == nil:
	case holder.checkpoint != "":
		holder.again = slices.Compact(slices.Sorted(slices.Values(append(holder.again, id))))
	case holder.view != nil:
		holder.amended = true
		select {
		case <-holder.view.Newer:
		case <-time.After(queuetest.Patience):
			m.Fatalf("turn %s was not told of the change of message %d", holder.id, id)
		}
	}
}

// waitAgain puts the messages of an ended turn among the waiting ones that were changed after its checkpoint.
func (m *machine) waitAgain(t *modelTurn) {
	b := m.boxes[t.key]
	for _, id := range t.again {
		if len(b.waiting) == 0 {
			b.first = m.Now()
		}
		b.last = m.Now()
		b.waiting = append(b.waiting, id)
		l := m.letters[messageName{t.key.Account, id}]
		l.alive, l.arrived = true, m.Now()
	}
	t.again = nil
}

func (m *machine) pause(*rapid.T) {
	set := m.Engine().Pause
	if m.paused {
		set = m.Engine().Resume
	}
	changed, err := set(m.Context(), "ana")
	m.try(err)
	if !changed {
		m.Fatal("nothing changed")
	}
	m.paused = !m.paused
}

func (m *machine) oldToken(r *rapid.T) {
	if len(m.old) == 0 {
		r.Skip()
	}
	t := rapid.SampledFrom(m.old).Draw(r, "old turn")
	ops := queuetest.TurnOperations(m.Context(), m.Engine(), t)
	op := rapid.SampledFrom(slices.Sorted(maps.Keys(ops))).Draw(r, "operation")
	if err := ops[op](); !errors.Is(err, queue.ErrLost) {
		m.Fatalf("%s of turn %s with the old token %d: %v", op, t.ID, t.Token, err)
	}
}

func (m *machine) advance(r *rapid.T) {
	m.Advance(rapid.SampledFrom([]time.Duration{
		100 * time.Millisecond, 900 * time.Millisecond, 2 * time.Second, 4 * time.Second, 11 * time.Second, 3 * time.Hour,
	}).Draw(r, "by"))
	m.expire(false)
}

func (m *machine) crash(*rapid.T) {
	m.Crash()
	clear(m.starved)
	clear(m.passed)
	if m.freedAtOpen {
		m.expire(true)
	} else {
		// Leases still run, but nobody is there to hold them.
		m.Advance(m.o.Lease)
		m.expire(true)
	}
	for k, want := range m.records {
		records, err := m.Engine().Records(m.Context(), k)
		m.try(err)
		got := map[tania.MessageID]string{}
		for _, r := range records {
			got[r.Message] = r.Detail
		}
		m.same("records of "+k.String(), want, got)
	}
	for k, language := range m.conversations {
		c, err := m.Engine().Conversation(m.Context(), k)
		m.try(err)
		m.same("language of "+k.String(), language, c.Language)
	}
}

func (m *machine) remember(r *rapid.T) {
	k, language := anyKey.Draw(r, "key"), rapid.SampledFrom([]tania.Language{"es", "en", "pt"}).Draw(r, "language")
	before := m.conversations[k]
	c, err := m.Engine().UpdateConversation(m.Context(), k, func(c *tania.Conversation) bool {
		if c.Language != before {
			return false
		}
		c.Language = language
		return true
	})
	m.try(err)
	m.same("language", language, c.Language)
	m.conversations[k] = language
}
