package docs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

// TestTheStatesAreAsDrawn brings a conversation into each state that the architecture guides draw, does everything there that the queue's
// contract knows, and compares where that leads with the arrows. The conformance suite holds the other engine to the same.
func TestTheStatesAreAsDrawn(t *testing.T) {
	mailbox, turn := arrows{}, arrows{}
	var found sync.Mutex
	t.Run("walks", func(t *testing.T) {
		for name, prepare := range situations {
			t.Run(name, func(t *testing.T) {
				t.Parallel() // they wait for the disk
				before := newWalk(t)
				prepare(before)
				boxBefore, turnBefore := before.mailbox(), before.turnState()
				for does, event := range events {
					after := newWalk(t)
					prepare(after)
					if err := event(after); err != nil {
						if !refused(err) {
							t.Errorf("%s: %v", does, err)
						}
						continue
					}
					boxAfter, turnAfter := after.mailbox(), after.turnState()
					found.Lock()
					mailbox.add(boxBefore, boxAfter, does)
					turn.add(turnBefore, turnAfter, does)
					found.Unlock()
				}
			})
		}
	})
	mailbox.coarsen("waiting", "delayed", "ready")
	for _, page := range []string{"architecture.md", "es/arquitectura.md"} {
		drawn := diagrams(t, page)
		if len(drawn) != 2 {
			t.Fatalf("%s draws %d diagrams of states, want one of the mailbox and one of the turn", page, len(drawn))
		}
		compare(t, page+", mailbox", drawn[0], mailbox)
		compare(t, page+", turn", drawn[1], turn)
	}
}

// TestEveryOperationIsTried holds that an operation which the contract gains is drawn, or is known to change no state.
func TestEveryOperationIsTried(t *testing.T) {
	stateless := []string{"Calls", "Dead", "DeadTurn", "ParkedTurns", "Pause", "Resume", "Stats"}
	for _, contract := range []reflect.Type{
		reflect.TypeFor[queue.Queue](), reflect.TypeFor[queue.Journal](),
		reflect.TypeFor[queue.Parking](),
	} {
		for i := range contract.NumMethod() {
			name := contract.Method(i).Name
			if events[name] == nil && !slices.Contains(stateless, name) {
				t.Errorf("%s has %s, which no walk through the states does", contract, name)
			}
		}
	}
}

// walk is one conversation in a queue of its own, and the turn that was claimed of it.
type walk struct {
	t      *testing.T
	e      *sqlitequeue.Engine
	clock  *queuetest.Clock
	turn   *queue.Turn
	pushed tania.MessageID
}

var conversation = tania.ConversationKey{Account: 1, Conversation: 1}

var errNothing = errors.New("there is nothing to do it with")

// refused reports whether the contract does not allow the operation in this state.
func refused(err error) bool {
	return errors.Is(err, errNothing) || errors.Is(err, queue.ErrLost) || errors.Is(err, queue.ErrNotFound)
}

// walkOptions are those whose times the walks pass. Two attempts, so that the last is soon reached.
var walkOptions = queue.Options{MaxAttempts: 2, KeepDead: 72 * time.Hour}.WithDefaults()

// patience is how long a parked turn waits.
const patience = time.Hour

func newWalk(t *testing.T) *walk {
	t.Helper()
	w := &walk{t: t, clock: &queuetest.Clock{}}
	o := walkOptions
	o.Clock = w.clock
	e, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "q.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	w.e = e
	return w
}

// situations are ways into the states; several where what follows depends on more than the state.
var situations = map[string]func(*walk){
	"nothing":               func(*walk) {},
	"a message":             func(w *walk) { w.must("Push") },
	"a message that is due": func(w *walk) { w.must("Push", "due") },
	"a message after which it was quiet": func(w *walk) {
		w.must("Push")
		w.try(w.pass(walkOptions.Debounce))
	},
	"claimed":                     func(w *walk) { w.must("Push", "due", "Claim") },
	"claimed, a newer message":    func(w *walk) { w.must("Push", "due", "Claim", "Push") },
	"checkpoint":                  func(w *walk) { w.must("Push", "due", "Claim", "Checkpoint") },
	"checkpoint, a newer message": func(w *walk) { w.must("Push", "due", "Claim", "Checkpoint", "Push") },
	"given back":                  func(w *walk) { w.must("Push", "due", "Claim", "Release") },
	"given back for later":        func(w *walk) { w.must("Push", "due", "Claim", "Defer") },
	"given back, checkpoint":      func(w *walk) { w.must("Push", "due", "Claim", "Checkpoint", "Release") },
	"last attempt":                func(w *walk) { w.must("Push", "due", "Claim", "lease ends", "Claim", "lease ends", "Claim") },
	"last attempt, checkpoint": func(w *walk) {
		w.must("Push", "due", "Claim", "Checkpoint", "lease ends", "Claim", "lease ends", "Claim")
	},
	"last attempt, a newer message": func(w *walk) {
		w.must("Push", "due", "Claim", "Checkpoint", "lease ends", "Claim", "lease ends", "Claim", "Push")
	},
	"parked":                  func(w *walk) { w.must("Push", "due", "Claim", "Park") },
	"parked, checkpoint":      func(w *walk) { w.must("Push", "due", "Claim", "Checkpoint", "Park") },
	"parked, a newer message": func(w *walk) { w.must("Push", "due", "Claim", "Park", "Push") },
	"decided":                 func(w *walk) { w.must("Push", "due", "Claim", "Park", "Unpark") },
	"dead":                    func(w *walk) { w.must("Push", "due", "Claim", "Bury") },
	"dead, a newer message":   func(w *walk) { w.must("Push", "due", "Claim", "Bury", "Push") },
}

