// Package meaning makes a process's vectors: it finds out what makes them, has those of the bots' knowledge made in the background, and
// gives those of questions to whoever answers. What can make vectors comes in, and the bots that answer.
package meaning

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/knowledge"
	"tania/internal/embedding"
)

// Encoder makes vectors: embedding.Server, embedding.Table.
type Encoder interface {
	knowledge.Encoder
	One(ctx context.Context, text string) (embedding.Vector, error)
}

// ErrNone is Find's where nothing makes vectors, which stays so.
var ErrNone = errors.New("nothing makes vectors")

// Options are what a Vectors is made of. All but Patience are required.
type Options struct {
	// Find gives what makes vectors, and a name by which its are told from others'. Where it fails with another error than ErrNone it is
	// asked again.
	Find func(ctx context.Context) (Encoder, string, error)
	// Answering gives those that answer now.
	Answering func() []*answer.Answerer
	// Patience is the longest that an answer waits for the vector of its question, embedding.DefaultPatience when 0.
	Patience time.Duration
	// Hide takes personal data out of a question; nil: nothing does.
	Hide func(string) string
	Log  *slog.Logger
}

// Vectors are made by one encoder for the whole process. It is safe for concurrent use; nil makes none.
type Vectors struct {
	options   Options
	questions *embedding.Questions
	// settled closes when it is known what makes vectors, or that nothing does.
	settled chan struct{}
	changed chan struct{}

	mu      sync.RWMutex
	encoder Encoder
	name    string
	// interrupt ends the learning under way.
	interrupt context.CancelFunc
}

// New finds nothing yet; Run does. Close it.
func New(o Options) *Vectors {
	if o.Hide == nil {
		o.Hide = func(text string) string { return text }
	}
	v := &Vectors{options: o, settled: make(chan struct{}), changed: make(chan struct{}, 1), interrupt: func() {}}
	v.questions = embedding.NewQuestions(func(ctx context.Context, text string) (embedding.Vector, error) {
		return v.made().One(ctx, text)
	}, o.Patience)
	return v
}

// Close ends what is under way.
func (v *Vectors) Close() {
	if v != nil {
		v.questions.Close()
	}
}

// made is what makes vectors, nil while that is not known.
func (v *Vectors) made() Encoder {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.encoder
}

// Name tells the vectors from those of other encoders, "" while nothing makes any.
func (v *Vectors) Name() string {
	if v == nil {
		return ""
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.name
}

// Vector gives the vector of a question, none where it cannot be made within the patience.
func (v *Vectors) Vector(ctx context.Context, text string) embedding.Vector {
	if v == nil || v.made() == nil {
		return embedding.Vector{}
	}
	text = v.options.Hide(text)
	if known, ok := v.made().Known(text); ok {
		return known
	}
	return v.questions.Vector(ctx, text)
}

// One gives the vector of a question, however long it takes within ctx. Its error is ErrNone while nothing makes any.
func (v *Vectors) One(ctx context.Context, text string) (embedding.Vector, error) {
	if v == nil || v.made() == nil {
		return embedding.Vector{}, ErrNone
	}
	text = v.options.Hide(text)
	if known, ok := v.made().Known(text); ok {
		return known, nil
	}
	return v.questions.One(ctx, text)
}

// Learn has one that does not answer yet, such as a draft, learn as far as it gets within ctx.
func (v *Vectors) Learn(ctx context.Context, one *answer.Answerer) {
	if v == nil {
		return
	}
	if by := v.made(); by != nil {
		_ = one.Learn(ctx, by) // by words alone it can be tried too
	}
}

// Changed tells that others answer than before.
func (v *Vectors) Changed() {
	if v == nil {
		return
	}
	v.mu.RLock()
	v.interrupt()
	v.mu.RUnlock()
	select {
	case v.changed <- struct{}{}:
	default:
	}
}

// Await waits until it is known what makes vectors, or ctx ends.
func (v *Vectors) Await(ctx context.Context) {
	if v == nil {
		return
	}
	select {
	case <-v.settled:
	case <-ctx.Done():
	}
}

// Times between attempts: the first, doubled after each failure up to the longest.
const (
	firstWait   = 2 * time.Second
	longestWait = 5 * time.Minute
)

// Run finds what makes vectors and has all that answer learn, again when others do, until ctx ends.
func (v *Vectors) Run(ctx context.Context) {
	if !v.Find(ctx) {
		return
	}
	learned := map[*answer.Answerer]bool{}
	for wait := firstWait; ; {
		next := v.learn(ctx, learned)
		if next == nil {
			wait = firstWait
			select {
			case <-v.changed:
			case <-ctx.Done():
				return
			}
			continue
		}
		if ctx.Err() != nil {
			return
		}
		if errors.Is(next, context.Canceled) { // others answer now
			continue
		}
		v.options.Log.Warn("knowledge is found by words alone until its vectors are made", "error", next, "again_in", wait.String())
		wait = pause(ctx, wait, v.changed)
	}
}

// Find finds what makes vectors, and reports whether anything does. It goes on until that is known or ctx ends.
func (v *Vectors) Find(ctx context.Context) bool {
	if v == nil {
		return false
	}
	for wait := firstWait; ; {
		encoder, name, err := v.options.Find(ctx)
		if err == nil {
			v.mu.Lock()
			v.encoder, v.name = encoder, name
			v.mu.Unlock()
			close(v.settled)
			return true
		}
		if errors.Is(err, ErrNone) {
			close(v.settled)
			return false
		}
		if ctx.Err() != nil {
			return false
		}
		v.options.Log.Warn("whether the server makes vectors is not known yet; words alone decide", "error", err, "again_in", wait.String())
		wait = pause(ctx, wait, nil)
	}
}

// pause waits, less where something changed, and gives how long the next one is.
func pause(ctx context.Context, wait time.Duration, changed <-chan struct{}) time.Duration {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
		return firstWait
	case <-ctx.Done():
	}
	return min(2*wait, longestWait)
}

// learn has those learn that answer and have not. Its error is context.Canceled where others answer meanwhile.
func (v *Vectors) learn(ctx context.Context, learned map[*answer.Answerer]bool) error {
	ctx, done := context.WithCancel(ctx)
	defer done()
	v.mu.Lock()
	v.interrupt = done
	v.mu.Unlock()
	answering := v.options.Answering()
	maps.DeleteFunc(learned, func(one *answer.Answerer, _ bool) bool { return !slices.Contains(answering, one) })
	for _, one := range answering {
		if learned[one] {
			continue
		}
		began := time.Now()
		if err := one.Learn(ctx, v.made()); err != nil {
			return cmp.Or(ctx.Err(), err)
		}
		learned[one] = true
		took := time.Since(began).Round(time.Millisecond)
		v.options.Log.Info("knowledge is found by words and vectors", "vectors", v.Name(), "took", took.String())
	}
	return nil
}
