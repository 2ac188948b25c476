package worker_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

func keyOf(c tania.ConversationID) tania.ConversationKey {
	return tania.ConversationKey{Account: 1, Conversation: c}
}

// memory is what is remembered of a conversation.
func (r *rig) memory(c tania.ConversationID) tania.Conversation {
	r.t.Helper()
	m, err := r.engine.Conversation(r.t.Context(), keyOf(c))
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

// remembers changes what is remembered of a conversation.
func (r *rig) remembers(c tania.ConversationID, change func(*tania.Conversation)) {
	r.t.Helper()
	if _, err := r.engine.UpdateConversation(r.t.Context(), keyOf(c), func(m *tania.Conversation) bool {
		change(m)
		return true
	}); err != nil {
		r.t.Fatal(err)
	}
}

// heard are the customer's words in the conversation's history.
func heard(m tania.Conversation) (texts []string) {
	for _, e := range m.History {
		if e.From == tania.FromCustomer {
			texts = append(texts, e.Text)
		}
	}
	return texts
}

// TestWhatIsRememberedOfATurn: who wrote, where, and what, also where nothing is answered; but not what was taken back.
func TestWhatIsRememberedOfATurn(t *testing.T) {
	const taken = "¿cuánto cuesta el pastel de zanahoria?"
	for name, x := range map[string]struct {
		// meanwhile is what happens while the customer's two messages wait.
		meanwhile func(r *rig, c tania.ConversationID, first tania.MessageID) error
		outcome   tania.Outcome
		heard     []string
	}{
		"answered": {
			func(*rig, tania.ConversationID, tania.MessageID) error { return nil }, tania.OutcomeAnswered, []string{taken, questions(1)},
		},
		"met with silence": {func(r *rig, c tania.ConversationID, _ tania.MessageID) error {
			return r.sim.SetStatus(c, 7, tania.StatusOpen, time.Time{})
		}, tania.OutcomeSilent, []string{taken, questions(1)}},
		"one of two taken back": {func(r *rig, _ tania.ConversationID, first tania.MessageID) error {
			_, err := r.sim.DeleteMessage(first)
			return err
		}, tania.OutcomeAnswered, []string{questions(1)}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, says("ok"), patiently)
				defer r.stop()
				first, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: taken, Name: "Ana López"})
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second) // the bubble's clock: each has a time of its own
				c := r.write(first.Conversation, questions(1))
				r.until("the webhooks", r.sim.Settled)
				if err := x.meanwhile(r, c, first.ID); err != nil {
					t.Fatal(err)
				}
				r.idle(time.Hour)
				m := r.memory(c)
				if d := r.record(c); d.At.Sub(m.Updated) > 100*time.Millisecond {
					t.Errorf("said to be from %s before the turn ended", d.At.Sub(m.Updated))
				}
				if d := r.record(c); d.Outcome != x.outcome || !slices.Equal(heard(m), x.heard) {
					t.Errorf("%s for %s, the history has %q, want %s and %q", d.Outcome, d.Reason, heard(m), x.outcome, x.heard)
				}
				if m.Contact.Name != "Ana López" || m.Inbox != 11 || len(m.Arrivals) != 2 {
					t.Errorf("remembered of inbox %d: %+v and %d arrivals, want the contact and two", m.Inbox, m.Contact, len(m.Arrivals))
				}
			})
		})
	}
}

// bodyOf gives the content of a message that is posted.
func bodyOf(t *testing.T, q *http.Request) string {
	body, err := q.GetBody()
	if err != nil {
		t.Error(err)
		return ""
	}
	var m struct{ Content string }
	if err := json.NewDecoder(body).Decode(&m); err != nil {
		t.Error(err)
	}
	return m.Content
}

