package worker_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// edits changes a customer's message and waits until Tania has the news.
func (r *rig) edits(id tania.MessageID, text string, marked bool) {
	r.t.Helper()
	if _, err := r.sim.CustomerEdits(id, text, marked); err != nil {
		r.t.Fatal(err)
	}
	r.until("the webhook", r.sim.Settled)
}

const (
	tuesday  = "Aparten el salón grande para el martes"
	thursday = "Aparten el salón grande para el jueves"
)

// echoes is a model that says which day it was asked for.
func echoes(asked *atomic.Int32) model {
	return func(_ context.Context, p llm.Prompt) (llm.Response, error) {
		asked.Add(1)
		return llm.Response{Text: answerTo(p.Text), Known: true}, nil
	}
}

func answerTo(text string) string {
	if strings.Contains(text, "jueves") {
		return "Queda para el jueves."
	}
	return "Queda para el martes."
}

func TestAnEditWhileTheMessageWaitsChangesTheTurn(t *testing.T) {
	for name, marked := range map[string]bool{"marked": true, "Telegram's": false} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			r := newRig(t, echoes(&asked), nil)
			if _, err := r.engine.Pause(t.Context(), "test"); err != nil {
				t.Fatal(err)
			}
			id := r.sends(chatwootsim.CustomerMessage{Text: tuesday})
			r.until("the webhook", r.sim.Settled)
			r.edits(id, thursday, marked)
			if _, err := r.engine.Resume(t.Context(), "test"); err != nil {
				t.Fatal(err)
			}
			c := r.sim.Conversations()[0].ID
			r.until("an answer", func() bool { return len(r.said(c)) == 1 })
			r.ended()
			r.wantSaid(c, "Queda para el jueves.")
			if d := r.recordOf(c, id); asked.Load() != 1 || d.Content != thursday || d.Restarts != 0 {
				t.Errorf("asked %d times, record %+v", asked.Load(), d)
			}
		})
	}
}

func TestAnEditWhileTheModelThinksMakesItStartOver(t *testing.T) {
	for name, restart := range map[string]bool{"restart": true, "finish": false} {
		t.Run(name, func(t *testing.T) {
			asked, release := make(chan string, 8), make(chan struct{}, 1)
			r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
				asked <- p.Text
				if strings.Contains(p.Text, "martes") {
					select {
					case <-release:
					case <-ctx.Done():
						return llm.Response{}, ctx.Err()
					}
				}
				return llm.Response{Text: answerTo(p.Text), Known: true}, nil
			}, func(s *settings) { s.worker.RestartOnNew = restart })
			id := r.sends(chatwootsim.CustomerMessage{Text: tuesday})
			<-asked
			r.edits(id, thursday, true)
			release <- struct{}{}
			c := r.sim.Conversations()[0].ID
			r.until("an answer", func() bool { return len(r.said(c)) == 1 })
			r.ended()
			r.wantSaid(c, "Queda para el jueves.")
			if d := r.recordOf(c, id); d.Restarts != 1 || d.Content != thursday {
				t.Errorf("record %+v, want one restart", d)
			}
		})
	}
}

func TestNoAnswerToAnOlderTextLeavesHoweverOftenItIsEdited(t *testing.T) {
	const edits = 5
	asked := make(chan string, 20)
	// answered lets the model answer a text: that it says the last one, or the next edit is known.
	var answered [edits + 1]chan struct{}
	for n := range answered {
		answered[n] = make(chan struct{})
	}
	close(answered[edits])
	r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		asked <- p.Text
		for n := range answered {
			if p.Text != questions(n) {
				continue
			}
			select {
			case <-answered[n]:
			case <-ctx.Done():
				return llm.Response{}, ctx.Err()
			}
		}
		return llm.Response{Text: "Anotado: " + p.Text, Known: true}, nil
	}, nil)
	id := r.sends(chatwootsim.CustomerMessage{Text: questions(0)})
	for n := range edits {
		for text := range asked {
			if text == questions(n) {
				break
			}
		}
		r.edits(id, questions(n+1), true)
		close(answered[n])
	}
	c := r.sim.Conversations()[0].ID
	r.until("an answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	r.wantSaid(c, "Anotado: "+questions(edits))
}

