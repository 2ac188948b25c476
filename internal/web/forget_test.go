package web_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/web"
)

// TestTheCacheIsErasedWhenNoTurnOfTheContactIsUnderWay: what a worker still has of them could be cached after it was erased.
func TestTheCacheIsErasedWhenNoTurnOfTheContactIsUnderWay(t *testing.T) {
	const contact = 77
	erased := make(chan error, 1)
	var s *site
	var turn *queue.Turn
	s = newSite(t, func(o *web.Options) {
		o.Intake = intake.New(intake.Options{
			Engine: o.Engine, Governor: governor.New(governor.Options{}), EraseCache: func(ctx context.Context) error {
				erased <- s.engine.Extend(ctx, turn)
				return nil
			},
		})
	})
	m := tania.Message{
		ID: 1, Key: tania.ConversationKey{Account: 1, Conversation: 1}, Contact: tania.Contact{ID: contact},
		Content: "¿Abren hoy?",
	}
	if _, err := s.engine.Push(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	var err error
	if turn, err = s.engine.Claim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := s.do(t, http.MethodPost, "/admin/forget?account=1&contact=77", nil, nil); a.status != http.StatusOK || a.body["messages"] != 1.0 {
		t.Errorf("%+v", a)
	}
	select {
	case err := <-erased:
		if !errors.Is(err, queue.ErrLost) {
			t.Errorf("a worker renewed its lease while the cache was erased: %v", err)
		}
	default:
		t.Error("the cache was not erased")
	}
}
