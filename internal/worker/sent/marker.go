package sent

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"tania/internal/chatwoot"
	"tania/internal/queue"
	"tania/internal/tania"
)

// answersLimit bounds the messages that a marker names: it is stored with the reply, and read with each look.
const answersLimit = 100

// Answers are the messages that a reply answers, for the marker of its last part: what each said, by its digest. nil where they are many.
func Answers(t *queue.Turn) map[tania.MessageID]string {
	if len(t.Messages) > answersLimit {
		return nil
	}
	answers := map[tania.MessageID]string{}
	for i := range t.Messages {
		answers[t.Messages[i].ID] = digest(&t.Messages[i])
	}
	return answers
}

// Answered reports whether a message is marked as the whole reply to the turn's messages as they read now.
func Answered(t *queue.Turn, last *chatwoot.Message) bool {
	if last == nil || last.Marker == nil {
		return false
	}
	return !slices.ContainsFunc(t.Messages, func(m tania.Message) bool { return last.Marker.Answers[m.ID] != digest(&m) })
}

// digest tells what a message says, a transcript too, from what it is changed to.
func digest(m *tania.Message) string {
	sum := sha256.Sum256([]byte(m.Spoken()))
	return hex.EncodeToString(sum[:4])
}
