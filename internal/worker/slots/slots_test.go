package slots

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// take takes n slots that are there.
func take(t *testing.T, s *Slots, n int) (free []func()) {
	t.Helper()
	for range n {
		f, err := s.Take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		free = append(free, f)
	}
	return free
}

// full reports whether no slot is left.
func full(s *Slots) bool {
	ended, end := context.WithCancel(context.Background())
	end()
	free, err := s.Take(ended)
	if err == nil {
		free()
	}
	return errors.Is(err, context.Canceled)
}

func TestAFixedNumberOfSlotsStaysSo(t *testing.T) {
	s := New(3)
	free := take(t, s, 3)
	for range 100 {
		s.Answered(time.Second)
	}
	s.Refused(time.Second)
	if !full(s) || s.Number() != 3 {
		t.Errorf("%d slots, want 3, and none left", s.Number())
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
		s := New(1)
		free := take(t, s, 1)
		got := make(chan error)
		go func() {
			_, err := s.Take(t.Context())
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
		s := New(0)
		free := take(t, s, s.Number())
		// round has every slot answered once, while more turns wait for one.
		round := func(answers func(took time.Duration)) { free = rounds(t, s, free, time.Second, answers) }
		for _, want := range []int{32, 64, 128, 256, 256} {
			if round(s.Answered); s.Number() != want {
				t.Fatalf("%d slots, want %d", s.Number(), want)
			}
		}
		round(s.Refused)
		if n := s.Number(); n != 128 {
			t.Fatalf("%d slots after a round of refusals, want 128: they were all asked before the first", n)
		}
		for n := 129; n < 132; n++ {
			if round(s.Answered); s.Number() != n && s.Number() != n-1 {
				t.Errorf("%d slots, want %d", s.Number(), n)
			}
		}
		for range 20 {
			round(s.Refused)
		}
		if n := s.Number(); n != fewest {
			t.Errorf("%d slots, want %d", n, fewest)
		}
	})
}

func TestSlotsThatNobodyWaitsForDoNotGrow(t *testing.T) {
	s := New(0)
	take(t, s, 3)
	for range 100 {
		s.Answered(time.Second)
	}
	if s.Number() != first {
		t.Errorf("%d slots, want %d", s.Number(), first)
	}
}

// TestSlotsFollowAServerThatSlowsDown: one that has no limit but its processors answers all, each later the more there are.
func TestSlotsFollowAServerThatSlowsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(0)
		free, most := take(t, s, s.Number()), 0
		for range 200 {
			most = max(most, len(free))
			// It answers 20 a second, and none in less than one.
			took := time.Duration(max(1, float64(len(free))/20) * float64(time.Second))
			free = rounds(t, s, free, took, s.Answered)
		}
		// What is too much shows when it is answered: it may be doubled once more until then.
		if n := s.Number(); n < first || n > 80 || most > 128 {
			t.Errorf("%d slots at last, %d at most; want no fewer than %d, and no more than four times the 20 that it bears", n, most, first)
		}
	})
}

// claimers is how many turns wait for a slot at once.
const claimers = 16

// rounds has each of the taken slots answered once after a time, and taken by turns that wait.
func rounds(t *testing.T, s *Slots, free []func(), took time.Duration, answers func(took time.Duration)) []func() {
	t.Helper()
	next := make(chan func(), greatest)
	ctx, stop := context.WithCancel(t.Context())
	for range claimers {
		go func() {
			for {
				f, err := s.Take(ctx)
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

func TestWhoThinksAgainDoesNotWaitForASlot(t *testing.T) {
	s := New(1)
	free := take(t, s, 1)
	again := s.Again()
	free[0]()
	if !full(s) {
		t.Error("a slot is free while the one beyond the limit is taken")
	}
	again()
	again()
	take(t, s, 1)
	if !full(s) {
		t.Error("a slot was given back twice")
	}
}
