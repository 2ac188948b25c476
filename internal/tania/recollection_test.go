package tania

import (
	"fmt"
	"testing"
	"time"
)

// TestWhatIsRecalledIsBounded: by kind, in number and in age, and what is said twice counts once.
func TestWhatIsRecalledIsBounded(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	var all []Recollection
	add := func(kind RecollectionKind, n int, text string, ago time.Duration) {
		for i := range n {
			at := now.Add(-ago).Add(time.Duration(i))
			all = append(all, Recollection{Kind: kind, Text: fmt.Sprintf(text, i), Message: MessageID(i + 1), At: at})
		}
	}
	add(RecalledFact, 30, "fact %d", time.Hour)
	add(RecalledFact, 2, "old fact %d", 181*24*time.Hour)
	add(RecalledOpen, 6, "open %d", 29*24*time.Hour)
	add(RecalledOpen, 1, "old open %d", 31*24*time.Hour)
	add(RecalledMatter, 5, "matter %d", time.Minute)
	add(RecalledMatter, 1, "MATTER %d", time.Second) // the first again, in other letters
	got := Recall(all, now)
	want := "open 2, open 3, open 4, open 5"
	for i := range 12 {
		want += fmt.Sprint(", fact ", i+18)
	}
	want += ", matter 3, matter 4, MATTER 0"
	said := ""
	for _, r := range got {
		said += ", " + r.Text
	}
	if said != ", "+want {
		t.Errorf("recalled: %s", said[2:])
	}
}

// TestABotsLaterEpisodeTakesThePlaceOfItsMatters, of no other bot's, and of no fact.
func TestABotsLaterEpisodeTakesThePlaceOfItsMatters(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	var c Conversation
	leave := func(bot, text string, kinds ...RecollectionKind) {
		var left []Recollection
		for _, k := range kinds {
			left = append(left, Recollection{Kind: k, Bot: bot, Text: text, Message: MessageID(len(text)), At: now})
		}
		c.Leave(bot, left, now)
	}
	leave("", "a", RecalledFact, RecalledOpen, RecalledMatter)
	leave("other", "bb", RecalledMatter)
	leave("", "ccc", RecalledMatter)
	got := ""
	for _, r := range c.Left {
		got += fmt.Sprintf("%s %s, ", r.Kind, r.Text)
	}
	if got != "fact a, matter bb, matter ccc, " {
		t.Error(got)
	}
	if !c.Unsay(2) || c.Unsay(2) || len(c.Left) != 2 {
		t.Errorf("after a message was deleted: %+v", c.Left)
	}
	c.History = []Entry{{ID: 1, Text: "a"}}
	if !c.Correct(1, "b") || len(c.Left) != 1 {
		t.Errorf("after a message was corrected: %+v", c.Left)
	}
}

func TestAContactsConversationsAreNotedOnceAndTheNewestKept(t *testing.T) {
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	var m ContactMemory
	for i := range EpisodesLimit + 3 {
		m.End(ConversationID(i), at)
	}
	if m.End(5, at) || !m.End(5, at.Add(1)) || m.End(5, at) {
		t.Error("an ending is news once")
	}
	if n := len(m.Ended); n != EpisodesLimit || m.Ended[0].Conversation != 3 || m.Ended[n-1].Conversation != 5 {
		t.Errorf("%+v", m.Ended)
	}
}
