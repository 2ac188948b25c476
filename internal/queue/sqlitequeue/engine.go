// Package sqlitequeue is the embedded engine: one process, one SQLite file in WAL mode with synchronous=FULL.
// One goroutine owns the writing connection and the schedule; what comes while it commits is the next commit (group commit).
package sqlitequeue

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue/file"
	"tania/internal/queue/sqlitequeue/schedule"
	"tania/internal/tania"
)

// Errors of Open that a person must fix.
var (
	// ErrInUse means that another process has the file.
	ErrInUse = file.ErrInUse
	// ErrDamaged means that the file cannot be read as a database, or not whole.
	ErrDamaged = file.ErrDamaged
	// ErrNewer means that a later version of Tania wrote the file.
	ErrNewer = file.ErrNewer
)

// Left is what an earlier process left in the files.
type Left = file.Left

// maxBatch is how many operations share a commit at most: more would delay the first of them.
const maxBatch = 512

// Engine is a queue.Engine over one SQLite file.
type Engine struct {
	queue.Options
	file *file.File
	// published tells of bots' versions.
	published published
	write     *statements // of the writing goroutine alone
	read      *file.Reads

	ops    chan *op
	wake   chan struct{}
	closed chan struct{}
	once   sync.Once
	ended  chan struct{}
	// closing is what Close returns, each time.
	closing error

	// What follows belongs to the writing goroutine.
	schedule *schedule.Schedule
	waiters  []*waiter
	// held are the claims that are on disk and not ended there: a schedule that is read again finds its workers in it.
	held map[uint64]*schedule.Hold
	// stale reports whether the schedule is not that of the file and must be read again.
	stale bool
	// draining reports whether the engine closes and hands out nothing more.
	draining bool
	token    uint64
	pausedBy string
	paused   bool
	tally    tally
	board    board
	alarm    func() bool // stops it
	purged   time.Time
}

// op is one operation of a transaction. run may write through tx; what it returns goes to the caller after the commit.
type op struct {
	run func(*tx) error
	// after, where there is one, runs after the commit and outside of any transaction, before the caller is told.
	after func() error
	err   error
	done  chan error
}

// Open opens or creates the file and takes its lock. Turns of a process that died are due at once.
func Open(ctx context.Context, path string, o queue.Options) (*Engine, error) {
	return OpenOn(ctx, "", path, o)
}

// OpenOn is Open on the disk that SQLite knows by the name vfs, the system's where it is empty. The lock is always on the system's.
func OpenOn(ctx context.Context, vfs, path string, o queue.Options) (*Engine, error) {
	o = o.WithDefaults()
	opened, err := file.Open(ctx, vfs, path, o.Clock)
	if err != nil {
		return nil, err
	}
	e := &Engine{
		Options: o, file: opened, read: file.NewReads(opened.Readers), token: opened.Opens << 32, // greater than those of all openings before
		ops: make(chan *op, maxBatch), wake: make(chan struct{}, 1), closed: make(chan struct{}), ended: make(chan struct{}),
		held: map[uint64]*schedule.Hold{},
	}
	if e.write, err = prepare(ctx, opened.Writer); err == nil {
		err = e.load()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sqlitequeue: open %s: %w", path, opened.Diagnosed(err)), e.release())
	}
	go e.loop()
	e.kick()
	return e, nil
}

// Left gives what Open found.
func (e *Engine) Left() Left { return e.file.Left }

// Close ends blocked claims with ErrClosed, finishes what was submitted, and gives the file free.
func (e *Engine) Close() error {
	e.once.Do(func() {
		close(e.closed)
		<-e.ended
		e.closing = e.release()
	})
	return e.closing
}

func (e *Engine) release() error {
	var err error
	if e.write != nil {
		err = e.write.close()
	}
	return errors.Join(err, e.read.Close(), e.file.Close())
}

// Ready commits a small write.
func (e *Engine) Ready(ctx context.Context) error {
	return e.do(ctx, func(tx *tx) error {
		tx.exec(tx.setMeta, "ready", e.Clock.Now().Format(time.RFC3339))
		return nil
	})
}

// do runs an operation in the writing goroutine's next transaction and returns after its commit.
func (e *Engine) do(ctx context.Context, run func(*tx) error) error {
	return e.submit(ctx, &op{run: run, done: make(chan error, 1)})
}

