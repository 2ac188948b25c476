package answer

import (
	"slices"

	"tania/internal/tania"
)

// kinds are the files that a message can come with, as the model is told of them when nobody could read them.
var kinds = map[string]string{
	"image": "a picture that you cannot see", "audio": "a voice message that you cannot hear", "video": "a video that you cannot see",
	"file": "a file that you cannot open",
}

// Unread reports whether a message has a file that nobody has read: what its text means may hang on it.
func Unread(m tania.Message) bool {
	return !m.Deleted && slices.ContainsFunc(m.Attachments, unread)
}

func unread(a tania.Attachment) bool { return kinds[a.Type] != "" && a.Transcript == "" }

// attached tells the model of the files that the customer's messages come with.
func attached(messages []tania.Message) (notes []string) {
	for i := range messages {
		m := &messages[i]
		if m.Deleted {
			continue
		}
		for _, a := range m.Attachments {
			if unread(a) {
				notes = append(notes, place(messages, m.ID)+" comes with "+kinds[a.Type]+
					". Where the answer may depend on it, say so honestly, and ask the customer to write what it says or shows.")
			}
		}
	}
	return notes
}