// before runs once, before the worker's first request that is such.
func before(such func(*http.Request) bool, run func(r *rig)) func(*rig, http.RoundTripper) http.RoundTripper {
	var done atomic.Bool
	return func(r *rig, next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(q *http.Request) (*http.Response, error) {
			if such(q) && !done.Swap(true) {
				run(r)
			}
			return next.RoundTrip(q)
		})
	}
}

func TestAnEditBetweenTheAnswerAndItsCheckpointMakesItAnew(t *testing.T) {
	var asked atomic.Int32
	r := newRig(t, echoes(&asked), func(s *settings) {
		s.transport = before(func(q *http.Request) bool { return q.Method == http.MethodGet }, func(r *rig) {
			r.edits(r.sim.Messages(1)[0].ID, thursday, true)
		})
	})
	c := r.write(0, tuesday)
	r.until("an answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	r.wantSaid(c, "Queda para el jueves.")
	if asked.Load() != 2 {
		t.Errorf("the model was asked %d times", asked.Load())
	}
}

func TestAnEditBetweenTheCheckpointAndTheSendIsANewTurn(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"that alters the question": {thursday, []string{"Queda para el martes.", "Queda para el jueves."}},
		"of a typing error":        {"Apárten el salon grande, para el martes", []string{"Queda para el martes."}},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			r := newRig(t, echoes(&asked), func(s *settings) {
				s.transport = before(func(q *http.Request) bool {
					return q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/messages")
				}, func(r *rig) { r.edits(r.sim.Messages(1)[0].ID, c.text, true) })
			})
			conv := r.write(0, tuesday)
			r.until("the answers", func() bool { return len(r.said(conv)) == len(c.want) })
			r.ended()
			r.wantSaid(conv, c.want...)
		})
	}
}

func TestAnEditAfterTheAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		change func(r *rig, id tania.MessageID)
		again  bool
		reads  string
	}{
		"that alters the question":    {func(r *rig, id tania.MessageID) { r.edits(id, thursday, true) }, true, thursday},
		"on Telegram, without a mark": {func(r *rig, id tania.MessageID) { r.edits(id, thursday, false) }, true, thursday},
		"of a typing error": {
			func(r *rig, id tania.MessageID) { r.edits(id, "Aparten el salón grnde para el martes", true) }, false,
			"Aparten el salón grnde para el martes",
		},
		"that changes no text": {func(r *rig, id tania.MessageID) {
			if _, err := r.sim.TouchMessage(id); err != nil {
				r.t.Fatal(err)
			}
		}, false, tuesday},
		"that takes it back": {func(r *rig, id tania.MessageID) {
			if _, err := r.sim.CustomerRevokes(id); err != nil {
				r.t.Fatal(err)
			}
		}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			r := newRig(t, echoes(&asked), nil)
			id := r.sends(chatwootsim.CustomerMessage{Text: tuesday})
			conv := r.sim.Conversations()[0].ID
			r.until("an answer", func() bool { return len(r.said(conv)) == 1 })
			r.ended()
			c.change(r, id)
			r.until("the webhook", r.sim.Settled)
			want := []string{"Queda para el martes."}
			if c.again {
				want = append(want, "Queda para el jueves.")
			}
			r.until("the answers", func() bool { return len(r.said(conv)) == len(want) })
			r.ended()
			r.wantSaid(conv, want...)
			memory, err := r.engine.Conversation(t.Context(), tania.ConversationKey{Account: 1, Conversation: conv})
			if err != nil {
				t.Fatal(err)
			}
			reads := ""
			for _, e := range memory.History {
				if e.ID == id {
					reads = e.Text
				}
			}
			if reads != c.reads {
				t.Errorf("the history says %q, want %q", reads, c.reads)
			}
			// An update that comes late, and changes nothing any more.
			if _, err := r.sim.TouchMessage(id); err != nil {
				t.Fatal(err)
			}
			r.until("the webhook", r.sim.Settled)
			r.ended()
			r.wantSaid(conv, want...)
		})
	}
}

