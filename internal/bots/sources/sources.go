// Package sources reads the sources that bot.yaml names, again and again, while Tania runs: one process of an installation for all. What
// comes in is the list of the bot that answers now; what goes out are changed files beside bot.yaml, the word to publish them, and how each
// source is.
package sources

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tania/internal/bot"
	"tania/internal/knowledge/source"
	"tania/internal/knowledge/source/fetch"
	"tania/internal/knowledge/source/learned"
	"tania/internal/queue"
)

// NoteName is the note that gives a process the right to read for all, and holds how the sources are.
const NoteName = "sources"

// Times of the process that reads.
const (
	// Look is how often it is looked whether a source is due.
	Look = 15 * time.Second
	// lease is how long a process reads for all after it said so last.
	lease = time.Minute
	// longestReading bounds one reading of a source: 2,000 pages at the pace of a polite reader take seven minutes.
	longestReading = time.Hour
	// firstAgain is when a source that failed is read again; it doubles up to the source's own time.
	firstAgain = 5 * time.Minute
)

// Status is how a source is.
type Status struct {
	// Source is as bot.yaml has it.
	Source string `json:"source"`
	// Depth and Private are those that it was read with: with others it is read at once.
	Depth   int      `json:"depth,omitempty"`
	Private []string `json:"private,omitempty"`
	// Read is when it was last read well, Tried when it was last tried, Next when it is due. By the clock of the process that reads.
	Read  time.Time `json:"read,omitzero"`
	Tried time.Time `json:"tried,omitzero"`
	Next  time.Time `json:"next,omitzero"`
	// Error is why it could not be read, empty where it was. Failures counts those in a row.
	Error    string `json:"error,omitempty"`
	Failures int    `json:"failures,omitempty"`
	// Documents and Passages are what is known of it.
	Documents int `json:"documents"`
	Passages  int `json:"passages"`
	// Notes are what was left out at the last reading, and why: the first few.
	Notes []string `json:"notes,omitempty"`
}

const mostNotes = 5

// Reader reads sources on schedule. Its fields are set before its first use.
type Reader struct {
	Board queue.Board
	// Process names this process; no other has the name.
	Process string
	// Wanted are the sources of the bot that answers now.
	Wanted func() []bot.Source
	// Dir is the folder in which bot.yaml is.
	Dir string
	// Fetch is what web servers are read with.
	Fetch fetch.Options
	// Restore brings what is published into the folder, before a process reads for the first time.
	Restore func(ctx context.Context) error
	// Publish makes what was read what all processes answer from.
	Publish func(ctx context.Context, why string) error
	Now     func() time.Time
	Log     *slog.Logger

	// restored reports whether the folder has had what is published, since this process began to read.
	restored bool

	mu sync.Mutex
	// failing is what is wrong with sources that this process reads, for the alerts.
	failing string
}

// Failing says which sources cannot be read, where this process is the one that reads; "" where nothing is wrong.
func (r *Reader) Failing() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failing
}

func (r *Reader) fails(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if what != r.failing && what != "" {
		r.Log.Warn("sources cannot be read; what was learned from them stays", "problem", what)
	}
	r.failing = what
}

// Run reads what is due until ctx ends.
func (r *Reader) Run(ctx context.Context) error {
	tick := time.NewTicker(Look)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			r.look(ctx)
		case <-ctx.Done():
			if r.restored {
				r.leave(ctx)
			}
			return nil
		}
	}
}

// leave lets another process read at once.
func (r *Reader) leave(ctx context.Context) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer done()
	if _, err := r.Board.HoldNote(ctx, NoteName, r.Process, time.Millisecond); err != nil {
		r.Log.Debug("the note of the sources was not left", "error", err)
	}
}

func (r *Reader) store() learned.Store {
	return learned.Store{Dir: filepath.Join(r.Dir, learned.Folder), Now: r.Now}
}

// look reads what is due, if this process reads for all.
func (r *Reader) look(ctx context.Context) {
	wanted := r.Wanted()
	if len(wanted) == 0 {
		r.fails("")
		return
	}
	note, err := r.Board.HoldNote(ctx, NoteName, r.Process, lease)
	if err != nil || !note.Held {
		r.restored = false
		r.fails("")
		return
	}
	unlock, err := r.store().Lock("tania serve")
	if held, ok := errors.AsType[learned.HeldError](err); ok {
		r.Log.Info("the sources wait for another process", "by", held.By.Name, "process", held.By.Process)
		return
	}
	if err != nil {
		// One that can keep what it reads may do it.
		r.restored = false
		r.leave(ctx)
		r.fails(err.Error())
		return
	}
	defer func() {
		if err := unlock(); err != nil {
			r.Log.Warn("the folder of what is learned was not let go", "error", err)
		}
	}()
	if !r.restored {
		if err := r.Restore(ctx); err != nil {
			r.Log.Warn("what is published was not brought beside bot.yaml", "error", err)
			return
		}
		r.restored = true
	}
	r.readDue(ctx, wanted, decode(note.Body))
}

