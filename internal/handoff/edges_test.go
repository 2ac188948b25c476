package handoff

import (
	"context"
	"errors"
	"slices"
	"testing"

	"tania/internal/tania"
)

// TestWhatWasHandedOverAgainIsNotFinishedByAnEarlierTurn: the conversation came back meanwhile, and another turn gave it away.
func TestWhatWasHandedOverAgainIsNotFinishedByAnEarlierTurn(t *testing.T) {
	p := newPlace(t, newMemory(t))
	if _, died, _ := p.run(t.Context(), 3); !died {
		t.Fatal("the handoff is over before it begins")
	}
	if _, err := p.memory.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
		c.HandedOver = &tania.HandedOver{At: now, Reason: tania.HandoffRequested, Turn: "T2"}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	before := len(p.calls)
	p.Resumed = true
	report, _, err := p.run(t.Context(), 0)
	if err != nil || len(p.calls) != before {
		t.Errorf("calls %v, %v", p.calls[before:], err)
	}
	for _, s := range report.Steps {
		if s.State != StepSkipped {
			t.Errorf("%s is %s", s.Name, s.State)
		}
	}
}

// TestAResumedHandoffLooksForItsWordsAlthoughItsMemoryIsLost asks Chatwoot for what the store has forgotten, and at a first attempt it does
// not.
func TestAResumedHandoffLooksForItsWordsAlthoughItsMemoryIsLost(t *testing.T) {
	p := newPlace(t, newMemory(t))
	asked := 0
	look := p.Sent
	p.Sent = func(ctx context.Context, part string) (bool, error) { asked++; return look(ctx, part) }
	if _, _, err := p.run(t.Context(), 0); err != nil || asked != 0 {
		t.Fatalf("the first attempt: %v, looked %d times", err, asked)
	}
	p.memory, p.Resumed = newMemory(t), true
	if _, _, err := p.run(t.Context(), 0); err != nil || asked != 2 {
		t.Errorf("%v, looked %d times, want for the word and the note", err, asked)
	}
	for _, w := range p.check() {
		t.Error(w)
	}
}

// TestALookThatFailsProvesNothing: what it gives beside its error does not count.
func TestALookThatFailsProvesNothing(t *testing.T) {
	p := newPlace(t, newMemory(t))
	p.refuse["message"] = 500
	p.Sent = func(context.Context, string) (bool, error) { return true, errors.New("for the test") }
	if _, _, err := p.run(t.Context(), 0); err == nil {
		t.Error("a message that nobody has seen counts as sent")
	}
}

// TestAConversationThatHumansHaveIsNotOpenedAgain: with a user's token that would assign it to the user.
func TestAConversationThatHumansHaveIsNotOpenedAgain(t *testing.T) {
	for status, opens := range map[string]bool{"pending": true, "open": false, "resolved": false, "snoozed": false} {
		p := newPlace(t, newMemory(t))
		p.status = status
		if _, _, err := p.run(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(p.calls, "status") != opens {
			t.Errorf("%s: calls %v", status, p.calls)
		}
	}
	p := newPlace(t, newMemory(t))
	p.refuse["look"] = 403
	if _, _, err := p.run(t.Context(), 0); err != nil || !slices.Contains(p.calls, "status") {
		t.Errorf("where no look is allowed: %v, calls %v", err, p.calls)
	}
}

func TestPlainLeavesAllThatHasNoMeaningInMarkdown(t *testing.T) {
	for text, want := range map[string]string{
		"ñ‰€—中": "ñ‰€—中", "a\tb": "a b", "\u202axy\u202e": "xy", "\u2066x\u2069": "x", "\u2029\u2030\u2065\u206a": "\u2029\u2030\u2065\u206a",
		"\x00x\x7f": "x", "[a](b)": "\\[a\\](b)",
	} {
		if got := plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := shorten("  añb  ", 3); got != "añb" {
		t.Errorf("%q", got)
	}
	if got := shorten("añ bc", 3); got != "añ…" {
		t.Errorf("%q", got)
	}
}
