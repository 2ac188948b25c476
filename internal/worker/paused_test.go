package worker_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/bots/pauses"
	"tania/internal/tania"
)

// pausable is a rig whose operators can pause.
func pausable(t *testing.T, m model) (*rig, *pauses.Board) {
	t.Helper()
	board := &pauses.Board{Log: slog.New(slog.DiscardHandler)}
	r := newRig(t, m, func(s *settings) { s.worker.Pauses = board })
	board.Store = r.engine // nobody pauses before
	return r, board
}

func (r *rig) pause(board *pauses.Board, s pauses.Scope) {
	r.t.Helper()
	if changed, err := board.Pause(r.t.Context(), pauses.Pause{Scope: s, By: "ana", Why: "a fair"}); err != nil || !changed {
		r.t.Fatal(changed, err)
	}
}

// TestTheTryOutSaysWhereTheBotIsPaused and elsewhere what it answers.
func TestTheTryOutSaysWhereTheBotIsPaused(t *testing.T) {
	r, board := pausable(t, says("Cuesta 400 pesos."))
	rehearsed := r.rehearsal()
	rehearsed.Paused = func(key tania.ConversationKey, inbox tania.InboxID) string {
		p, ok := board.Covering("main", key, inbox)
		if !ok {
			return ""
		}
		return p.String()
	}
	for _, want := range []tania.Reason{tania.Proceed, tania.Paused} {
		given, err := rehearsed.Try(t.Context(), tania.ConversationKey{Account: 1}, questions(1))
		if d := given.Record; err != nil || d.Reason != want || (want == tania.Paused) != strings.Contains(d.Detail, "by ana: a fair") {
			t.Errorf("%s, %q, %v; want %s", d.Reason, d.Detail, err, want)
		}
		if want == tania.Proceed {
			r.pause(board, pauses.Scope{Inbox: 11, Account: 1})
			r.until("the pause", func() bool { _, ok := board.Covering("main", tania.ConversationKey{Account: 1}, 11); return ok })
		}
	}
}

// TestWherePausedTheTeamGetsWhoWrites, without a word from the bot; elsewhere, and when it has been resumed, the bot answers.
func TestWherePausedTheTeamGetsWhoWrites(t *testing.T) {
	r, board := pausable(t, says("Cuesta 400 pesos."))
	elsewhere := r.write(0, questions(1))
	r.until("an answer", func() bool { return len(r.said(elsewhere)) == 1 })
	r.pause(board, pauses.Scope{Bot: "main", Inbox: 11})
	c := r.write(0, questions(2))
	r.until("the team", func() bool { s, _ := r.sim.Conversation(c); return s.Status == tania.StatusOpen && s.Team == 5 })
	r.ended()
	r.wantSaid(c)
	if note := r.note(c); !strings.Contains(note, "pausó el bot") {
		t.Errorf("the note says %q", note)
	}
	d := r.record(c)
	if d.Outcome != tania.OutcomeHandedOver || d.Reason != tania.Paused || d.Handoff != tania.HandoffPaused || d.Usage.Calls != 0 ||
		d.Detail != "paused, bot main, inbox 11, by ana: a fair" {
		t.Errorf("%+v", d)
	}
	if _, err := board.Resume(t.Context(), pauses.Scope{Bot: "main", Inbox: 11}, "ana"); err != nil {
		t.Fatal(err)
	}
	r.write(c, questions(3))
	r.ended()
	if d := r.record(c); d.Reason != tania.HumanAssigned {
		t.Errorf("the bot took it back from the team: %+v", d)
	}
	again := r.write(0, questions(4))
	r.until("an answer after the pause", func() bool { return len(r.said(again)) == 1 })
}

// TestAnAnswerUnderWayIsNotSentWhenItsConversationIsPaused: a human gets the question in its place.
func TestAnAnswerUnderWayIsNotSentWhenItsConversationIsPaused(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r, board := pausable(t, func(context.Context, llm.Prompt) (llm.Response, error) {
		once.Do(func() { close(asked); <-release })
		return llm.Response{Text: "Cuesta 400 pesos.", Known: true}, nil
	})
	c := r.write(0, questions(1))
	<-asked
	r.pause(board, pauses.Scope{Conversation: c})
	close(release)
	r.until("the team", func() bool { s, _ := r.sim.Conversation(c); return s.Status == tania.StatusOpen })
	r.ended()
	r.wantSaid(c)
	if d := r.record(c); d.Reason != tania.Paused || d.Outcome != tania.OutcomeHandedOver {
		t.Errorf("%+v", d)
	}
}
