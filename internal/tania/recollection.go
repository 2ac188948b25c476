package tania

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Recollection is something that an episode of a conversation left of its customer, for later episodes of theirs with the same bot. It is
// in their own words: nothing of it is to be believed more than what they write.
type Recollection struct {
	Kind RecollectionKind `json:"kind"`
	// Bot names the assigned bot that it was told to, empty for the main one. No other is told.
	Bot string `json:"bot,omitempty"`
	// Text is what the customer wrote, at most RecollectionChars characters.
	Text string `json:"text"`
	// Conversation and Message are where they wrote it, At is when.
	Conversation ConversationID `json:"conversation"`
	Message      MessageID      `json:"message"`
	At           time.Time      `json:"at"`
	// Outcome is how a matter ended, Colleague whether a human of the team wrote after it; for RecalledMatter.
	Outcome   Outcome `json:"outcome,omitempty"`
	Colleague bool    `json:"colleague,omitempty"`
}

// RecollectionKind is what a recollection is, from a closed set.
type RecollectionKind string

// The kinds of recollections.
const (
	// RecalledFact is something that the customer said of themselves.
	RecalledFact RecollectionKind = "fact"
	// RecalledOpen is a question that nobody answered.
	RecalledOpen RecollectionKind = "open"
	// RecalledMatter is what an episode was about last, and how it ended.
	RecalledMatter RecollectionKind = "matter"
)

// RecollectionChars bounds the text of a recollection.
const RecollectionChars = 200

// recalled bounds what is remembered of each kind: how many, the newest, and for how long.
var recalled = map[RecollectionKind]struct {
	most int
	life time.Duration
}{
	RecalledFact:   {12, 180 * 24 * time.Hour},
	RecalledOpen:   {4, 30 * 24 * time.Hour},
	RecalledMatter: {3, 180 * 24 * time.Hour},
}

// Recall gives what of a list is still remembered at a time, oldest first: the newest of each kind, and of what was said twice the last.
func Recall(list []Recollection, now time.Time) []Recollection {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b Recollection) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Message, b.Message))
	})
	type said struct {
		bot, text string
		kind      RecollectionKind
	}
	seen, count := map[said]bool{}, map[RecollectionKind]int{}
	var kept []Recollection
	for _, r := range slices.Backward(sorted) {
		bound := recalled[r.Kind]
		same := said{r.Bot, strings.ToLower(r.Text), r.Kind}
		if now.Sub(r.At) > bound.life || seen[same] || count[r.Kind] == bound.most {
			continue
		}
		seen[same] = true
		count[r.Kind]++
		kept = append(kept, r)
	}
	slices.Reverse(kept)
	return kept
}

// Leave takes in what an episode with a bot left: its matter and its open questions take the place of those of the bot's episodes before it
// in this conversation.
func (c *Conversation) Leave(bot string, left []Recollection, now time.Time) {
	facts := slices.DeleteFunc(slices.Clone(c.Left), func(r Recollection) bool { return r.Bot == bot && r.Kind != RecalledFact })
	c.Left = Recall(append(facts, left...), now)
}

// EpisodesLimit bounds the conversations of a contact that something is recalled from.
const EpisodesLimit = 8

// Ended is a conversation of a contact in which an episode ended that left something.
type Ended struct {
	Conversation ConversationID `json:"conversation"`
	At           time.Time      `json:"at"`
}

// End notes a conversation in which an episode ended at a time, and reports whether that is news.
func (m *ContactMemory) End(conversation ConversationID, at time.Time) bool {
	known := func(e Ended) bool { return e.Conversation == conversation }
	if i := slices.IndexFunc(m.Ended, known); i >= 0 && !at.After(m.Ended[i].At) {
		return false
	}
	m.Ended = newest(append(slices.DeleteFunc(slices.Clone(m.Ended), known), Ended{conversation, at}), EpisodesLimit)
	return true
}
