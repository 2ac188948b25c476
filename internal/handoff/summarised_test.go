package handoff

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/tania"
)

// summaries is a model that never sums up in the same words.
type summaries struct{ asked int }

func (s *summaries) next(context.Context, tania.Language) string {
	s.asked++
	return fmt.Sprintf("Summary %d of [this](http://evil.example).", s.asked)
}

// TestANoteWithASummaryIsTheSameAfterACrash, wherever the process died, and begins with it.
func TestANoteWithASummaryIsTheSameAfterACrash(t *testing.T) {
	for n := 1; ; n++ {
		p := newPlace(t, newMemory(t))
		model := &summaries{}
		p.Summarise = model.next
		_, died, err := p.run(t.Context(), n)
		if !died {
			if err != nil || n < 2*19 {
				t.Fatalf("%d points, %v", n, err)
			}
			break
		}
		before, err := p.memory.Conversation(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		p.Resumed = true
		if _, _, err := p.run(t.Context(), 0); err != nil {
			t.Errorf("after a crash at %d: %v", n, err)
		}
		for _, w := range p.check() {
			t.Errorf("after a crash at %d: %s", n, w)
		}
		after, err := p.memory.Conversation(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("> Summary %d of \\[this\\](http://evil.example).", model.asked)
		if kept := before.HandedOver; kept != nil && kept.Summary != "" && (after.HandedOver.Summary != kept.Summary || model.asked != 1) {
			t.Errorf("after a crash at %d the model was asked %d times", n, model.asked)
		}
		if note := p.message("note"); !strings.Contains(note, want) || strings.Count(note, "Summary ") != 1 {
			t.Errorf("after a crash at %d the note is\n%s", n, note)
		}
		p.Close()
	}
}

// TestBesideASummaryTheLastFewMessagesAreEnough.
func TestBesideASummaryTheLastFewMessagesAreEnough(t *testing.T) {
	c := Case{Reason: tania.HandoffRequested}
	for i := range 8 {
		c.History = append(c.History, tania.Entry{From: tania.FromCustomer, Text: fmt.Sprint("message ", i)})
	}
	got := note(c, "Two\nlines", bot.Default())
	if !strings.Contains(got, "**Resumen (lo escribió el modelo)**\n\n> Two  \n> lines\n") || strings.Contains(got, "message 3") ||
		strings.Count(got, "message") != quotedBeside {
		t.Error(got)
	}
}
