package embedding

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// slow makes vectors after a while, and counts them.
type slow struct {
	takes atomic.Int64 // nanoseconds
	fails atomic.Bool
	count atomic.Int64
}

func taking(d time.Duration) *slow {
	s := &slow{}
	s.takes.Store(int64(d))
	return s
}

var errDown = errors.New("connection refused")

func (s *slow) one(ctx context.Context, text string) (Vector, error) {
	s.count.Add(1)
	select {
	case <-time.After(time.Duration(s.takes.Load())):
	case <-ctx.Done():
		return Vector{}, ctx.Err()
	}
	if s.fails.Load() {
		return Vector{}, errDown
	}
	return Quantise([]float32{float32(len(text)), 1}), nil
}

func TestAQuestionIsAskedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := taking(100 * time.Millisecond)
		q := NewQuestions(s.one, time.Second)
		defer q.Close()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if q.Vector(t.Context(), "hola").Empty() {
					t.Error("no vector came")
				}
			})
		}
		all.Wait()
		if q.Vector(t.Context(), "hola").Empty() || s.count.Load() != 1 {
			t.Errorf("asked for %d times", s.count.Load())
		}
	})
}

func TestOnlySoManyQuestionsAreRemembered(t *testing.T) {
	s := &slow{}
	q := NewQuestions(s.one, time.Minute)
	defer q.Close()
	for i := range mostRecent + 1 {
		q.Vector(t.Context(), fmt.Sprint(i))
	}
	if len(q.recent) != mostRecent || len(q.order) != mostRecent {
		t.Errorf("%d questions are remembered, %d in order", len(q.recent), len(q.order))
	}
	q.Vector(t.Context(), "0")
	if s.count.Load() != mostRecent+2 {
		t.Errorf("asked for %d, the oldest is still there", s.count.Load())
	}
}

// TestNobodyWaitsForAServerThatIsSlow holds what a turn may lose to a server: its patience, a few times, and then nothing.
func TestNobodyWaitsForAServerThatIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := taking(10 * time.Second)
		q := NewQuestions(s.one, 400*time.Millisecond)
		defer q.Close()
		began := time.Now()
		for i := range 20 {
			if v := q.Vector(t.Context(), fmt.Sprint("question ", i)); !v.Empty() {
				t.Error("a vector came at once")
			}
			synctest.Wait() // that it is late is noted beside
		}
		if waited := time.Since(began); waited != mostLate*400*time.Millisecond || s.count.Load() != mostLate {
			t.Errorf("20 turns waited %s and made %d requests", waited, s.count.Load())
		}
		time.Sleep(awayFor) // the synctest clock
		s.takes.Store(0)
		for i := range 3 {
			if q.Vector(t.Context(), fmt.Sprint("later ", i)).Empty() {
				t.Error("a server that is quick again is still left alone")
			}
		}
		if q.late != 0 {
			t.Errorf("%d are late", q.late)
		}
	})
}

func TestAServerThatFailsIsLeftAloneAndTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{}
		s.fails.Store(true)
		q := NewQuestions(s.one, time.Second)
		defer q.Close()
		for range mostLate {
			if _, err := q.One(t.Context(), "hola"); !errors.Is(err, errDown) {
				t.Error(err)
			}
		}
		if _, err := q.One(t.Context(), "hola"); !errors.Is(err, ErrNotNow) || s.count.Load() != mostLate {
			t.Errorf("%v after %d requests", err, s.count.Load())
		}
		time.Sleep(awayFor + time.Millisecond) // the synctest clock
		if _, err := q.One(t.Context(), "hola"); !errors.Is(err, errDown) {
			t.Errorf("after a while: %v", err)
		}
		if _, err := q.One(t.Context(), "hola"); !errors.Is(err, ErrNotNow) {
			t.Errorf("one more failure after the pause: %v", err)
		}
	})
}

func TestClosingEndsRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuestions(taking(time.Hour).one, time.Second)
		q.Vector(t.Context(), "hola")
		began := time.Now()
		q.Close()
		if time.Since(began) != 0 {
			t.Errorf("closing took %s", time.Since(began))
		}
		if _, err := q.One(t.Context(), "hola again"); !errors.Is(err, context.Canceled) {
			t.Errorf("after the end: %v", err)
		}
	})
}
