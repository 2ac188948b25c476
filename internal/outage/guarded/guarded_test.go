package guarded

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/outage"
)

// model answers, or fails, as it is told.
type model struct {
	err   error
	calls int
}

// Respond implements llm.Responder.
func (m *model) Respond(context.Context, llm.Prompt) (llm.Response, error) {
	m.calls++
	return llm.Response{Text: "Sí.", Known: true}, m.err
}

// TestAModelThatIsAwayIsNotCalled until a probe finds it there; what is not its absence, and whoever gave up, tells nothing of it.
func TestAModelThatIsAwayIsNotCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("down")
		probe := down
		peer := outage.New(outage.Options{Name: outage.Model, Probe: func(context.Context) error { return probe }})
		m := &model{}
		r := Responder(m, peer)
		ask := func(ctx context.Context, want error) {
			t.Helper()
			if _, err := r.Respond(ctx, llm.Prompt{}); !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		}
		ask(t.Context(), nil)
		m.err = errors.New("a bad question")
		ask(t.Context(), m.err)
		m.err = llm.ErrUnavailable
		gaveUp, giveUp := context.WithCancel(t.Context())
		giveUp()
		ask(gaveUp, m.err)
		if peer.Err() != nil {
			t.Fatalf("the model is held to be away: %v", peer.Err())
		}
		ask(t.Context(), m.err)
		if !errors.Is(peer.Err(), llm.ErrUnavailable) || m.calls != 4 {
			t.Fatalf("after %d calls: %v, want the model's own error", m.calls, peer.Err())
		}
		ask(t.Context(), llm.ErrUnavailable)
		if m.calls != 4 {
			t.Errorf("a model that is away was called")
		}
		synctest.Wait() // what was begun reads what is changed now
		probe, m.err = nil, nil
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			peer.Run(ctx)
		}()
		time.Sleep(time.Minute) // the bubble's clock
		synctest.Wait()
		ask(t.Context(), nil)
		if m.calls != 5 {
			t.Errorf("%d calls, want one more of a model that is back", m.calls)
		}
		stop()
		<-ended
	})
}