// events are what may happen to a conversation: the contract's operations by their names, and the passing of times.
var events = map[string]func(*walk) error{
	"Push": func(w *walk) error {
		w.pushed++
		_, err := w.e.Push(w.t.Context(), tania.Message{ID: w.pushed, Key: conversation, Content: "hello"})
		return err
	},
	"Amend": func(w *walk) error {
		found, err := w.e.Amend(w.t.Context(), conversation, w.pushed, func(m *tania.Message, _ bool) bool {
			m.Content = "hello again"
			return true
		})
		if err == nil && !found.Known {
			return errNothing
		}
		return err
	},
	"Claim": func(w *walk) (err error) {
		if w.stats().Waiting == 0 {
			return errNothing
		}
		w.turn, err = w.e.Claim(w.t.Context())
		return err
	},
	"Extend": func(w *walk) error { return w.with(w.e.Extend) },
	"Absorb": func(w *walk) error {
		return w.with(func(ctx context.Context, t *queue.Turn) error { _, err := w.e.Absorb(ctx, t); return err })
	},
	"Checkpoint": func(w *walk) error {
		return w.with(func(ctx context.Context, t *queue.Turn) error { return w.e.Checkpoint(ctx, t, []byte("answer")) })
	},
	"Intend": func(w *walk) error {
		return w.with(func(ctx context.Context, t *queue.Turn) error {
			_, err := w.e.Intend(ctx, t, []byte("call"))
			return err
		})
	},
	"Settle": func(w *walk) error {
		return w.with(func(ctx context.Context, t *queue.Turn) error {
			number, err := w.e.Intend(ctx, t, []byte("call"))
			return errors.Join(err, w.e.Settle(ctx, t, number, []byte("done")))
		})
	},
	"Complete": func(w *walk) error {
		return w.with(func(ctx context.Context, t *queue.Turn) error { return w.e.Complete(ctx, t) })
	},
	"Retry": func(w *walk) error {
		return w.with(func(ctx context.Context, t *queue.Turn) error {
			return w.e.Retry(ctx, t, time.Second, errors.New("failed"))
		})
	},
	"Defer": func(w *walk) error {
		return w.with(func(ctx context.Context, t *queue.Turn) error { return w.e.Defer(ctx, t, time.Second) })
	},
	"Release": func(w *walk) error { return w.with(w.e.Release) },
	"Bury": func(w *walk) error {
		return w.with(func(ctx context.Context, t *queue.Turn) error { return w.e.Bury(ctx, t, errors.New("failed for good")) })
	},
	"Park": func(w *walk) error {
		return w.with(func(ctx context.Context, t *queue.Turn) error { return w.e.Park(ctx, t, patience, []byte("may it?")) })
	},
	"Unpark": func(w *walk) error {
		if w.turn == nil {
			return errNothing
		}
		return w.e.Unpark(w.t.Context(), w.turn.ID, "ana", []byte("yes"))
	},
	"patience ends": func(w *walk) error {
		if w.stats().Parked == 0 {
			return errNothing
		}
		return w.pass(patience)
	},
	"RetryDead":   func(w *walk) error { return w.e.RetryDead(w.t.Context(), w.dead()) },
	"DiscardDead": func(w *walk) error { return w.e.DiscardDead(w.t.Context(), w.dead()) },
	"due":         func(w *walk) error { return w.pass(walkOptions.DebounceMax) },
	"lease ends": func(w *walk) error {
		if w.stats().Active == 0 {
			return errNothing
		}
		return w.pass(walkOptions.Lease)
	},
	"KeepDead ends": func(w *walk) error {
		if w.dead() == "" || w.mailbox() != "[*]" {
			return errNothing // what waits would be due by then
		}
		return w.pass(walkOptions.KeepDead + time.Hour)
	},
}

