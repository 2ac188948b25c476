package worker_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/bots"
	"tania/internal/chatwoot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// unanswered is a Chatwoot that never answers the first call of each of some kinds. It notes how long the worker waits for it.
type unanswered struct {
	bots.Chatwoot
	mu     sync.Mutex
	waited map[string]time.Duration
	kinds  map[string]bool
}

// hangs waits until the worker gives up, where the call is the first of a kind that is not answered.
func (u *unanswered) hangs(ctx context.Context, kind string) error {
	u.mu.Lock()
	hangs := u.kinds[kind]
	delete(u.kinds, kind)
	u.mu.Unlock()
	if !hangs {
		return nil
	}
	began := time.Now()
	<-ctx.Done()
	u.mu.Lock()
	defer u.mu.Unlock()
	u.waited[kind] = time.Since(began)
	return ctx.Err()
}

func (u *unanswered) SetTyping(ctx context.Context, key tania.ConversationKey, on bool) error {
	if err := u.hangs(ctx, "dots"); err != nil {
		return err
	}
	return u.Chatwoot.SetTyping(ctx, key, on)
}

func (u *unanswered) Conversation(ctx context.Context, key tania.ConversationKey) (chatwoot.Conversation, error) {
	if err := u.hangs(ctx, "look"); err != nil {
		return chatwoot.Conversation{}, err
	}
	return u.Chatwoot.Conversation(ctx, key)
}

func (u *unanswered) Messages(ctx context.Context, key tania.ConversationKey, q chatwoot.MessageQuery) ([]chatwoot.Message, error) {
	if q.After != 0 {
		if err := u.hangs(ctx, "list"); err != nil {
			return nil, err
		}
	}
	return u.Chatwoot.Messages(ctx, key, q)
}

// TestAChatwootThatDoesNotAnswerIsNotWaitedForLong: the customer is answered all the same, and once.
func TestAChatwootThatDoesNotAnswerIsNotWaitedForLong(t *testing.T) {
	for kind, want := range map[string]time.Duration{"dots": 5 * time.Second, "look": 3 * time.Second, "list": 3 * time.Second} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, thinking(says("350 pesos")), func(s *settings) {
					patiently(s)
					if kind == "list" {
						accountMode(s)
					}
				})
				r.stop()
				o := r.options
				u := &unanswered{Chatwoot: o.Chatwoot, waited: map[string]time.Duration{}, kinds: map[string]bool{kind: true}}
				o.Chatwoot, o.TypingInterval = u, time.Hour
				if kind == "list" {
					r.inject(chatwootsim.Fault{Kind: chatwootsim.FaultDrop, Count: 1, Method: http.MethodPost, Path: "/messages"})
				}
				end := running(t, o)
				c := r.write(0, questions(1))
				r.idle(time.Hour)
				end()
				r.wantSaid(c, "350 pesos")
				if got := u.waited[kind].Round(100 * time.Millisecond); got != want {
					t.Errorf("waited %s for an answer, want %s", got, want)
				}
			})
		})
	}
}
