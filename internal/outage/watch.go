package outage

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"time"

	"github.com/oklog/ulid/v2"
)

// Run probes the server while it is away, until ctx ends.
func (p *Peer) Run(ctx context.Context) {
	for {
		select {
		case <-p.left:
			p.await(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// await probes, less and less often, until the server is back.
func (p *Peer) await(ctx context.Context) {
	w := watch{Peer: p}
	for wait := p.First; ; wait = min(2*wait, p.Most) {
		pause := max(wait, min(w.asked, max(longest, p.Most)))
		if !sleep(ctx, pause-rand.N(pause/2+1)) {
			return
		}
		if w.look(ctx, min(2*wait, p.Most)) {
			p.back()
			return
		}
	}
}

// watch is one outage as this process follows it.
type watch struct {
	*Peer
	// asked is how long the server wanted to be left alone, when it was probed last.
	asked time.Duration
	// looked reports whether the note was read before, read is the return that it told of then: an earlier outage's.
	looked bool
	read   string
}

// returned is the note by which the process that probes tells the others that the server is back.
type returned struct {
	// ID is new with each return: the clocks of two processes are not compared.
	ID string `json:"id"`
}

// look reports whether the server is back: by a probe, or by what the process says that probes for all. next is the wait that follows.
func (w *watch) look(ctx context.Context, next time.Duration) bool {
	if w.Board == nil {
		return w.ask(ctx)
	}
	name := "outage/" + w.Name
	note, err := w.Board.HoldNote(ctx, name, w.Process, w.ProbeTime+2*next)
	if err != nil {
		// Without a store the processes cannot agree.
		return w.ask(ctx)
	}
	if !note.Held {
		var told returned
		_ = json.Unmarshal(note.Body, &told)
		was := w.read
		known := w.looked
		w.looked, w.read = true, told.ID
		return known && told.ID != was
	}
	if !w.ask(ctx) {
		return false
	}
	w.tell(ctx, name)
	return true
}

// ask probes.
func (w *watch) ask(ctx context.Context) bool {
	err := w.probe(ctx)
	w.asked = 0
	if err != nil && w.Asked != nil {
		w.asked = w.Asked(err)
	}
	return err == nil
}

// tell lets the others know, and leaves the note to whoever sees the next outage. Should it fail, they probe for themselves when
// this process's hold on the note has ended.
func (w *watch) tell(ctx context.Context, name string) {
	body, _ := json.Marshal(returned{ID: ulid.Make().String()})
	if _, err := w.Board.WriteNote(ctx, name, w.Process, body); err != nil {
		w.Log.Debug("return not announced", "server", w.Name, "error", err)
		return
	}
	if _, err := w.Board.HoldNote(ctx, name, w.Process, time.Millisecond); err != nil {
		w.Log.Debug("note not left", "server", w.Name, "error", err)
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
