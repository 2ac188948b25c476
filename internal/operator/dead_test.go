package operator_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"tania/internal/operator"
	"tania/internal/tania"
)

// TestEachDeadGoesOnAfterOneThatFails: one that is not there is named, and the others are done all the same.
func TestEachDeadGoesOnAfterOneThatFails(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "tania.db"))
	bury(t, e, 1, 3)
	list, err := e.Dead(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	done, of, err := operator.EachDead(t.Context(), e, []string{"nowhere", string(list[0].ID)}, e.DiscardDead)
	if done != 1 || of != 2 || err == nil || !strings.Contains(err.Error(), "there is no dead letter nowhere") {
		t.Errorf("%d of %d, %v", done, of, err)
	}
	failed := errors.New("failed")
	done, of, err = operator.EachDead(t.Context(), e, nil, func(ctx context.Context, id tania.TurnID) error {
		if id == list[1].ID {
			return failed
		}
		return e.DiscardDead(ctx, id)
	})
	if done != 1 || of != 2 || !errors.Is(err, failed) {
		t.Errorf("%d of %d, %v", done, of, err)
	}
	if left, err := e.Dead(t.Context(), 0); err != nil || len(left) != 1 || left[0].ID != list[1].ID {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestARetryThatIsWaitedForIsTold: until all wait to be answered.
func TestARetryThatIsWaitedForIsTold(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "tania.db"))
	bury(t, e, 1, 5)
	told := 0
	err := operator.WithRetries(t.Context(), e, slog.New(slog.DiscardHandler), func(r operator.Retries) error {
		p, err := operator.RetryAndWait(t.Context(), r, "ana", func(p operator.RetryAll) {
			if told++; p.By != "ana" || p.Of != 5 {
				t.Errorf("told of %+v", p)
			}
		})
		if p.Running || p.Retried != 5 || p.Of != 5 {
			t.Errorf("%+v", p)
		}
		return err
	})
	if err != nil || told == 0 {
		t.Errorf("told %d times, %v", told, err)
	}
	if s := waiting(t, e); s.Waiting != 5 || s.Failed != 0 {
		t.Errorf("%+v", s)
	}
}
