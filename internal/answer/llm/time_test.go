package llm

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRetryAfterIsObeyed(t *testing.T) {
	for _, c := range []struct {
		name, header, value string
		least, most         time.Duration
	}{
		{"in seconds", "Retry-After", "7", 7 * time.Second, 8 * time.Second},
		{"in fractions of a second", "Retry-After", "2.5", 2500 * time.Millisecond, 3 * time.Second},
		{"as a date", "Retry-After", time.Date(2000, 1, 1, 0, 0, 9, 0, time.UTC).Format(http.TimeFormat), 9 * time.Second, 10 * time.Second},
		{"in milliseconds", "Retry-After-Ms", "1500", 1500 * time.Millisecond, 2 * time.Second},
		{"nonsense is passed over", "Retry-After", "soon", 0, time.Second},
		{"a date that is past", "Retry-After", time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC).Format(http.TimeFormat), 0, time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, script(reply(429, `{}`, c.header, c.value), reply(200, completion("Sí."))), func(t *testing.T, p *provider) {
				began := time.Now()
				if _, err := p.client(t, nil).Respond(t.Context(), question); err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(began); waited < c.least || waited > c.most {
					t.Errorf("waited %s, want %s to %s", waited, c.least, c.most)
				}
			})
		})
	}
}

func TestRetryAfterBeyondTheDeadlineIsNotWaitedFor(t *testing.T) {
	limited := reply(429, `{"error":{"message":"slow down"}}`, "Retry-After", "60")
	inBubble(t, script(limited), func(t *testing.T, p *provider) {
		ctx, done := context.WithTimeout(t.Context(), 45*time.Second)
		defer done()
		began := time.Now()
		_, err := p.client(t, func(o *OpenAIOptions) { o.Fallbacks = []string{"second"} }).Respond(ctx, question)
		var u *UnavailableError
		if !errors.As(err, &u) || !errors.Is(err, ErrUnavailable) || u.Wait != time.Minute {
			t.Errorf("got %v", err)
		}
		if time.Since(began) > time.Second {
			t.Errorf("waited %s", time.Since(began))
		}
		if diff := cmp.Diff([]string{"first", "second"}, p.models()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBackoffGrowsAndHasAnEnd(t *testing.T) {
	inBubble(t, script(reply(503, ``)), func(t *testing.T, p *provider) {
		began := time.Now()
		_, err := p.client(t, func(o *OpenAIOptions) { o.MaxRetries = 4 }).Respond(t.Context(), question)
		waited := time.Since(began)
		// 0.5, 1, 2 and 4 seconds, each with jitter between a half and the whole.
		if !errors.Is(err, ErrUnavailable) || len(p.seen()) != 5 || waited < 3750*time.Millisecond || waited > 7500*time.Millisecond {
			t.Errorf("got %v after %d calls and %s", err, len(p.seen()), waited)
		}
	})
}

func TestSlowModelLeavesTimeForTheFallback(t *testing.T) {
	slow := func(w http.ResponseWriter, r *http.Request, n int) {
		if n == 1 {
			hang(w, r)
			return
		}
		say(w, 200, completion("Sí."))
	}
	for _, c := range []struct {
		name              string
		deadline, timeout time.Duration
		want              time.Duration
	}{
		{"the call's own timeout comes first", 45 * time.Second, 20 * time.Second, 20 * time.Second},
		{"the share of the caller's time comes first", 15 * time.Second, 20 * time.Second, 10 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, slow, func(t *testing.T, p *provider) {
				ctx, done := context.WithTimeout(t.Context(), c.deadline)
				defer done()
				began := time.Now()
				got, err := p.client(t, func(o *OpenAIOptions) { o.Fallbacks, o.Timeout = []string{"second"}, c.timeout }).Respond(ctx, question)
				if err != nil || !got.Fallback || time.Since(began) != c.want {
					t.Errorf("got %+v, %v after %s, want %s", got, err, time.Since(began), c.want)
				}
			})
		})
	}
}

func TestLastModelMayTimeOutTwice(t *testing.T) {
	inBubble(t, func(_ http.ResponseWriter, r *http.Request, _ int) { hang(nil, r) }, func(t *testing.T, p *provider) {
		ctx, done := context.WithTimeout(t.Context(), 30*time.Second)
		defer done()
		began := time.Now()
		_, err := p.client(t, func(o *OpenAIOptions) { o.Timeout = 20 * time.Second }).Respond(ctx, question)
		if !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 30*time.Second ||
			len(p.seen()) != 2 {
			t.Errorf("got %v after %s and %d calls", err, time.Since(began), len(p.seen()))
		}
	})
}

func TestBodyThatNeverEndsTimesOut(t *testing.T) {
	drip := func(w http.ResponseWriter, r *http.Request, _ int) {
		w.WriteHeader(200)
		_, _ = w.Write([]byte(`{"choices":`))
		_ = http.NewResponseController(w).Flush()
		hang(w, r)
	}
	inBubble(t, drip, func(t *testing.T, p *provider) {
		began := time.Now()
		_, err := p.client(t, func(o *OpenAIOptions) { o.Timeout, o.MaxRetries = 5*time.Second, -1 }).Respond(t.Context(), question)
		if !errors.Is(err, ErrUnavailable) || time.Since(began) != 5*time.Second {
			t.Errorf("got %v after %s", err, time.Since(began))
		}
	})
}

func TestNewerMessageStopsTheCallAtOnce(t *testing.T) {
	var gone atomic.Bool
	inBubble(t, func(_ http.ResponseWriter, r *http.Request, _ int) { hang(nil, r); gone.Store(true) }, func(t *testing.T, p *provider) {
		ctx, giveUp := context.WithCancelCause(t.Context())
		newer := errors.New("a newer message came")
		time.AfterFunc(3*time.Second, func() { giveUp(newer) })
		began := time.Now()
		_, err := p.client(t, func(o *OpenAIOptions) { o.Fallbacks = []string{"second"} }).Respond(ctx, question)
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnavailable) || time.Since(began) != 3*time.Second {
			t.Errorf("got %v after %s", err, time.Since(began))
		}
		synctest.Wait()
		if !gone.Load() || len(p.seen()) != 1 {
			t.Errorf("the server saw the end: %v, of %d calls", gone.Load(), len(p.seen()))
		}
	})
}

func TestCancelDuringAWaitEndsIt(t *testing.T) {
	inBubble(t, script(reply(429, `{}`, "Retry-After", "20")), func(t *testing.T, p *provider) {
		ctx, giveUp := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, giveUp)
		began := time.Now()
		_, err := p.client(t, nil).Respond(ctx, question)
		if !errors.Is(err, context.Canceled) || time.Since(began) != 2*time.Second || len(p.seen()) != 1 {
			t.Errorf("got %v after %s", err, time.Since(began))
		}
	})
}

