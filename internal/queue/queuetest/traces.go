package queuetest

import (
	"errors"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// LeaveTraces has a customer leave all that an engine can store of one, each with the words in it: answered messages with records, a dead
// turn with a checkpoint and a journal, messages that wait, one of them in a turn that was tried and is due in an hour, and a conversation.
// Ids of messages begin at first. It gives what Forget has to find of it.
func LeaveTraces(t testing.TB, e queue.Engine, k tania.ConversationKey, contact tania.ContactID, first int, words string) queue.Forgotten {
	t.Helper()
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(n int) {
		t.Helper()
		m := Message(k, first+n)
		m.Content, m.Contact = words+" in a message", tania.Contact{ID: contact, Name: words + " in a name"}
		_, err := e.Push(t.Context(), m)
		try(err)
	}
	claim := func() *queue.Turn {
		t.Helper()
		turn, err := e.Claim(t.Context())
		try(err)
		if turn.Key != k {
			t.Fatalf("claimed a turn of %s", turn.Key)
		}
		return turn
	}
	calls := func(turn *queue.Turn) {
		t.Helper()
		number, err := e.Intend(t.Context(), turn, []byte(words+" in an intent"))
		try(err)
		try(e.Settle(t.Context(), turn, number, []byte(words+" in a result")))
	}
	record := func(n int) tania.Record {
		return tania.Record{
			Key: k, Message: tania.MessageID(first + n), At: time.Unix(int64(n), 0).UTC(), Content: words + " in a record",
			Reply: words + " in a reply", Outcome: tania.OutcomeNotKnown,
		}
	}
	_, err := e.UpdateConversation(t.Context(), k, func(c *tania.Conversation) bool {
		c.Contact = tania.Contact{ID: contact, Phone: words + " as a phone"}
		c.Remember(tania.Entry{ID: 1, From: tania.FromCustomer, Text: words + " in the history"})
		return true
	})
	try(err)
	write(1)
	turn := claim()
	try(e.Checkpoint(t.Context(), turn, []byte(`"`+words+` in a checkpoint"`)))
	try(e.Complete(t.Context(), turn, record(1)))
	write(2)
	turn = claim()
	try(e.Checkpoint(t.Context(), turn, []byte(`"`+words+` in a dead checkpoint"`)))
	calls(turn)
	try(e.Bury(t.Context(), turn, errors.New(words+" in an error"), record(2)))
	write(3)
	turn = claim()
	calls(turn)
	try(e.Park(t.Context(), turn, time.Hour, []byte(words+" in a question")))
	try(e.Unpark(t.Context(), turn.ID, words+" as a name", []byte(words+" in a decision")))
	turn = claim()
	try(e.Retry(t.Context(), turn, time.Hour, errors.New(words+" in a failure")))
	write(4)
	try(e.SaveRecords(t.Context(), record(5)))
	return queue.Forgotten{Conversations: 1, Messages: 2, Records: 3, DeadTurns: 1}
}