// readDue reads the sources that are due, one after another, and writes down how each is.
func (r *Reader) readDue(ctx context.Context, wanted []bot.Source, known []Status) {
	ctx, stop := r.hold(ctx)
	defer stop()
	all := make([]Status, len(wanted))
	for i, s := range wanted {
		all[i] = statusOf(s, known)
	}
	changed := !slices.EqualFunc(all, known, func(a, b Status) bool { return a.Source == b.Source })
	for i, s := range wanted {
		if all[i].Next.After(r.Now()) {
			continue
		}
		r.read(ctx, s, &all[i])
		if ctx.Err() != nil {
			return
		}
		changed = true
		r.write(ctx, all)
	}
	if changed {
		r.write(ctx, all)
	}
	var failing []string
	for _, s := range all {
		if s.Error != "" {
			failing = append(failing, s.Source+": "+s.Error)
		}
	}
	r.fails(strings.Join(failing, "; "))
}

// hold keeps the note while a reading lasts. The context ends when another process has it.
func (r *Reader) hold(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(lease / 3)
		defer tick.Stop()
		for last := time.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			note, err := r.Board.HoldNote(ctx, NoteName, r.Process, lease)
			switch {
			case err == nil && note.Held:
				last = time.Now()
			case err == nil || time.Since(last) > lease:
				cancel()
				return
			}
		}
	}()
	return ctx, func() { cancel(); <-ended }
}

func (r *Reader) write(ctx context.Context, all []Status) {
	body, err := json.Marshal(all)
	if err == nil {
		_, err = r.Board.WriteNote(ctx, NoteName, r.Process, body)
	}
	if err != nil {
		r.Log.Warn("how the sources are was not stored", "error", err)
	}
}

// statusOf is what is known of a source. One that is new, or is to be read in another way, is due.
func statusOf(s bot.Source, known []Status) Status {
	i := slices.IndexFunc(known, func(k Status) bool { return k.Source == s.Address })
	if i < 0 {
		return Status{Source: s.Address, Depth: s.Depth, Private: s.Private}
	}
	k := known[i]
	if k.Depth != s.Depth || !slices.Equal(k.Private, s.Private) {
		k.Depth, k.Private, k.Next = s.Depth, s.Private, time.Time{}
		return k
	}
	if at := k.Tried.Add(s.Every); k.Next.After(at) || k.Error == "" {
		k.Next = at // it was read less often before
	}
	return k
}

// decode reads the note. Another version's is none.
func decode(body []byte) (all []Status) {
	if json.Unmarshal(body, &all) != nil {
		return nil
	}
	return all
}

// read reads a source, and has what changed published. A source that cannot be read keeps what was learned from it.
func (r *Reader) read(ctx context.Context, s bot.Source, status *Status) {
	status.Tried = r.Now().UTC()
	change, notes, err := r.learn(ctx, s)
	if err != nil {
		if ctx.Err() != nil {
			return
		}
		status.Failures++
		status.Error = err.Error()
		status.Next = r.Now().UTC().Add(min(s.Every, firstAgain<<min(status.Failures-1, 16)))
		return
	}
	status.Error, status.Failures, status.Read, status.Next = "", 0, status.Tried, status.Tried.Add(s.Every)
	status.Notes = notes[:min(len(notes), mostNotes)]
	status.Documents = change.Added + change.Changed + change.Same + change.Missing
	status.Passages = bot.CountLearned(learned.Files(change.Dir))
	r.Log.Info("a source was read", "source", s.Address, "new", change.Added, "changed", change.Changed, "same", change.Same,
		"missing", change.Missing, "removed", change.Removed)
	if change.Added+change.Changed+change.Removed == 0 {
		return
	}
	why := fmt.Sprintf("%s: %d new, %d changed, %d removed", s.Address, change.Added, change.Changed, change.Removed)
	if err := r.Publish(ctx, why); err != nil {
		r.Log.Warn("what was read is not published yet", "source", s.Address, "error", err)
	}
}

// learn brings the folder to what a source says. A document that has a reader panic is an error like any other.
func (r *Reader) learn(ctx context.Context, s bot.Source) (change learned.Change, notes []string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("sources: %s cannot be read: %v", s.Address, p)
		}
	}()
	ctx, done := context.WithTimeout(ctx, longestReading)
	defer done()
	store, o := r.store(), s.Origin
	if o.Address = source.Address(o.Address); !strings.Contains(o.Address, "://") && !filepath.IsAbs(o.Address) {
		o.Address = filepath.ToSlash(filepath.Join(r.Dir, o.Address))
	}
	reading, err := source.Reader{Fetch: r.Fetch, Marks: store.Marks}.Read(ctx, o)
	if err != nil {
		return change, nil, err
	}
	return store.Update(o, reading)
}

// Read gives how the sources are, in the order of bot.yaml, whichever process reads them.
func Read(ctx context.Context, board queue.Board) ([]Status, error) {
	note, err := board.HoldNote(ctx, NoteName, "who only looks", time.Millisecond)
	if err != nil {
		return nil, err
	}
	return decode(note.Body), nil
}