func TestBreakerOpensProbesAndCloses(t *testing.T) {
	var healthy atomic.Bool
	handle := func(w http.ResponseWriter, r *http.Request, _ int) {
		if healthy.Load() {
			say(w, 200, completion("Sí."))
			return
		}
		say(w, 500, `{}`)
	}
	inBubble(t, handle, func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) { o.MaxRetries, o.BreakerFailures, o.BreakerDelay = -1, 3, 15*time.Second })
		ask := func(want error, calls int) {
			t.Helper()
			before := len(p.seen())
			if _, err := a.Respond(t.Context(), question); !errors.Is(err, want) || len(p.seen())-before != calls {
				t.Errorf("got %v after %d calls, want %v after %d", err, len(p.seen())-before, want, calls)
			}
		}
		for range 3 {
			ask(ErrUnavailable, 1)
		}
		ask(ErrUnavailable, 0)
		_, err := a.Respond(t.Context(), question)
		var u *UnavailableError
		if !errors.As(err, &u) || u.Wait != 15*time.Second || !strings.Contains(err.Error(), "500 Internal Server Error") {
			t.Errorf("got %v", err)
		}
		time.Sleep(15 * time.Second) // the bubble's clock
		ask(ErrUnavailable, 1)
		ask(ErrUnavailable, 0)
		time.Sleep(15 * time.Second)
		healthy.Store(true)
		ask(nil, 1)
		ask(nil, 1)
	})
}

func TestBreakerOfOneModelLeavesTheOthersAlone(t *testing.T) {
	handle := func(w http.ResponseWriter, _ *http.Request, n int) {
		if n <= 2 || n == 4 {
			say(w, 500, `{}`)
			return
		}
		say(w, 200, completion("Sí."))
	}
	inBubble(t, handle, func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) {
			o.MaxRetries, o.BreakerFailures, o.Fallbacks = 1, 2, []string{"second"}
		})
		for range 2 {
			if got, err := a.Respond(t.Context(), question); err != nil || !got.Fallback {
				t.Errorf("got %+v, %v", got, err)
			}
		}
		if diff := cmp.Diff([]string{"first", "first", "second", "second", "second"}, p.models()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBreakerStaysOpenAsLongAsTheServerAsks(t *testing.T) {
	inBubble(t, script(reply(429, `{}`, "Retry-After", "120")), func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) { o.MaxRetries, o.BreakerFailures = -1, 1 })
		_, _ = a.Respond(t.Context(), question)
		time.Sleep(100 * time.Second) // the bubble's clock
		_, err := a.Respond(t.Context(), question)
		var u *UnavailableError
		if !errors.As(err, &u) || u.Wait != 20*time.Second || len(p.seen()) != 1 {
			t.Errorf("got %v after %d calls", err, len(p.seen()))
		}
	})
}

func TestCallerWhoGivesUpDoesNotSpeakAgainstTheModel(t *testing.T) {
	handle := func(w http.ResponseWriter, r *http.Request, n int) {
		if n <= 5 {
			hang(w, r)
			return
		}
		say(w, 200, completion("Sí."))
	}
	inBubble(t, handle, func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) { o.BreakerFailures = 2 })
		for range 5 {
			ctx, giveUp := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, giveUp)
			if _, err := a.Respond(ctx, question); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v", err)
			}
		}
		if _, err := a.Respond(t.Context(), question); err != nil {
			t.Errorf("the breaker opened: %v", err)
		}
	})
}

func TestProbeThatIsGivenUpDoesNotCloseTheBreaker(t *testing.T) {
	handle := func(w http.ResponseWriter, r *http.Request, n int) {
		if n == 1 {
			say(w, 500, `{}`)
			return
		}
		hang(w, r)
	}
	inBubble(t, handle, func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) { o.MaxRetries, o.BreakerFailures, o.BreakerDelay = -1, 1, 10*time.Second })
		_, _ = a.Respond(t.Context(), question)
		time.Sleep(10 * time.Second) // the bubble's clock
		ctx, giveUp := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, giveUp)
		_, _ = a.Respond(ctx, question)
		if _, err := a.Respond(t.Context(), question); !strings.Contains(err.Error(), "500 Internal Server Error") {
			t.Errorf("got %v", err)
		}
	})
}