func TestWhatIsAskedAfterAnEditIsAskedOfTheTextAsItReadsNow(t *testing.T) {
	l := &listener{}
	r := newRig(t, l.respond, nil)
	id := r.sends(chatwootsim.CustomerMessage{Text: tuesday})
	c := r.sim.Conversations()[0].ID
	r.until("an answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	r.edits(id, thursday, true)
	r.until("another", func() bool { return len(r.said(c)) == 2 })
	r.write(c, "Entonces, ¿qué día quedó lo mío?")
	r.until("the last", func() bool { return len(r.said(c)) == 3 })
	r.ended()
	asked := l.asked()
	if about := asked[1].About; !strings.Contains(about, "corrected") {
		t.Errorf("of the corrected message the model is told %q", about)
	}
	var history []string
	for _, e := range asked[2].History {
		history = append(history, e.Text)
	}
	if text := strings.Join(history, "\n"); !strings.Contains(text, "jueves") || strings.Contains(text, "martes") {
		t.Errorf("the model is given %q", history)
	}
}

func TestATranscriptThatComesLateIsAnswered(t *testing.T) {
	l := &listener{}
	r := newRig(t, l.respond, nil)
	id := r.sends(chatwootsim.CustomerMessage{Attachments: []chatwootsim.Attachment{{Type: "audio", URL: "https://x.example/v.ogg"}}})
	c := r.sim.Conversations()[0].ID
	r.until("that it cannot be read", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	if _, err := r.sim.Transcribe(id, tuesday); err != nil {
		t.Fatal(err)
	}
	r.until("an answer", func() bool { return len(r.said(c)) == 2 })
	r.ended()
	r.wantSaid(c, r.spanish(r.bot.Attachment), "Con gusto.")
	if d := r.recordOf(c, id); d.Content != tuesday || d.Revision != 1 {
		t.Errorf("record %+v", d)
	}
}

func TestADeletionWhileTheModelThinksSilencesIt(t *testing.T) {
	asked := make(chan struct{}, 4)
	r := newRig(t, func(ctx context.Context, _ llm.Prompt) (llm.Response, error) {
		asked <- struct{}{}
		<-ctx.Done()
		return llm.Response{}, ctx.Err()
	}, nil)
	id := r.sends(chatwootsim.CustomerMessage{Text: tuesday})
	<-asked
	if _, err := r.sim.DeleteMessage(id); err != nil {
		t.Fatal(err)
	}
	r.ended()
	c := r.sim.Conversations()[0].ID
	r.wantSaid(c)
	if d := r.recordOf(c, id); d.Reason != tania.Deleted {
		t.Errorf("record %+v", d)
	}
}

func TestTheCacheIsNotGivenTheAnswerToACorrectedQuestion(t *testing.T) {
	asked := make(chan string, 8)
	release := make(chan struct{}, 1)
	r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		asked <- p.Text
		if strings.Contains(p.Text, "tienda") {
			select {
			case <-release:
				return llm.Response{Text: "De nueve a seis.", Known: true}, nil
			case <-ctx.Done():
				return llm.Response{}, ctx.Err()
			}
		}
		return llm.Response{Text: "El taller, de ocho a dos.", Known: true}, nil
	}, func(s *settings) { s.cache = true; s.worker.RestartOnNew = false })
	id := r.sends(chatwootsim.CustomerMessage{Text: hours})
	<-asked
	r.edits(id, "¿Cuál es el horario del taller?", true)
	release <- struct{}{}
	first := r.sim.Conversations()[0].ID
	r.until("an answer", func() bool { return len(r.said(first)) == 1 })
	r.ended()
	r.wantSaid(first, "El taller, de ocho a dos.")
	second := r.write(0, hours)
	release <- struct{}{}
	r.until("an answer made for another customer", func() bool { return len(r.said(second)) == 1 })
	r.ended()
	r.wantSaid(second, "De nueve a seis.")
	if d := r.record(second); d.Route != tania.RouteModel {
		t.Errorf("record %+v, want an answer of the model", d)
	}
}
