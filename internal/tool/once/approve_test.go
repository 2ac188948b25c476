package once_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/once"
)

func ruled(turn *queue.Turn, entry int, v tania.Approved, reason string) *tania.Approval {
	return &tania.Approval{
		Turn: turn.ID, Entry: entry, Ruling: &tania.Ruling{Verdict: v, Reason: reason, By: "Luis", At: time.Now().UTC()},
	}
}

// TestAnApprovedCallIsMadeOnceWhereverAProcessDies: the request is asked once, and the call of it made once, on both engines.
func TestAnApprovedCallIsMadeOnceWhereverAProcessDies(t *testing.T) {
	for name, e := range engines(t) {
		t.Run(name, func(t *testing.T) {
			points := 0
			for dies := 1; ; dies++ {
				s := newShop(t)
				turn := claimed(t, e)
				var asked *once.ApprovalError
				if _, err := attempt(t.Context(), s.box(t, e, turn, -1), []string{"approved"}); !errors.As(err, &asked) || asked.Tool != "approved" {
					t.Fatalf("not asked: %v", err)
				}
				if _, err := attempt(t.Context(), s.box(t, e, turn, -1), nil); !errors.As(err, &asked) || asked.Entry != 1 || s.done["/approved"] != 0 {
					t.Fatalf("asked once more: %v, %v", err, s.done)
				}
				word := ruled(turn, asked.Entry, tania.ApprovalGiven, "")
				results, err := attempt(t.Context(), s.boxOf(t, e, turn, dies, word), []string{"read", "read"})
				killed := errors.Is(err, errKilled)
				var box *once.Box
				for range 2 { // a further heir finds all in the journal
					turn = inherited(t, e, turn)
					box = s.boxOf(t, e, turn, -1, word)
					results, err = attempt(t.Context(), box, []string{"read", "read"})
				}
				if err != nil || len(results) != 2 || !strings.Contains(results[0], "/approved") || s.done["/approved"] != 1 {
					t.Fatalf("killed at %d: %q, %v; the shop did %v", dies, results, err, s.done)
				}
				if d := box.Decided(); len(d) != 1 || d[0].Act == nil || !d[0].Act.OK || d[0].Ruling.By != "Luis" || !box.Wrote() {
					t.Errorf("killed at %d: decided %+v", dies, d)
				}
				if err := e.Complete(t.Context(), turn); err != nil {
					t.Fatal(err)
				}
				if points = dies; !killed {
					break
				}
			}
			if points < 7 {
				t.Errorf("the turn has %d points, want those of a decision and a call", points)
			}
		})
	}
}

