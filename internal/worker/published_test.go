package worker_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/tania"
)

// worded is a bot that hands over in words of its own.
func worded(handoff string) *bot.Bot {
	b := bot.Default()
	b.Handoff = bot.Text{bot.AnyLanguage: handoff}
	return b
}

// TestATurnEndsWithTheBotItBeganWith publishes a version while the model answers.
func TestATurnEndsWithTheBotItBeganWith(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
		once.Do(func() { close(asked); <-release })
		return llm.Response{Handoff: &llm.Handoff{Reason: "for the test"}}, nil
	}, nil)
	r.options.Bots.Publish(r.made(worded("old words"), 1))
	before := r.write(0, questions(1))
	<-asked
	r.options.Bots.Publish(r.made(worded("new words"), 2))
	after := r.write(0, questions(2))
	close(release)
	r.until("both answers", func() bool { return len(r.said(before)) == 1 && len(r.said(after)) == 1 })
	r.ended()
	r.wantSaid(before, "old words")
	r.wantSaid(after, "new words")
	if b, a := r.record(before).BotVersion, r.record(after).BotVersion; b != 1 || a != 2 {
		t.Errorf("the records name the versions %d and %d, want 1 and 2", b, a)
	}
}

// TestALaterAttemptSaysWhatTheFirstPlanned publishes a version between two attempts of one turn.
func TestALaterAttemptSaysWhatTheFirstPlanned(t *testing.T) {
	var once sync.Once
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
		return llm.Response{Text: "Te paso con alguien.", Handoff: &llm.Handoff{Reason: "for the test"}}, nil
	}, func(s *settings) {
		s.transport = func(r *rig, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(q *http.Request) (answer *http.Response, err error) {
				if q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/messages") {
					body, _ := io.ReadAll(q.Body)
					q.Body = io.NopCloser(strings.NewReader(string(body)))
					if strings.Contains(string(body), "old words") {
						once.Do(func() {
							r.options.Bots.Publish(r.made(worded("new words"), 2))
							answer = page(q, http.StatusUnprocessableEntity)
						})
					}
				}
				if answer != nil {
					return answer, nil
				}
				return next.RoundTrip(q)
			})
		}
	})
	r.options.Bots.Publish(r.made(worded("old words"), 1))
	c := r.write(0, questions(1))
	r.ended()
	if said := r.said(c); !contains(said, "old words") || contains(said, "new words") {
		t.Errorf("the bot said %q, want the words of the version that planned", said)
	}
	if d := r.record(c); d.Outcome != tania.OutcomeHandedOver || d.BotVersion != 1 {
		t.Errorf("%s by version %d at attempt %d, want a handoff by version 1", d.Outcome, d.BotVersion, d.Attempt)
	}
}
