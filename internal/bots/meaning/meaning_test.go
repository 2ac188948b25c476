package meaning

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/embedding"
)

// house is a process: a server of embeddings, and the bots that answer.
type house struct {
	*Vectors
	t *testing.T

	mu sync.Mutex
	// unfound is what finding the server fails with, down what asking it does; waits has it take so long.
	unfound, down error
	waits         time.Duration
	asked         []string
	answering     []*answer.Answerer
	finds         int
}

func newHouse(t *testing.T) *house {
	h := &house{t: t}
	server := embedding.NewServer(embedding.Options{Model: "m", Ask: h.ask})
	h.Vectors = New(Options{
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Find: func(context.Context) (Encoder, string, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.finds++
			return server, "m", h.unfound
		},
		Answering: func() []*answer.Answerer {
			h.mu.Lock()
			defer h.mu.Unlock()
			return slices.Clone(h.answering)
		},
	})
	return h
}

func (h *house) ask(ctx context.Context, texts []string) ([][]float32, error) {
	h.mu.Lock()
	waits, down := h.waits, h.down
	h.mu.Unlock()
	select {
	case <-time.After(waits):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if down != nil {
		return nil, down
	}
	h.asked = append(h.asked, texts...)
	made := make([][]float32, len(texts))
	for i, text := range texts {
		made[i] = []float32{float32(len(text)), 1}
	}
	return made, nil
}

// answers makes bots with one passage each answer, in place of those before.
func (h *house) answers(texts ...string) {
	h.mu.Lock()
	h.answering = nil
	for _, text := range texts {
		b := bot.Default()
		b.Knowledge = []bot.Passage{{Title: "Title", Text: text, Source: text}}
		h.answering = append(h.answering, answer.New(answer.Options{Bot: b, Responder: silent{}, Meaning: h.Vector}))
	}
	h.mu.Unlock()
	h.Changed()
}

// silent answers nothing.
type silent struct{}

func (silent) Respond(context.Context, llm.Prompt) (llm.Response, error) { return llm.Response{}, nil }

// told gives the passages that the server was asked for since the last time.
func (h *house) told() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	asked := slices.DeleteFunc(h.asked, func(text string) bool { return len(text) < 6 || text[:6] != "Title\n" })
	h.asked = nil
	return asked
}

func (h *house) set(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

func (h *house) want(what string, texts ...string) {
	h.t.Helper()
	if told := h.told(); !slices.Equal(told, texts) {
		h.t.Errorf("%s: the server was asked for %q, want %q", what, told, texts)
	}
}

func TestOnlyWhatChangedIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.answers("one", "two")
		stop := h.runs()
		defer stop()
		h.want("at the start", "Title\none", "Title\ntwo")
		h.answers("one", "three")
		synctest.Wait()
		h.want("after a change", "Title\nthree")
		h.Changed()
		synctest.Wait()
		h.want("after no change")
	})
}

// runs starts and waits until nothing is left to do.
func (h *house) runs() (stop func()) {
	ctx, cancel := context.WithCancel(h.t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { h.Run(ctx) })
	synctest.Wait()
	return func() {
		cancel()
		ended.Wait()
		h.Close()
	}
}

func TestAServerThatIsAwayIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.unfound, h.down = errors.New("no route"), errors.New("busy")
		h.answers("one")
		stop := h.runs()
		defer stop()
		if v := h.Vector(t.Context(), "hello"); !v.Empty() || h.Name() != "" {
			t.Error("there is a vector, and no server")
		}
		if _, err := h.One(t.Context(), "hello"); !errors.Is(err, ErrNone) {
			t.Error(err)
		}
		h.set(func() { h.unfound = nil })
		time.Sleep(firstWait) // the synctest clock
		synctest.Wait()
		h.want("while it is busy")
		if h.Name() != "m" || h.finds != 2 {
			t.Errorf("it is called %q after %d looks", h.Name(), h.finds)
		}
		h.set(func() { h.down = nil })
		time.Sleep(firstWait)
		synctest.Wait()
		h.want("when it is there", "Title\none")
		if v := h.Vector(t.Context(), "hello"); v.Empty() {
			t.Error("a question has no vector")
		}
	})
}

func TestAServerWithoutEmbeddingsIsNotAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.unfound = ErrNone
		stop := h.runs()
		defer stop()
		h.Await(t.Context())
		time.Sleep(24 * time.Hour)
		if h.finds != 1 || h.Name() != "" {
			t.Errorf("looked %d times", h.finds)
		}
	})
}

// TestANewVersionDoesNotWaitForTheOneBefore has others answer while what was known before is still being learned.
func TestANewVersionDoesNotWaitForTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.waits = 20 * time.Second
		h.answers("one")
		stop := h.runs()
		defer stop()
		time.Sleep(time.Second)
		h.answers("two")
		h.set(func() { h.waits = time.Second })
		time.Sleep(2 * time.Second)
		synctest.Wait()
		h.want("after the change", "Title\ntwo")
	})
}

func TestWithoutVectorsNothingIsMade(t *testing.T) {
	var none *Vectors
	none.Run(t.Context())
	none.Changed()
	none.Await(t.Context())
	none.Learn(t.Context(), nil)
	none.Close()
	if _, err := none.One(t.Context(), "hello"); !errors.Is(err, ErrNone) || none.Name() != "" || !none.Vector(t.Context(), "hello").Empty() {
		t.Errorf("%v", err)
	}
}