// TestARequestGoesByWhatWasDecided, and by what the customer has written since.
func TestARequestGoesByWhatWasDecided(t *testing.T) {
	e := enginetest.SQLite(t, queue.Options{Debounce: time.Millisecond, DebounceMax: time.Millisecond})
	newer := func(t *testing.T, turn *queue.Turn) {
		t.Helper()
		turn.Messages = append(turn.Messages, tania.Message{ID: turn.Messages[0].ID + 1000, Content: "y"})
	}
	call := func(t *testing.T, b *once.Box, name string) string {
		t.Helper()
		r, err := b.Call(t.Context(), llm.Call{Tool: name, Arguments: map[string]any{}})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for name, test := range map[string]func(t *testing.T, s *shop, turn *queue.Turn){
		"rejected": func(t *testing.T, s *shop, turn *queue.Turn) {
			b := s.boxOf(t, e, turn, -1, ruled(turn, 1, tania.ApprovalRejected, "too late"))
			steps, _, err := b.Before(t.Context())
			if err != nil || !strings.Contains(steps[0].Calls[0].Result, "too late") {
				t.Errorf("%+v, %v", steps, err)
			}
			if r := call(t, b, "approved"); !strings.Contains(r, "too late") {
				t.Errorf("asked for the same once more: %s", r)
			}
		},
		"what the limits no longer allow": func(t *testing.T, s *shop, turn *queue.Turn) {
			s.made = []tool.Made{{Tool: "approved", Arguments: map[string]any{"id": "9"}, OK: true}}
			word := ruled(turn, 1, tania.ApprovalGiven, "")
			for range 2 { // also as the next attempt finds it
				b := s.boxOf(t, e, turn, -1, word)
				steps, _, err := b.Before(t.Context())
				if err != nil || s.done["/approved"] != 0 || !strings.Contains(steps[0].Calls[0].Result, "was done already") {
					t.Fatalf("%+v, %v; the shop did %v", steps, err, s.done)
				}
				if d := b.Decided(); d[0].Act != nil || d[0].Refused == "" || b.Acts()[0].Ruling.By != "Luis" {
					t.Errorf("%+v", d)
				}
				s.made = nil
			}
		},
		"a second of the same": func(t *testing.T, s *shop, turn *queue.Turn) {
			word := ruled(turn, 1, tania.ApprovalGiven, "")
			steps, _, err := s.boxOf(t, e, turn, -1, word).Before(t.Context())
			if err != nil || s.done["/approved"] != 1 {
				t.Fatalf("%+v, %v", steps, err)
			}
			b := s.boxOf(t, e, turn, -1, word)
			_, _, err = b.Before(t.Context())
			if r := call(t, b, "approved"); err != nil || !strings.HasPrefix(r, "refused: ") || s.done["/approved"] != 1 {
				t.Errorf("a second of the same: %s, %v", r, err)
			}
		},
		"approved, and the customer has written since": func(t *testing.T, s *shop, turn *queue.Turn) {
			newer(t, turn)
			b := s.boxOf(t, e, turn, -1, ruled(turn, 1, tania.ApprovalGiven, ""))
			steps, _, err := b.Before(t.Context())
			if err != nil || s.done["/approved"] != 0 || !strings.Contains(steps[0].Calls[0].Result, "written since") {
				t.Fatalf("%+v, %v; %v", steps, err, s.done)
			}
			if r := call(t, b, "approved"); !strings.Contains(r, "/approved") || s.done["/approved"] != 1 || b.Decided()[0].Act == nil {
				t.Errorf("wanted still: %s; %+v", r, b.Decided())
			}
		},
		"undecided, and taken back by the model": func(t *testing.T, s *shop, turn *queue.Turn) {
			newer(t, turn)
			b := s.box(t, e, turn, -1)
			steps, after, err := b.Before(t.Context())
			if err != nil || len(steps) != 1 || !strings.Contains(after, once.Withdraw) || b.Pending() == nil {
				t.Fatalf("%+v, %q, %v", steps, after, err)
			}
			if r := call(t, b, "approved"); !strings.Contains(r, "goes on waiting") || b.Pending() == nil {
				t.Errorf("the same once more: %s", r)
			}
			offered := b.Offered()
			if offered[len(offered)-1].Name != once.Withdraw {
				t.Errorf("offered: %+v", offered)
			}
			if r := call(t, b, once.Withdraw); b.Pending() != nil || !strings.Contains(r, "withdrawn") {
				t.Errorf("%s; %+v", r, b.Pending())
			}
			// A word that comes too late.
			b = s.boxOf(t, e, turn, -1, ruled(turn, 1, tania.ApprovalGiven, ""))
			if _, _, err := b.Before(t.Context()); err != nil || s.done["/approved"] != 0 || b.Decided()[0].Ruling.Reason != tania.WithdrawnByCustomer {
				t.Errorf("%+v, %v; the shop did %v", b.Decided(), err, s.done)
			}
		},
		"another turn's word": func(t *testing.T, s *shop, turn *queue.Turn) {
			word := ruled(turn, 1, tania.ApprovalGiven, "")
			word.Turn = "another"
			var asked *once.ApprovalError
			if _, _, err := s.boxOf(t, e, turn, -1, word).Before(t.Context()); !errors.As(err, &asked) || s.done["/approved"] != 0 {
				t.Errorf("%v; the shop did %v", err, s.done)
			}
		},
		"a corrected message": func(t *testing.T, s *shop, turn *queue.Turn) {
			turn.Messages[0].Content = "something else"
			b := s.boxOf(t, e, turn, -1, ruled(turn, 1, tania.ApprovalGiven, ""))
			if _, _, err := b.Before(t.Context()); err != nil || s.done["/approved"] != 0 {
				t.Errorf("%v; the shop did %v", err, s.done)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			turn := claimed(t, e)
			var asked *once.ApprovalError
			if _, err := attempt(t.Context(), s.box(t, e, turn, -1), []string{"approved"}); !errors.As(err, &asked) {
				t.Fatal(err)
			}
			test(t, s, turn)
		})
	}
}
