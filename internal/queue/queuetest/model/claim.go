package model

import (
	"context"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func (m *machine) claim(r *rapid.T) {
	claimable := m.claimable()
	if m.paused || len(claimable) == 0 {
		m.try(queuetest.Blocks(m.Context(), m.Engine()))
		return
	}
	ctx, done := context.WithTimeout(m.Context(), queuetest.Patience)
	defer done()
	view, err := m.Engine().Claim(ctx)
	m.try(err)
	due, ok := claimable[view.Key]
	if !ok {
		m.Fatalf("%s was claimed, due are %v", view.Key, claimable)
	}
	m.fairly(view.Key, claimable)
	b := m.boxes[view.Key]
	t := b.current()
	if t == nil {
		t = &modelTurn{id: view.ID, key: view.Key, due: due}
		b.turns = append(b.turns, t)
	}
	if t.checkpoint == "" {
		t.messages = slices.Sorted(slices.Values(append(t.messages, b.waiting...)))
		b.waiting = nil
	}
	t.attempt++
	t.holds = false
	t.lease = m.Now().Add(m.o.Lease)
	m.same("messages", t.messages, ids(view.Messages))
	m.same("contents", m.contentsOf(t), queuetest.Contents(view.Messages))
	if view.Token <= m.token {
		m.Fatalf("token %d after %d", view.Token, m.token)
	}
	m.token = view.Token
	want := queue.Turn{
		ID: t.id, Key: t.key, Attempt: t.attempt, Restarts: t.restarts, Deferred: t.deferred, Due: t.due, Token: view.Token,
		Claimed: view.Claimed, Parked: t.parked,
	}
	if view.Claimed.Sub(m.Now()).Abs() > time.Second {
		m.Fatalf("claimed at %s, and it is %s", view.Claimed, m.Now())
	}
	got := *view
	if string(got.Checkpoint) != t.checkpoint || (got.Checkpoint == nil) != (t.checkpoint == "") {
		m.Fatalf("checkpoint %q, want %q", got.Checkpoint, t.checkpoint)
	}
	got.Messages, got.Checkpoint, got.Newer, got.Lost = nil, nil, nil, nil
	m.same("turn", want, got)
	t.view = view
	m.sameCalls(t)
	m.held = append(m.held, t)
	b.order()
}

// inboxOf is where a conversation is: the first two of an account share an inbox.
func inboxOf(k tania.ConversationKey) tania.InboxID { return tania.InboxID(1 + k.Conversation/3) }

// line is the conversations of an inbox.
type line struct {
	account tania.AccountID
	inbox   tania.InboxID
}

func lineOf(k tania.ConversationKey) line { return line{k.Account, inboxOf(k)} }

// fairly checks that the conversation claimed was due first in its inbox, and that no account and no inbox waited too long.
func (m *machine) fairly(k tania.ConversationKey, claimable map[tania.ConversationKey]time.Time) {
	waiting, passed := map[tania.AccountID]bool{}, map[line]bool{}
	for other, due := range claimable {
		waiting[other.Account] = true
		if lineOf(other) == lineOf(k) && due.Before(claimable[k]) {
			m.Fatalf("%s due %v was claimed before %s due %v", k, claimable[k], other, due)
		}
		if other.Account == k.Account {
			passed[lineOf(other)] = true
		}
	}
	for inbox := range passed {
		if m.passed[inbox]++; m.passed[inbox] > 3 {
			m.Fatalf("inbox %d of account %d has waited for %d of its turns, it has 2 inboxes", inbox.inbox, inbox.account, m.passed[inbox])
		}
	}
	delete(m.passed, lineOf(k))
	for account := range waiting {
		if m.starved[account]++; m.starved[account] > 4 {
			m.Fatalf("account %d has waited for %d turns, there are 3 accounts", account, m.starved[account])
		}
	}
	delete(m.starved, k.Account)
}

// forgetServed ends the waiting of accounts and inboxes that have nothing due.
func (m *machine) forgetServed(claimable map[tania.ConversationKey]time.Time) {
	waits := map[line]bool{}
	for k := range claimable {
		waits[lineOf(k)] = true
	}
	maps.DeleteFunc(m.passed, func(l line, _ int) bool { return !waits[l] })
	for account := range m.starved {
		waits := false
		for k := range claimable {
			waits = waits || k.Account == account
		}
		if !waits {
			delete(m.starved, account)
		}
	}
}

func (m *machine) contentsOf(t *modelTurn) (list []string) {
	for _, id := range t.messages {
		list = append(list, m.letters[messageName{t.key.Account, id}].content)
	}
	return list
}
