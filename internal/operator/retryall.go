package operator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"tania/internal/queue"
	"tania/internal/wait"
)

// RetryAll is how far the retry of all dead letters is. It is a note of the store, so every process tells the same and one that starts goes
// on with it.
type RetryAll struct {
	// Running reports whether turns are still to be put back.
	Running bool `json:"running"`
	Of      int  `json:"of"`
	Retried int  `json:"retried"`
	// Failed counts those that could not be put back; they are dead still.
	Failed  int       `json:"failed"`
	By      string    `json:"by,omitempty"`
	Started time.Time `json:"started,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	// Until is when the youngest of them died: what dies later is not retried, or one that fails for ever would be retried for ever.
	Until time.Time `json:"until,omitzero"`
}

// retryStore is what a Retrier needs of an engine.
type retryStore interface {
	Queue
	queue.Board
}

// The pace at which dead letters are put back, so that who writes now waits behind few of them: while so many conversations are due, none
// is. batch is how many are put back between two looks.
const (
	retryBacklog = 64
	retryBatch   = 32
	retryWait    = 200 * time.Millisecond
)

// retryNote is the note's name. Who works on it holds it for retryHold; others look every retryLook whether one stopped halfway.
const (
	retryNote = "dead/retry-all"
	retryHold = 15 * time.Second
	retryLook = 10 * time.Second
	// A look holds the note for no time, under a name of its own: it must not end the hold of who works.
	lookHold = 0
)

// Retrier retries all dead letters in the background. Any number of processes may run one over a store.
type Retrier struct {
	store retryStore
	log   *slog.Logger
	me    string
	kick  chan struct{}
}

// NewRetrier gives one; Run does the work.
func NewRetrier(store retryStore, log *slog.Logger) *Retrier {
	return &Retrier{store: store, log: log, me: uuid.NewString(), kick: make(chan struct{}, 1)}
}

// Start has all dead letters of now retried, and says so at once. While a retry runs, that one is told of.
func (r *Retrier) Start(ctx context.Context, by string) (RetryAll, error) {
	p, err := r.take(ctx)
	if err != nil || p.Running {
		return p, err
	}
	youngest, err := r.store.Dead(ctx, 1)
	if err != nil || len(youngest) == 0 {
		_, _, free := r.hold(ctx, r.me, lookHold)
		return RetryAll{}, errors.Join(err, free)
	}
	counts, err := r.store.Stats(ctx)
	if err != nil {
		return RetryAll{}, fmt.Errorf("operator: %w", err)
	}
	p = RetryAll{Running: true, Of: int(counts.Failed), By: by, Started: time.Now().UTC(), Until: youngest[0].Died}
	if err := r.write(ctx, p); err != nil {
		return RetryAll{}, err
	}
	select {
	case r.kick <- struct{}{}:
	default:
	}
	return p, nil
}

// Progress is how far it is.
func (r *Retrier) Progress(ctx context.Context) (RetryAll, error) {
	p, _, err := r.hold(ctx, r.me+"/look", lookHold)
	return p, err
}

// Run works until ctx ends: at what Start began, and at what a process that is no more left halfway.
func (r *Retrier) Run(ctx context.Context) error {
	for {
		// While the store is away there is nothing to say: others say so.
		if p, err := r.Progress(ctx); err == nil && p.Running {
			if err := r.proceed(ctx); err != nil && ctx.Err() == nil {
				r.log.Warn("dead letters cannot be retried now", "error", err)
			}
		}
		look := time.NewTimer(retryLook)
		select {
		case <-r.kick:
		case <-look.C:
		case <-ctx.Done():
			look.Stop()
			return nil
		}
		look.Stop()
	}
}

// take makes this process the note's writer, unless a retry runs.
func (r *Retrier) take(ctx context.Context) (RetryAll, error) {
	p, err := r.Progress(ctx)
	if err != nil || p.Running {
		return p, err
	}
	if p, mine, err := r.hold(ctx, r.me, retryHold); err != nil || !mine {
		return p, errors.Join(err, errNotMine)
	}
	return RetryAll{}, nil
}

// proceed works at a retry that runs, unless another process does.
func (r *Retrier) proceed(ctx context.Context) error {
	p, mine, err := r.hold(ctx, r.me, retryHold)
	if err != nil || !mine || !p.Running {
		return err
	}
	err = r.work(ctx, p)
	_, _, free := r.hold(context.WithoutCancel(ctx), r.me, lookHold)
	return errors.Join(err, free)
}

// hold reads the note, and makes holder its writer for d where there is no other.
func (r *Retrier) hold(ctx context.Context, holder string, d time.Duration) (p RetryAll, mine bool, err error) {
	note, err := r.store.HoldNote(ctx, retryNote, holder, d)
	if err == nil && note.Body != nil {
		err = json.Unmarshal(note.Body, &p)
	}
	if err != nil {
		return RetryAll{}, false, fmt.Errorf("operator: %w", err)
	}
	return p, note.Held, nil
}

// errNotMine is that another process has taken over.
var errNotMine = errors.New("operator: another process retries the dead letters")

func (r *Retrier) write(ctx context.Context, p RetryAll) error {
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("operator: %w", err)
	}
	switch written, err := r.store.WriteNote(ctx, retryNote, r.me, body); {
	case err != nil:
		return fmt.Errorf("operator: %w", err)
	case !written:
		return errNotMine
	}
	return nil
}

// work puts back the turns that were dead at the start, the oldest first, and tells of it now and then.
func (r *Retrier) work(ctx context.Context, p RetryAll) error {
	dead, err := r.store.Dead(ctx, 0)
	if err != nil {
		return fmt.Errorf("operator: %w", err)
	}
	dead = slices.DeleteFunc(dead, func(d queue.DeadTurn) bool { return d.Died.After(p.Until) })
	slices.SortFunc(dead, func(a, b queue.DeadTurn) int { return cmp.Or(a.Died.Compare(b.Died), cmp.Compare(a.ID, b.ID)) })
	for batch := range slices.Chunk(dead, retryBatch) {
		if err := r.pace(ctx); err != nil {
			return err
		}
		for _, d := range batch {
			switch err := r.store.RetryDead(ctx, d.ID); {
			case err == nil, errors.Is(err, queue.ErrNotFound): // somebody was faster
				p.Retried++
			case ctx.Err() != nil:
				return errors.Join(err, r.write(context.WithoutCancel(ctx), p))
			default:
				p.Failed++
				r.log.Warn("dead letter not retried", "turn", d.ID, "error", err)
			}
		}
		if err := r.write(ctx, p); err != nil {
			return err
		}
	}
	p.Running, p.Ended = false, time.Now().UTC()
	r.log.Info("dead letters retried", "retried", p.Retried, "failed", p.Failed, "of", p.Of, "by", p.By)
	return r.write(ctx, p)
}

// pace waits until few conversations are due, and keeps the note meanwhile.
func (r *Retrier) pace(ctx context.Context) error {
	for {
		switch _, mine, err := r.hold(ctx, r.me, retryHold); {
		case err != nil:
			return err
		case !mine:
			return errNotMine
		}
		counts, err := r.store.Stats(ctx)
		if err != nil {
			return fmt.Errorf("operator: %w", err)
		}
		if counts.Waiting < retryBacklog {
			return nil
		}
		if err := wait.For(ctx, retryWait); err != nil {
			return err
		}
	}
}

// Retries is the retry of all dead letters, of this process's store or of a running one.
type Retries interface {
	Start(ctx context.Context, by string) (RetryAll, error)
	Progress(ctx context.Context) (RetryAll, error)
}

// RetryAndWait starts a retry and waits for its end, telling how far it is every askEvery.
func RetryAndWait(ctx context.Context, r Retries, by string, tell func(RetryAll)) (RetryAll, error) {
	p, err := r.Start(ctx, by)
	for err == nil && p.Running {
		tell(p)
		if err = wait.For(ctx, askEvery); err == nil {
			p, err = r.Progress(ctx)
		}
	}
	return p, err
}

// askEvery is how often somebody who waits for a retry asks how far it is.
const askEvery = 200 * time.Millisecond

// WithRetries gives do the retries of a queue: those of the process behind a Remote, else, for an engine, those of this process, which work
// until do is done.
func WithRetries(ctx context.Context, q Queue, log *slog.Logger, do func(Retries) error) error {
	if far, ok := q.(*remote); ok {
		return do(remoteRetries{far})
	}
	store, ok := q.(retryStore)
	if !ok {
		return errors.New("operator: a queue without a board cannot be retried as a whole")
	}
	r := NewRetrier(store, log)
	working, done := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(working) }()
	err := do(r)
	done()
	return errors.Join(err, <-ended)
}

type remoteRetries struct{ *remote }

// Start implements Retries. The process notes the address of the caller as by whom.
func (r remoteRetries) Start(ctx context.Context, _ string) (p RetryAll, err error) {
	err = r.call(ctx, http.MethodPost, "/admin/dead/retry-all", nil, &p)
	return p, err
}

// Progress implements Retries.
func (r remoteRetries) Progress(ctx context.Context) (p RetryAll, err error) {
	err = r.call(ctx, http.MethodGet, "/admin/dead/retry-all", nil, &p)
	return p, err
}