// TestANoticeThatCannotBeSentHoldsNothingUp: the waiting matters more than the telling.
func TestANoticeThatCannotBeSentHoldsNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says("todo junto"), func(s *settings) {
			patiently(s)
			s.governor.MaxPerMinute = 2
			s.queue.Debounce, s.queue.DebounceMax = -1, -1
			s.transport = func(r *rig, next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(q *http.Request) (*http.Response, error) {
					if posts("/messages")(q) && strings.Contains(bodyOf(t, q), r.notice()) {
						return replied(q, http.StatusUnprocessableEntity, `{"error":"Content is refused"}`), nil
					}
					return next.RoundTrip(q)
				})
			}
		})
		defer r.stop()
		c := r.write(0, questions(1))
		for n := 2; n <= 5; n++ {
			r.write(c, questions(n))
		}
		r.idle(time.Hour)
		said := r.said(c)
		if slices.Contains(said, r.notice()) || !slices.Contains(said, "todo junto") {
			t.Errorf("said %q, want the answers without the notice", said)
		}
		log := r.log.text()
		if !strings.Contains(log, "notice not sent") {
			t.Errorf("the log does not tell that the notice was not sent:\n%s", log)
		}
		if n, waits := r.worker.Stats().Deferred, strings.Count(log, "turn waits"); waits == 0 || n != int64(waits) {
			t.Errorf("%d waits are counted, of %d", n, waits)
		}
	})
}

// TestWhatCameInTheLastMinuteCountsForTheRateLimit, and no more is remembered of when messages came.
func TestWhatCameInTheLastMinuteCountsForTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says("ok"), patiently)
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		time.Sleep(45 * time.Second) // the bubble's clock
		r.write(c, questions(2))
		r.idle(time.Hour)
		if n := len(r.memory(c).Arrivals); n != 2 {
			t.Errorf("%d arrivals are remembered of two messages within a minute", n)
		}
		time.Sleep(30 * time.Second)
		r.write(c, questions(3))
		r.idle(time.Hour)
		if n := len(r.memory(c).Arrivals); n != 2 {
			t.Errorf("%d arrivals are remembered, want those of the last minute, 2", n)
		}
	})
}

// TestWhatCameByAnotherWayIsRemembered as what comes by webhooks is: messages of an import, one of which was taken back there.
func TestWhatCameByAnotherWayIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says("ok"), patiently)
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		before := r.memory(c)
		r.remembers(c, func(m *tania.Conversation) {
			m.Contact, m.ContactAt, m.Inbox, m.Channel = tania.Contact{}, time.Time{}, 0, ""
		})
		for n, text := range []string{"¿cuánto cuesta el pastel de zanahoria?", questions(2)} {
			if _, err := r.engine.Push(t.Context(), tania.Message{
				Key: keyOf(c), ID: tania.MessageID(9001 + n), Inbox: 11, Channel: before.Channel, Content: text, Deleted: n == 0,
				Contact: before.Contact, Created: time.Now(), Received: time.Now(),
			}); err != nil {
				t.Fatal(err)
			}
		}
		r.idle(time.Hour)
		m := r.memory(c)
		if want := []string{questions(1), questions(2)}; !slices.Equal(heard(m), want) {
			t.Errorf("the history has %q, want %q", heard(m), want)
		}
		if m.Contact != before.Contact || m.Inbox != 11 || m.Channel != before.Channel {
			t.Errorf("of %+v in inbox %d by %s, want %+v", m.Contact, m.Inbox, m.Channel, before.Contact)
		}
	})
}

// TestAPictureAloneIsNothingSaid: the history is of words.
func TestAPictureAloneIsNothingSaid(t *testing.T) {
	r := newRig(t, says("ok"), nil)
	id := r.sends(chatwootsim.CustomerMessage{Attachments: []chatwootsim.Attachment{{Type: "image", URL: "http://chatwoot.test/picture.jpg"}}})
	r.ended()
	c := r.sim.Conversations()[0].ID
	r.write(c, questions(1))
	r.ended()
	if heard := heard(r.memory(c)); !slices.Equal(heard, []string{questions(1)}) {
		t.Errorf("the customer said %q in the history, want nothing for the picture %d", heard, id)
	}
}
