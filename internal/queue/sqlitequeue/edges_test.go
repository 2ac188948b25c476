package sqlitequeue

import (
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

func TestForgettingMessagesErasesTheirConversationsAlone(t *testing.T) {
	s := newStore(t, queue.Options{Debounce: time.Hour})
	t.Cleanup(s.Remove)
	pushAll(t, s.e, 1, 4)
	got, err := s.e.ForgetMessages(t.Context(), func(m *tania.Message) bool { return false })
	if err != nil || len(got) != 0 {
		t.Errorf("nothing to forget: %v, %v", got, err)
	}
	whose := childMessage(2).Key
	if got, err = s.e.ForgetMessages(t.Context(), func(m *tania.Message) bool { return m.Key == whose }); err != nil || len(got) != 1 ||
		got[whose] == 0 {
		t.Errorf("forgot %v (%v), want those of %s", got, err, whose)
	}
	stats, err := s.e.Stats(t.Context())
	if err != nil || stats.Messages != 4 {
		t.Errorf("%+v, %v", stats, err)
	}
	again, err := s.e.ForgetMessages(t.Context(), func(m *tania.Message) bool { return m.Key == whose })
	if err != nil || len(again) != 0 {
		t.Errorf("they were still there: %v, %v", again, err)
	}
}

// TestAConversationKeepsItsKey whatever a change makes of it.
func TestAConversationKeepsItsKey(t *testing.T) {
	s := newStore(t, queue.Options{})
	t.Cleanup(s.Remove)
	key := tania.ConversationKey{Account: 3, Conversation: 9}
	got, err := s.e.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
		if c.Key != key {
			t.Errorf("a new conversation is %s, want %s", c.Key, key)
		}
		c.Key = tania.ConversationKey{}
		return true
	})
	if err != nil || got.Key != key {
		t.Errorf("%s, %v", got.Key, err)
	}
	if got, err = s.e.Conversation(t.Context(), key); err != nil || got.Key != key {
		t.Errorf("stored %s, %v", got.Key, err)
	}
}
