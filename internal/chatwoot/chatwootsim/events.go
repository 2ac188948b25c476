package chatwootsim

// Names of events, as webhooks have them.
const (
	MessageCreated            = "message_created"
	MessageUpdated            = "message_updated"
	ConversationCreated       = "conversation_created"
	ConversationOpened        = "conversation_opened"
	ConversationResolved      = "conversation_resolved"
	ConversationStatusChanged = "conversation_status_changed"
	ConversationUpdated       = "conversation_updated"
	TypingOn                  = "conversation_typing_on"
	TypingOff                 = "conversation_typing_off"
	WidgetTriggered           = "webwidget_triggered"
)

// AccountEvents are those of account webhooks; the opened and resolved of bots are not among them.
var AccountEvents = []string{
	"conversation_created", "conversation_updated", "conversation_status_changed", "message_created", "message_updated",
	"webwidget_triggered", "conversation_typing_on", "conversation_typing_off",
}

// Event is something that happened in a conversation.
type Event struct {
	Name         string
	Conversation *Thread
	// Message is that of a message's event; no event is made of an activity.
	Message *Message
	// Changes are those of ConversationUpdated.
	Changes []Change
	// By is who types, and Private that it is a note.
	By      Sender
	Private bool
}

// Watch has every event told to somebody as it happens, under the lock.
func (w *World) Watch(watcher func(Event)) {
	w.Lock()
	defer w.Unlock()
	w.watchers = append(w.watchers, watcher)
}

// Publish tells of an event. Callers hold the lock.
func (w *World) Publish(e Event) {
	if e.Message != nil && e.Message.Type == Activity {
		return
	}
	for _, watcher := range w.watchers {
		watcher(e)
	}
}

// PublishTyping tells that somebody types, or no longer does. Callers hold the lock.
func (w *World) PublishTyping(c *Thread, by Sender, on, private bool) {
	event := TypingOff
	if on {
		event = TypingOn
	}
	w.Publish(Event{Name: event, Conversation: c, By: by, Private: private})
}
