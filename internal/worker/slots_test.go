package worker

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// take takes n slots that are there.
func take(t *testing.T, s *slots, n int) (free []func()) {
	t.Helper()
	for range n {
		f, err := s.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		free = append(free, f)
	}
	return free
}

// full reports whether no slot is left.
func full(s *slots) bool {
	ended, end := context.WithCancel(context.Background())
	end()
	free, err := s.take(ended)
	if err == nil {
		free()
	}
	return errors.Is(err, context.Canceled)
}

func TestAFixedNumberOfSlotsStaysSo(t *testing.T) {
	s := newSlots(3)
	free := take(t, s, 3)
	for range 100 {
		s.answered(time.Second)
	}
	s.refused(time.Second)
	if !full(s) || s.number() != 3 {
		t.Errorf("%d slots, want 3, and none left", s.number())
	}
	free[0]()
	free[0]() // what is lent is not given back once more
	take(t, s, 1)
	if !full(s) {
		t.Error("a slot was given back twice")
	}
}

func TestASlotThatIsGivenBackIsTheNextOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(1)
		free := take(t, s, 1)
		got := make(chan error)
		go func() {
			_, err := s.take(t.Context())
			got <- err
		}()
		synctest.Wait()
		free[0]()
		if err := <-got; err != nil {
			t.Error(err)
		}
	})
}

func TestSlotsDoubleARoundUntilSomethingIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(0)
		free := take(t, s, s.number())
		// round has every slot answered once, while more turns wait for one.
		round := func(answers func(took time.Duration)) { free = rounds(t, s, free, time.Second, answers) }
		for _, want := range []int{32, 64, 128, 256, 256} {
			if round(s.answered); s.number() != want {
				t.Fatalf("%d slots, want %d", s.number(), want)
			}
		}
		round(s.refused)
		if n := s.number(); n != 128 {
			t.Fatalf("%d slots after a round of refusals, want 128: they were all asked before the first", n)
		}
		for n := 129; n < 132; n++ {
			if round(s.answered); s.number() != n && s.number() != n-1 {
				t.Errorf("%d slots, want %d", s.number(), n)
			}
		}
		for range 20 {
			round(s.refused)
		}
		if n := s.number(); n != leastSlots {
			t.Errorf("%d slots, want %d", n, leastSlots)
		}
	})
}

func TestSlotsThatNobodyWaitsForDoNotGrow(t *testing.T) {
	s := newSlots(0)
	take(t, s, 3)
	for range 100 {
		s.answered(time.Second)
	}
	if s.number() != firstSlots {
		t.Errorf("%d slots, want %d", s.number(), firstSlots)
	}
}

// TestSlotsFollowAServerThatSlowsDown: one that has no limit but its processors answers all, each later the more there are.
func TestSlotsFollowAServerThatSlowsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(0)
		free, most := take(t, s, s.number()), 0
		for range 200 {
			most = max(most, len(free))
			// It answers 20 a second, and none in less than one.
			took := time.Duration(max(1, float64(len(free))/20) * float64(time.Second))
			free = rounds(t, s, free, took, s.answered)
		}
		// What is too much shows when it is answered: it may be doubled once more until then.
		if n := s.number(); n < firstSlots || n > 80 || most > 128 {
			t.Errorf("%d slots at last, %d at most; want no fewer than %d, and no more than four times the 20 that it bears", n, most, firstSlots)
		}
	})
}

// rounds has each of the taken slots answered once after a time, and taken by turns that wait.
func rounds(t *testing.T, s *slots, free []func(), took time.Duration, answers func(took time.Duration)) []func() {
	t.Helper()
	next := make(chan func(), mostSlots)
	ctx, stop := context.WithCancel(t.Context())
	for range mostClaimers {
		go func() {
			for {
				f, err := s.take(ctx)
				if err != nil {
					return
				}
				next <- f
			}
		}()
	}
	time.Sleep(took)
	for _, f := range free {
		answers(took)
		f()
	}
	synctest.Wait()
	stop()
	synctest.Wait()
	close(next)
	var taken []func()
	for f := range next {
		taken = append(taken, f)
	}
	return taken
}
