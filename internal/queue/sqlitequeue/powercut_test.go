package sqlitequeue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"tania/internal/sqlitefile"
	"tania/internal/sqlitetest"
	"tania/internal/tania"
)

// envPowerCuts is how many power cuts TestAPowerCutLosesNothingAcknowledged makes; make simulate sets it.
const envPowerCuts = "TANIA_POWER_CUTS"

const (
	powerCuts      = 200 // by default
	cutsOfARun     = 25
	messagesOfARun = 48
	// writesOfARun is about how many writes, truncations and syncs a run makes.
	writesOfARun = 480
)

// acknowledged is what callers were told, and may rely on after a power cut.
type acknowledged struct {
	mu        sync.Mutex
	pushed    map[tania.MessageID]bool
	completed map[tania.MessageID]bool
	intended  map[tania.MessageID]string // what the turn that has the message was about to do outside
	noted     map[tania.MessageID]string // the checkpoint of that turn
}

func (a *acknowledged) copy() *acknowledged {
	a.mu.Lock()
	defer a.mu.Unlock()
	return &acknowledged{
		pushed: maps.Clone(a.pushed), completed: maps.Clone(a.completed), intended: maps.Clone(a.intended),
		noted: maps.Clone(a.noted),
	}
}

// cut is a disk after the power failed, and what had been acknowledged by then.
type cut struct {
	disk  *sqlitetest.Disk
	known *acknowledged
	at    int
}

// TestAPowerCutLosesNothingAcknowledged cuts the power of a disk that forgets what was not synced, tears what was being written and
// writes in any order, while messages are pushed, and their turns journalled, checkpointed and completed, at any write: also within a
// checkpoint of the log.
func TestAPowerCutLosesNothingAcknowledged(t *testing.T) {
	wanted := powerCuts
	if set := os.Getenv(envPowerCuts); set != "" {
		n, err := strconv.Atoi(set)
		if err != nil {
			t.Fatalf("%s: %v", envPowerCuts, err)
		}
		wanted = n
	}
	total, kept := 0, 0
	for seed := uint64(1); total < wanted; seed++ {
		for _, c := range cutRun(t, seed) {
			kept += c.check(t, seed)
			c.disk.Close()
			total++
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d power cuts, %d acknowledged messages looked for", total, kept)
}

// cutRun has an engine work on a disk and gives what the disk would be after power cuts at random writes.
func cutRun(t *testing.T, seed uint64) (cuts []cut) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	at := map[int]bool{}
	for len(at) < cutsOfARun {
		at[1+r.IntN(writesOfARun)] = true
	}
	disk := sqlitetest.NewDisk()
	defer disk.Close()
	known := &acknowledged{
		pushed: map[tania.MessageID]bool{}, completed: map[tania.MessageID]bool{},
		intended: map[tania.MessageID]string{}, noted: map[tania.MessageID]string{},
	}
	var mu sync.Mutex
	disk.OnWrite(func(n int) {
		if at[n] {
			// What was acknowledged is copied before the disk: it must be in it.
			c := cut{known: known.copy(), at: n}
			mu.Lock()
			defer mu.Unlock()
			c.disk = disk.PowerCut(r)
			cuts = append(cuts, c)
		}
	})
	e, err := OpenOn(t.Context(), disk.VFS(), filepath.Join(t.TempDir(), "q.db"), childOptions())
	if err != nil {
		t.Fatal(err)
	}
	// The log is moved into the database file every few pages, so that cuts fall into that as well.
	pragma(t, e, "wal_autocheckpoint = 12")
	known.work(t, e)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if len(cuts) < cutsOfARun/2 {
		t.Errorf("seed %d: %d writes, only %d of %d cuts", seed, disk.Writes(), len(cuts), cutsOfARun)
	}
	return cuts
}

// work pushes messages in four conversations, four at a time, and has two workers checkpoint and complete them.
func (a *acknowledged) work(t *testing.T, e *Engine) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var pushers, workers sync.WaitGroup
	for conversation := range 4 {
		pushers.Go(func() {
			for n := range messagesOfARun / 4 {
				m := tania.Message{
					ID: tania.MessageID(n*4 + conversation + 1), Key: keyOf(1, int64(conversation+1)),
					Content: fmt.Sprint("message ", n),
				}
				if _, err := e.Push(ctx, m); err != nil {
					t.Error(err)
					return
				}
				a.note(func() { a.pushed[m.ID] = true })
			}
		})
	}
	for range 2 {
		workers.Go(func() { a.turns(ctx, t, e, stop) })
	}
	pushers.Wait()
	workers.Wait()
}

