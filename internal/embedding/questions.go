package embedding

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

// Defaults of Questions.
const (
	// DefaultPatience is how long a turn waits for the vector of its question.
	DefaultPatience = 400 * time.Millisecond
	// awayFor is how long nobody waits after mostLate vectors in a row that failed or came late.
	awayFor  = 30 * time.Second
	mostLate = 3
	// mostRecent questions are remembered by their vectors.
	mostRecent = 256
)

// ErrNotNow is given instead of a vector while the server is taken to be away.
var ErrNotNow = errors.New("embedding: the server is away or slow, and is left alone for a moment")

// Questions makes vectors of what customers ask so that nobody waits long: a text that several ask for is asked for once, and a server that
// fails or is slow again and again is left alone for a moment. What was asked is remembered in memory only, and not by its words. It is
// safe for concurrent use.
type Questions struct {
	// One makes a vector, Patience bounds the wait for it.
	one      func(ctx context.Context, text string) (Vector, error)
	patience time.Duration

	ctx    context.Context //nolint:containedctx // that of the requests, which outlive who asked first
	stop   context.CancelFunc
	making sync.WaitGroup

	mu     sync.Mutex
	recent map[key]*question
	// order are the keys of recent, the oldest first.
	order []key
	late  int
	until time.Time
}

// question is a vector that is made or was.
type question struct {
	made   chan struct{}
	vector Vector
	err    error
}

// NewQuestions asks for nothing yet. Patience 0 is DefaultPatience. Close it.
func NewQuestions(one func(ctx context.Context, text string) (Vector, error), patience time.Duration) *Questions {
	if patience == 0 {
		patience = DefaultPatience
	}
	q := &Questions{one: one, patience: patience, recent: map[key]*question{}}
	q.ctx, q.stop = context.WithCancel(context.Background())
	return q
}

// Close ends the requests that are under way, and waits for their ends.
func (q *Questions) Close() {
	q.stop()
	q.making.Wait()
}

// Vector gives the vector of a text, none where it does not come in time.
func (q *Questions) Vector(ctx context.Context, text string) Vector {
	ctx, done := context.WithTimeout(ctx, q.patience)
	defer done()
	v, _ := q.One(ctx, text)
	return v
}

// One gives the vector of a text, however long it takes within ctx. Its error is ErrNotNow at once while the server is left alone.
func (q *Questions) One(ctx context.Context, text string) (Vector, error) {
	asked, err := q.ask(text)
	if err != nil {
		return Vector{}, err
	}
	select {
	case <-asked.made:
		return asked.vector, asked.err
	case <-ctx.Done():
		return Vector{}, ctx.Err()
	}
}

// ask begins to make a vector, or joins who did.
func (q *Questions) ask(text string) (*question, error) {
	sum := sha256.Sum256([]byte(text))
	k := key(sum[:16])
	q.mu.Lock()
	defer q.mu.Unlock()
	if asked, ok := q.recent[k]; ok {
		return asked, nil
	}
	if time.Now().Before(q.until) {
		return nil, ErrNotNow
	}
	if err := q.ctx.Err(); err != nil {
		return nil, err
	}
	asked := &question{made: make(chan struct{})}
	q.recent[k] = asked
	if q.order = append(q.order, k); len(q.order) > mostRecent {
		delete(q.recent, q.order[0])
		q.order = q.order[1:]
	}
	q.making.Go(func() {
		late := time.AfterFunc(q.patience, func() { q.count(false) })
		asked.vector, asked.err = q.one(q.ctx, text)
		if late.Stop() {
			q.count(asked.err == nil || errors.Is(asked.err, ErrNotTaken)) // a server that refuses a text is not away
		}
		if asked.err != nil {
			q.forget(k, asked)
		}
		close(asked.made)
	})
	return asked, nil
}

// forget has a vector that could not be made asked for again.
func (q *Questions) forget(k key, failed *question) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.recent[k] == failed {
		delete(q.recent, k)
	}
}

// count notes whether a vector came, or came in time.
func (q *Questions) count(came bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if came {
		q.late = 0
		return
	}
	if q.late++; q.late >= mostLate {
		q.late, q.until = mostLate-1, time.Now().Add(awayFor)
	}
}