// must does events that are allowed.
func (w *walk) must(names ...string) {
	w.t.Helper()
	for _, name := range names {
		if err := events[name](w); err != nil {
			w.t.Fatalf("%s, of %v: %v", name, names, err)
		}
	}
}

func (w *walk) try(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// with does an operation on the claimed turn.
func (w *walk) with(operation func(context.Context, *queue.Turn) error) error {
	if w.turn == nil {
		return errNothing
	}
	return operation(w.t.Context(), w.turn)
}

// pass lets time pass and has the engine look at its clock.
func (w *walk) pass(d time.Duration) error {
	w.clock.Advance(d)
	return w.e.Ready(w.t.Context())
}

func (w *walk) stats() queue.Stats {
	w.t.Helper()
	s, err := w.e.Stats(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// dead is the id of the only dead turn, empty when there is none.
func (w *walk) dead() tania.TurnID {
	w.t.Helper()
	list, err := w.e.Dead(w.t.Context(), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(list) == 0 {
		return ""
	}
	return list[0].ID
}

// mailbox is the state of the conversation, by the engine's own counts.
func (w *walk) mailbox() string {
	w.t.Helper()
	switch s := w.stats(); {
	case s.Active > 0:
		return "running"
	case s.Waiting > 0:
		return "ready"
	case s.Delayed > 0:
		return "delayed"
	case s.Parked > 0:
		return "parked"
	}
	return "[*]"
}

// turnState is the state of the turn. It may claim the conversation to find out, so it comes last.
func (w *walk) turnState() string {
	w.t.Helper()
	switch {
	case w.turn == nil:
		return "[*]"
	case w.dead() != "":
		return "dead"
	case w.e.Extend(w.t.Context(), w.turn) == nil && w.turn.Checkpoint == nil:
		return "thinking"
	case w.e.Extend(w.t.Context(), w.turn) == nil:
		return "sending"
	}
	if w.stats().Parked > 0 {
		return "parked"
	}
	if w.must("due"); w.stats().Waiting == 0 {
		return "[*]"
	}
	was := w.turn.ID
	if w.must("Claim"); w.turn.ID != was {
		return "[*]"
	}
	return "given_back"
}

// arrows are what leads from one state to another. What leaves a state as it is is not drawn.
type arrows map[[2]string]map[string]bool

func (a arrows) add(from, to, event string) {
	if from == to {
		return
	}
	if a[[2]string{from, to}] == nil {
		a[[2]string{from, to}] = map[string]bool{}
	}
	a[[2]string{from, to}][event] = true
}

// coarsen has arrows that come from outside a group of states end at the group.
func (a arrows) coarsen(group string, members ...string) {
	for ends, why := range maps.Clone(a) {
		if slices.Contains(members, ends[1]) && !slices.Contains(members, ends[0]) {
			delete(a, ends)
			for event := range why {
				a.add(ends[0], group, event)
			}
		}
	}
}

var (
	mermaid = regexp.MustCompile("(?ms)^```mermaid\nstateDiagram-v2\n(.*?)^```$")
	arrow   = regexp.MustCompile(`(?m)^\s*(\S+) --> (\S+) : (.+)$`)
)

// diagrams are those of states on a page.
func diagrams(t *testing.T, page string) (list []arrows) {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(page))
	if err != nil {
		t.Fatal(err)
	}
	for _, picture := range mermaid.FindAllStringSubmatch(string(text), -1) {
		drawn := arrows{}
		for _, line := range arrow.FindAllStringSubmatch(picture[1], -1) {
			for event := range strings.SplitSeq(line[3], ", ") {
				drawn.add(line[1], line[2], event)
			}
		}
		list = append(list, drawn)
	}
	return list
}

func compare(t *testing.T, what string, drawn, found arrows) {
	t.Helper()
	lines := func(a arrows) (list []string) {
		for ends, why := range a {
			for event := range why {
				list = append(list, fmt.Sprintf("%s --> %s : %s", ends[0], ends[1], event))
			}
		}
		return list
	}
	for _, line := range lines(found) {
		if !slices.Contains(lines(drawn), line) {
			t.Errorf("%s: not drawn: %s", what, line)
		}
	}
	for _, line := range lines(drawn) {
		if !slices.Contains(lines(found), line) {
			t.Errorf("%s: drawn, but not so: %s", what, line)
		}
	}
}