// turns works until all messages are completed.
func (a *acknowledged) turns(ctx context.Context, t *testing.T, e *Engine, stop func()) {
	for {
		turn, err := e.Claim(ctx)
		if errors.Is(err, context.Canceled) {
			return
		}
		if err != nil {
			t.Error(err)
			return
		}
		noted := string(turn.ID)
		if _, err := e.Intend(context.WithoutCancel(ctx), turn, []byte("call of "+noted)); err != nil {
			t.Error(err)
			return
		}
		a.note(func() {
			for _, m := range turn.Messages {
				a.intended[m.ID] = "call of " + noted
			}
		})
		if err := e.Checkpoint(context.WithoutCancel(ctx), turn, []byte(strconv.Quote(noted))); err != nil {
			t.Error(err)
			return
		}
		a.note(func() {
			for _, m := range turn.Messages {
				a.noted[m.ID] = strconv.Quote(noted)
			}
		})
		if err := e.Complete(context.WithoutCancel(ctx), turn); err != nil {
			t.Error(err)
			return
		}
		a.note(func() {
			for _, m := range turn.Messages {
				a.completed[m.ID] = true
			}
			if len(a.completed) == messagesOfARun {
				stop()
			}
		})
	}
}

func (a *acknowledged) note(what func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	what()
}

// check opens the disk and reports how many acknowledged messages it looked for.
func (c cut) check(t *testing.T, seed uint64) int {
	t.Helper()
	e, err := OpenOn(t.Context(), c.disk.VFS(), filepath.Join(t.TempDir(), "q.db"), childOptions())
	if err != nil {
		t.Errorf("seed %d, cut at write %d: %v", seed, c.at, err)
		return 0
	}
	defer func() { _ = e.Close() }()
	if pages := e.Left().Pages; pages != (sqlitefile.Findings{}) {
		t.Errorf("seed %d, cut at write %d: a page was torn from its checksum: %+v", seed, c.at, pages)
	}
	left, found := everyTurn(t, e)
	for id := range c.known.pushed {
		switch {
		case c.known.completed[id] && left[id] > 0:
			t.Errorf("seed %d, cut at write %d: message %d was completed and is there again", seed, c.at, id)
		case c.known.completed[id]:
		case left[id] == 0 && !c.duplicate(t, e, id):
			t.Errorf("seed %d, cut at write %d: message %d was acknowledged and is lost", seed, c.at, id)
		case left[id] > 1:
			t.Errorf("seed %d, cut at write %d: message %d is there %d times", seed, c.at, id, left[id])
		case left[id] == 1 && c.known.noted[id] != "" && found[id].checkpoint != c.known.noted[id]:
			t.Errorf("seed %d, cut at write %d: the checkpoint of message %d is %q, was %q", seed, c.at, id, found[id].checkpoint, c.known.noted[id])
		case left[id] == 1 && c.known.intended[id] != "" && found[id].intent != c.known.intended[id]:
			t.Errorf("seed %d, cut at write %d: the call of message %d is %q, was %q", seed, c.at, id, found[id].intent, c.known.intended[id])
		}
	}
	return len(c.known.pushed)
}

// duplicate reports whether the engine knows a message that is not there any more: its completion was stored when the power failed,
// and nobody told yet.
func (c cut) duplicate(t *testing.T, e *Engine, id tania.MessageID) bool {
	t.Helper()
	conversation := (int64(id)-1)%4 + 1
	pushed, err := e.Push(t.Context(), tania.Message{ID: id, Key: keyOf(1, conversation), Content: "again"})
	if err != nil {
		t.Error(err)
	}
	return pushed.Duplicate
}

// foundTurn is what a turn had after a power cut: its checkpoint, and the first entry of its journal.
type foundTurn struct {
	checkpoint, intent string
}

// everyTurn claims and completes all turns: how often each message was there, and what its turn had.
func everyTurn(t *testing.T, e *Engine) (left map[tania.MessageID]int, found map[tania.MessageID]foundTurn) {
	t.Helper()
	left, found = map[tania.MessageID]int{}, map[tania.MessageID]foundTurn{}
	for {
		s, err := e.Stats(t.Context())
		if err != nil {
			t.Error(err)
			return left, found
		}
		if s.Waiting == 0 {
			if s.Active+s.Delayed+s.Failed > 0 {
				t.Errorf("%+v", s)
			}
			return left, found
		}
		turn, err := e.Claim(t.Context())
		if err != nil {
			t.Error(err)
			return left, found
		}
		if !slices.IsSortedFunc(turn.Messages, func(a, b tania.Message) int { return int(a.ID - b.ID) }) {
			t.Errorf("turn %s is out of order", turn.ID)
		}
		calls, err := e.Calls(t.Context(), turn)
		if err != nil {
			t.Error(err)
			return left, found
		}
		had := foundTurn{checkpoint: string(turn.Checkpoint)}
		if len(calls) > 0 {
			had.intent = string(calls[0].Intent)
		}
		for _, m := range turn.Messages {
			left[m.ID]++
			found[m.ID] = had
		}
		if err := e.Complete(t.Context(), turn); err != nil {
			t.Error(err)
			return left, found
		}
	}
}
