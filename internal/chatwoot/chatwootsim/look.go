package chatwootsim

import (
	"cmp"
	"slices"
	"time"

	"tania/internal/tania"
)

// Conversation gives a conversation as it is now.
func (w *World) Conversation(id tania.ConversationID) (Conversation, bool) {
	w.Lock()
	defer w.Unlock()
	c, ok := w.Threads[id]
	if !ok {
		return Conversation{}, false
	}
	return w.Show(c), true
}

// Conversations gives all conversations, by id.
func (w *World) Conversations() []Conversation {
	w.Lock()
	defer w.Unlock()
	list := []Conversation{}
	for _, c := range w.Threads {
		list = append(list, w.Show(c))
	}
	slices.SortFunc(list, func(a, b Conversation) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// Messages gives all messages of a conversation, of every type and author, by id.
func (w *World) Messages(id tania.ConversationID) []Message {
	w.Lock()
	defer w.Unlock()
	list := []Message{}
	if c, ok := w.Threads[id]; ok {
		for _, m := range c.Messages {
			list = append(list, *m)
		}
	}
	return list
}

// BotMessages gives the public messages that the bot sent, by id; with a user's token those of that user count.
func (w *World) BotMessages(id tania.ConversationID) []Message {
	return slices.DeleteFunc(w.Messages(id), func(m Message) bool {
		return m.Private || m.Type != Outgoing || m.Sender.Kind != tania.ActorBot && !w.integration(m.Sender)
	})
}

// integration reports whether a sender is a user whose token an integration uses.
func (w *World) integration(by Sender) bool {
	u, ok := w.User(tania.UserID(by.ID))
	return ok && by.Kind == tania.ActorUser && u.Token != ""
}

// Show is a conversation as it is now. Callers hold the lock.
func (w *World) Show(c *Thread) Conversation {
	shown := c.Conversation
	shown.Contact = c.Customer.Contact
	shown.CanReply = w.CanReply(c)
	if left := c.TypingUntil.Sub(w.Now()); left > 0 {
		shown.Typing, shown.TypingLeft = true, left.Milliseconds()
	}
	return shown
}

// TypingFor is how long the dots are shown after the last "on" (the widget's own timer).
const TypingFor = 30 * time.Second

// Latest picks conversations, the one with the latest activity first.
func (w *World) Latest(want func(*Thread) bool) []*Thread {
	var list []*Thread
	for _, c := range w.Threads {
		if want(c) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *Thread) int {
		if n := b.LastActivity.Compare(a.LastActivity); n != 0 {
			return n
		}
		return int(b.ID - a.ID)
	})
	return list
}
