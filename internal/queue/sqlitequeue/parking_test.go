package sqlitequeue

import (
	"math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/sqlitetest"
	"tania/internal/tania"
)

// TestAPowerCutForgetsNoParkedTurnAndNoWord: at every write while a turn is parked and decided on. What was acknowledged is there.
func TestAPowerCutForgetsNoParkedTurnAndNoWord(t *testing.T) {
	const parked, decided = 1, 2
	var acknowledged atomic.Int32
	type cutAt struct {
		disk  *sqlitetest.Disk
		known int32
	}
	var cuts []cutAt
	r := rand.New(rand.NewPCG(7, 0))
	disk := sqlitetest.NewDisk()
	defer disk.Close()
	e, err := OpenOn(t.Context(), disk.VFS(), filepath.Join(t.TempDir(), "q.db"), lifeOptions(lifeAt))
	if err != nil {
		t.Fatal(err)
	}
	l := life{t, e}
	l.push(keyOf(1, 1), 1)
	disk.OnWrite(func(int) {
		// What was acknowledged is read before the disk: it must be in it.
		known := acknowledged.Load()
		for range 5 {
			cuts = append(cuts, cutAt{disk.PowerCut(r), known})
		}
	})
	turn := l.claim(keyOf(1, 1))
	l.try(e.Park(t.Context(), turn, time.Hour, []byte("may it?")))
	acknowledged.Store(parked)
	l.try(e.Unpark(t.Context(), turn.ID, "ana", []byte("yes")))
	acknowledged.Store(decided)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	seen := map[int32]int{}
	for n, c := range cuts {
		after, err := OpenOn(t.Context(), c.disk.VFS(), filepath.Join(t.TempDir(), "q.db"), lifeOptions(lifeAt))
		if err != nil {
			t.Fatal(err)
		}
		seen[c.known]++
		list, err := after.ParkedTurns(t.Context(), 0)
		l := life{t, after}
		l.try(err)
		waits := len(list) == 1
		if waits && string(list[0].Why) != "may it?" || c.known == decided && waits {
			t.Errorf("cut %d of %d, %d acknowledged: %+v", n, len(cuts), c.known, list)
		}
		if waits {
			l.try(after.Unpark(t.Context(), turn.ID, "ana", []byte("yes")))
		}
		again := l.claim(keyOf(1, 1))
		if c.known >= parked && (again.ID != turn.ID || again.Parked == nil || string(again.Parked.Decision) != "yes") {
			t.Errorf("cut %d of %d, %d acknowledged: %+v", n, len(cuts), c.known, again)
		}
		if len(again.Messages) != 1 || again.Messages[0].ID != tania.MessageID(1) {
			t.Errorf("cut %d of %d: messages %+v", n, len(cuts), again.Messages)
		}
		if err := after.Close(); err != nil {
			t.Fatal(err)
		}
		c.disk.Close()
	}
	if seen[0] == 0 || seen[parked] == 0 || seen[decided] == 0 {
		t.Errorf("cuts by what was acknowledged: %v", seen)
	}
}
