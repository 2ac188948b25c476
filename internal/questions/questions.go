// Package questions lists what customers wanted and the bot missed, so that somebody can teach it: records of misses come in, questions in
// groups of the same kind go out.
package questions

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"tania/internal/privacy"
	"tania/internal/tania"
)

// Question is what a customer wanted in one turn that the bot missed.
type Question struct {
	Key tania.ConversationKey `json:"key"`
	// Message is the turn's last, Text what all of its messages say.
	Message  tania.MessageID `json:"message"`
	Inbox    tania.InboxID   `json:"inbox,omitempty"`
	At       time.Time       `json:"at"`
	Language tania.Language  `json:"language,omitempty"`
	Text     string          `json:"text"`
	// Answer is what the customer read, empty for nothing.
	Answer string     `json:"answer,omitempty"`
	Miss   tania.Miss `json:"miss"`
	// Reason is what an agent said of it, RatedBy the agent's name; empty for nothing.
	Reason  string `json:"reason,omitempty"`
	RatedBy string `json:"rated_by,omitempty"`
	// Answered reports whether a human of the team wrote afterwards.
	Answered bool `json:"answered,omitempty"`
	// BotVersion is the version of the bot that missed it.
	BotVersion int `json:"bot_version,omitempty"`
}

// Group is questions that ask the same, as far as their words tell, the newest first.
type Group struct {
	Questions []Question `json:"questions"`
}

// Newest is the last question that was asked of a group; it stands for all of them.
func (g Group) Newest() Question { return g.Questions[0] }

// Misses counts a group's questions by how they were missed.
func (g Group) Misses() map[tania.Miss]int {
	counts := map[tania.Miss]int{}
	for _, q := range g.Questions {
		counts[q.Miss]++
	}
	return counts
}

// Read makes questions of the records of misses, the newest first. The records of a turn are one question.
func Read(records []tania.Record) []Question {
	type turn struct {
		key tania.ConversationKey
		id  tania.TurnID
	}
	of := map[turn][]tania.Record{}
	for _, r := range records {
		if r.Missed() == "" {
			continue
		}
		t := turn{r.Key, r.Turn}
		of[t] = append(of[t], r)
	}
	all := make([]Question, 0, len(of))
	for messages := range maps.Values(of) {
		slices.SortFunc(messages, func(x, y tania.Record) int { return cmp.Compare(x.Message, y.Message) })
		last := messages[len(messages)-1]
		var texts []string
		for _, r := range messages {
			if text := strings.TrimSpace(r.Content); text != "" {
				texts = append(texts, text)
			}
		}
		if len(texts) == 0 {
			continue
		}
		q := Question{
			Key: last.Key, Message: last.Message, Inbox: last.Inbox, At: last.At, Language: last.Language, Text: strings.Join(texts, "\n"),
			Answer: last.Reply, Miss: last.Missed(), BotVersion: last.BotVersion,
			Answered: !last.Review.Answered.IsZero() || !last.Review.Corrected.IsZero() || last.Review.Wants(),
		}
		for _, rated := range last.Review.Ratings() {
			if q.Reason == "" {
				q.Reason, q.RatedBy = rated.Reason, rated.Name
			}
		}
		all = append(all, q)
	}
	slices.SortFunc(all, newestFirst)
	return all
}

func newestFirst(x, y Question) int {
	return cmp.Or(y.At.Compare(x.At), cmp.Compare(y.Key.Account, x.Key.Account), cmp.Compare(y.Key.Conversation, x.Key.Conversation),
		cmp.Compare(y.Message, x.Message))
}

// List gives the groups of the questions that a filter takes, with what is to be hidden hidden. Likeness is judged by the texts as
// they are.
func List(all []Question, f Filter, mask privacy.Mask) []Group {
	var taken []Question
	for _, q := range all {
		if f.takes(q, mask) {
			taken = append(taken, q)
		}
	}
	groups := group(taken)
	for _, g := range groups {
		for i := range g.Questions {
			q := &g.Questions[i]
			q.Text, q.Answer = mask.Content(q.Text), mask.Content(q.Answer)
			q.Reason, q.RatedBy = mask.Content(q.Reason), mask.Name(q.RatedBy)
		}
	}
	slices.SortStableFunc(groups, func(x, y Group) int {
		if f.Most && len(x.Questions) != len(y.Questions) {
			return len(y.Questions) - len(x.Questions)
		}
		return newestFirst(x.Newest(), y.Newest())
	})
	return groups
}

// Inboxes are those in which questions were asked, ascending.
func Inboxes(all []Question) []tania.InboxID {
	found := map[tania.InboxID]bool{}
	for _, q := range all {
		if q.Inbox != 0 {
			found[q.Inbox] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