func (e *Engine) submit(ctx context.Context, o *op) error {
	select {
	case <-e.closed:
		return queue.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	case e.ops <- o:
	}
	// Not ctx: what was submitted takes effect, and the caller must know.
	select {
	case err := <-o.done:
		return err
	case <-e.ended:
		select {
		case err := <-o.done:
			return err
		default:
			return queue.ErrClosed
		}
	}
}

// kick makes the writing goroutine look at the time.
func (e *Engine) kick() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// loop is the writing goroutine.
func (e *Engine) loop() {
	defer close(e.ended)
	batch := make([]*op, 0, maxBatch)
	for {
		batch = batch[:0]
		select {
		case o := <-e.ops:
			batch = append(batch, o)
		case <-e.wake:
			e.stopAlarm()
		case <-e.closed:
			e.drain(batch)
			return
		}
		e.commit(e.gather(batch))
		e.setAlarm()
	}
}

// yields is how often gather lets other goroutines run before it takes what they submitted. On an idle machine that
// costs about a microsecond; on a busy one it makes commits fewer and larger.
const yields = 20

// gather takes what else has been submitted, and what those who are about to submit have ready.
func (e *Engine) gather(batch []*op) []*op {
	for range yields {
		runtime.Gosched()
	}
	for len(batch) < maxBatch {
		select {
		case o := <-e.ops:
			batch = append(batch, o)
		default:
			return batch
		}
	}
	return batch
}

// drain carries out what was submitted before the close, and ends the claims that wait.
func (e *Engine) drain(batch []*op) {
	e.draining = true
	for batch = e.gather(batch); len(batch) > 0; batch = e.gather(batch[:0]) {
		e.commit(batch)
	}
	for _, w := range e.waiters {
		close(w.turn)
	}
	e.waiters = nil
	e.stopAlarm()
}

// commit runs a batch in one transaction. When a statement or the commit fails, none of it has happened: the schedule
// is read again from the file, and every operation of the batch fails.
func (e *Engine) commit(batch []*op) {
	handed, err := e.transact(batch)
	if err != nil {
		err = fmt.Errorf("sqlitequeue: %w: %w", queue.ErrUnavailable, e.file.Diagnosed(err))
		e.stale = true
		waiting := make([]*waiter, 0, len(handed)+len(e.waiters))
		for _, h := range handed {
			waiting = append(waiting, h.to)
		}
		e.waiters, handed = append(waiting, e.waiters...), nil
	}
	for _, o := range batch {
		if err != nil && !errors.Is(o.err, queue.ErrLost) {
			o.err = err
		}
		if o.err == nil && o.after != nil {
			o.err = o.after()
		}
		o.done <- o.err
	}
	for _, h := range handed {
		e.held[h.view.Token] = h.hold
		h.to.turn <- h.claimed
	}
}

func (e *Engine) transact(batch []*op) (handed []handing, err error) {
	if e.stale {
		if err := e.load(); err != nil {
			return nil, err
		}
	}
	tx := &tx{statements: e.write}
	for _, o := range batch {
		if o.err = o.run(tx); tx.err != nil {
			break
		}
	}
	if tx.err == nil {
		handed = e.tick(tx)
	}
	if tx.err == nil {
		e.tally.write(tx)
	}
	return handed, e.end(tx)
}

// end commits and then tells workers of the claims that ended with this transaction.
func (e *Engine) end(tx *tx) error {
	if err := tx.end(); err != nil {
		return err
	}
	for _, h := range tx.ended {
		close(h.Lost)
		delete(e.held, h.Token)
	}
	return nil
}

// setAlarm wakes the writing goroutine when the next conversation is due or the next lease ends.
func (e *Engine) setAlarm() {
	e.stopAlarm()
	e.alarm = e.Clock.AfterFunc(max(e.nextEvent().Sub(e.Clock.Now()), 0), e.kick)
}

func (e *Engine) stopAlarm() {
	if e.alarm != nil {
		e.alarm()
	}
}

func nanos(t time.Time) int64     { return t.UnixNano() }
func fromNanos(n int64) time.Time { return time.Unix(0, n).UTC() }

var _ queue.Engine = (*Engine)(nil)

func keyOf(account, conversation int64) tania.ConversationKey {
	return tania.ConversationKey{Account: tania.AccountID(account), Conversation: tania.ConversationID(conversation)}
}
