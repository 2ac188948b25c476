package session

import (
	"context"
	"encoding/json"
	"maps"
	"sync"
	"time"

	"tania/internal/queue"
)

// endings are the sessions that were signed out before their time, by id with the second at which each would have expired. They are a note
// in the store: every process knows them, and also one that has been started since.
type endings struct {
	board  noteBoard
	holder string
	now    func() time.Time

	mu    sync.Mutex
	ended map[string]int64
	// asked is when the store was asked last; known says that it has answered; unsaved, that it has not all of ended.
	asked          time.Time
	known, unsaved bool
}

// noteBoard is the part of queue.Board that endings need.
type noteBoard interface {
	HoldNote(ctx context.Context, name, holder string, d time.Duration) (queue.Note, error)
	WriteNote(ctx context.Context, name, holder string, body []byte) (bool, error)
}

const (
	endingsNote = "dashboard/signed-out"
	// askEvery is how soon a sign-out in another process is heard of, and askWithin how long the store may take to say.
	askEvery, askWithin = 3 * time.Second, time.Second
	// holdFor is how long a process has the note to itself while it writes; another one that wants to write tries again after a tenth.
	holdFor = 300 * time.Millisecond
)

// has reports whether a session was signed out; known is false while the store has not been heard of.
func (e *endings) has(ctx context.Context, id string) (ended, known bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if now := e.now(); e.asked.IsZero() || now.Sub(e.asked) > askEvery {
		e.asked = now
		ctx, done := context.WithTimeout(ctx, askWithin)
		defer done()
		_ = e.agree(ctx) // known says whether the store was heard of
	}
	_, ended = e.ended[id]
	return ended, e.known
}

// add signs a session out, here at once, and in the store.
func (e *endings) add(ctx context.Context, id string, expires int64) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended[id], e.unsaved = expires, true
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), askWithin)
	defer done()
	for {
		if err := e.agree(ctx); err != nil || !e.unsaved {
			return err
		}
		select {
		case <-time.After(holdFor / 10):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// agree reads the note, and writes it where the store does not have all of it. Another process may be writing it just now.
func (e *endings) agree(ctx context.Context) error {
	hold := time.Millisecond // who only reads is in nobody's way
	if e.unsaved {
		hold = holdFor
	}
	note, err := e.board.HoldNote(ctx, endingsNote, e.holder, hold)
	if err != nil {
		return err
	}
	stored := map[string]int64{}
	_ = json.Unmarshal(note.Body, &stored) // what cannot be read is written again
	maps.Copy(e.ended, stored)
	over := e.now().Unix()
	maps.DeleteFunc(e.ended, func(_ string, expires int64) bool { return expires <= over })
	e.known = true
	if !e.unsaved || !note.Held {
		return nil
	}
	body, err := json.Marshal(e.ended)
	if err != nil {
		return err
	}
	written, err := e.board.WriteNote(ctx, endingsNote, e.holder, body)
	e.unsaved = !written
	return err
}
