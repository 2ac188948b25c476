package simulation

import (
	"slices"

	"tania/internal/chatwoot/chatwootsim"
)

// excused reports whether a question of a conversation may have been answered by two of the bot's messages: the window that remains, as
// docs/delivery.md names it. The reply was saved and its process died before it noted that; its echo had not come when the next attempt
// sent it again; and a look showed neither the reply, since somebody had written after it, nor that the customer's wait had ended with it.
func excused(messages []chatwootsim.Message, first, second chatwootsim.Message, all taken) bool {
	if echo, ok := all[first.ID]; ok && !echo.After(second.Created) {
		return false
	}
	hides := slices.ContainsFunc(messages, func(m chatwootsim.Message) bool {
		return !m.Private && m.ID > first.ID && m.ID < second.ID
	})
	if !hides {
		return false
	}
	before, after := waitUntil(messages, first), waitUntil(messages, second)
	return before.ID == 0 || before.Created.Unix() == after.Created.Unix()
}

// waitUntil is the message with which the customer's wait began that a reply ended, by Chatwoot's count: the first that the customer wrote
// since somebody last answered. Its ID is 0 if the customer was not waiting.
func waitUntil(messages []chatwootsim.Message, reply chatwootsim.Message) (began chatwootsim.Message) {
	for _, m := range messages {
		switch {
		case m.ID >= reply.ID:
			return began
		case m.Private:
		case m.Type == chatwootsim.Outgoing:
			began = chatwootsim.Message{}
		case m.Type == chatwootsim.Incoming && began.ID == 0:
			began = m
		}
	}
	return began
}
