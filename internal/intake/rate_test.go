package intake_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/rating"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// engines are both kinds of store.
func engines(t *testing.T) map[string]queue.Engine {
	t.Helper()
	return map[string]queue.Engine{"sqlite": open(t), "redis": enginetest.Redis(t, redistest.Start(t), queue.Options{})}
}

const botUser = 9

// note is one of an agent's.
func note(id tania.MessageID, text string, change ...func(*chatwoot.Event)) *chatwoot.Event {
	return message(id, func(e *chatwoot.Event) {
		e.Message.Direction, e.Message.Private, e.Message.Content = chatwoot.Outgoing, true, text
		e.Message.Sender = chatwoot.Sender{Kind: tania.ActorUser, ID: 5, Name: "Luis"}
		for _, c := range change {
			c(e)
		}
	})
}

// rater is an intake over an engine in which the bot has answered message 1 with message 2, and has not known message 3.
type rater struct {
	*testing.T
	engine queue.Engine
	door   *intake.Intake
	mu     sync.Mutex
	told   []string
}

func newRater(t *testing.T, engine queue.Engine) *rater {
	t.Helper()
	r := &rater{T: t, engine: engine}
	r.door = intake.New(intake.Options{
		Engine: engine, Governor: governor.New(governor.Options{Inboxes: []tania.InboxID{11}, BotUser: botUser}),
		RatingLabels: rating.Labels{tania.RatedBad: "mal"},
		Rated: func(_ *chatwoot.Event, s intake.StoredRating) {
			r.mu.Lock()
			defer r.mu.Unlock()
			told := string(s.Verdict) + " by " + s.Step
			if len(s.Marked) == 0 {
				told += ": nothing"
			}
			r.told = append(r.told, told)
		},
	})
	now := time.Now() // records of old are not kept
	err := engine.SaveRecords(t.Context(),
		tania.Record{Key: key, Message: 1, Turn: "a", Inbox: 11, Content: "¿Abren hoy?", Reply: "Sí.", Replies: []tania.MessageID{2}, At: now, Outcome: tania.OutcomeAnswered},
		tania.Record{Key: key, Message: 3, Turn: "b", Inbox: 11, Content: "¿Envían a Leticia?", Reply: "No lo sé.", At: now.Add(time.Second), Outcome: tania.OutcomeNotKnown})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rater) take(e *chatwoot.Event) {
	r.Helper()
	if _, err := r.door.Import(r.Context(), e, noon.Add(time.Minute)); err != nil {
		r.Fatal(err)
	}
}

// rated are the misses of the records that an agent rated, by message.
func (r *rater) rated() map[tania.MessageID]tania.Miss {
	r.Helper()
	records, err := r.engine.Records(r.Context(), key)
	if err != nil {
		r.Fatal(err)
	}
	found := map[tania.MessageID]tania.Miss{}
	for _, record := range records {
		if len(record.Review.Ratings()) > 0 {
			found[record.Message] = record.Missed()
		}
	}
	return found
}

func (r *rater) want(what string, want map[tania.MessageID]tania.Miss, told ...string) {
	r.Helper()
	if diff := cmp.Diff(want, r.rated()); diff != "" {
		r.Errorf("%s: rated (-want +got):\n%s", what, diff)
	}
	if diff := cmp.Diff(told, r.told); diff != "" {
		r.Errorf("%s: confirmed (-want +got):\n%s", what, diff)
	}
}

func TestAnAgentRatesByANote(t *testing.T) {
	for name, engine := range engines(t) {
		t.Run(name, func(t *testing.T) {
			r := newRater(t, engine)
			r.take(note(20, "/bad hoy es festivo", func(e *chatwoot.Event) { e.Message.InReplyTo = 2 }))
			want := map[tania.MessageID]tania.Miss{1: tania.MissRatedBad}
			r.want("a note", want, "bad by note 20")
			missed, err := engine.MissedRecords(t.Context(), 10)
			if err != nil || len(missed) != 2 || missed[1].Review.Rated.Reason != "hoy es festivo" || missed[1].Review.Rated.Name != "Luis" {
				t.Errorf("what was missed: %+v, %v", missed, err)
			}
			r.take(note(20, "/bad hoy es festivo", func(e *chatwoot.Event) { e.Message.InReplyTo = 2 }))
			r.want("the note once more", want, "bad by note 20")
			r.take(note(21, "/faq"))
			want[3] = tania.MissWantedEntry
			r.want("a second note", want, "bad by note 20", "faq by note 21")
			r.take(note(22, "/good", func(e *chatwoot.Event) { e.Message.InReplyTo = 2 }))
			want[1] = ""
			r.want("another opinion", want, "bad by note 20", "faq by note 21", "good by note 22")
			r.take(note(20, "/bad hoy es festivo", func(e *chatwoot.Event) { e.Message.InReplyTo = 2 }))
			r.want("the first note, late", want, "bad by note 20", "faq by note 21", "good by note 22")
			r.take(note(23, "/good", func(e *chatwoot.Event) { e.Message.InReplyTo = 3 }))
			r.want("of what is wanted taught", want, "bad by note 20", "faq by note 21", "good by note 22", "good by note 23")
			r.take(note(24, "/bad muy seco", func(e *chatwoot.Event) { e.Message.InReplyTo = 3 }))
			want[3] = tania.MissRatedBad
			r.want("bad", want, "bad by note 20", "faq by note 21", "good by note 22", "good by note 23", "bad by note 24")
			if missed, err = engine.MissedRecords(t.Context(), 10); err != nil || len(missed) != 1 || !missed[0].Review.Wants() {
				t.Errorf("what is bad is wanted no longer: %+v, %v", missed, err)
			}
		})
	}
}

func TestWhoDoesNotRate(t *testing.T) {
	for name, e := range map[string]*chatwoot.Event{
		"a customer": message(20, func(e *chatwoot.Event) { e.Message.Content = "/bad" }),
		"a customer's private message": message(20, func(e *chatwoot.Event) {
			e.Message.Content, e.Message.Private, e.Message.Sender = "/bad", true, chatwoot.Sender{Kind: tania.ActorUser, ID: 5}
		}),
		"a reply to the customer": note(20, "/bad", func(e *chatwoot.Event) { e.Message.Private = false }),
		"the bot": note(20, "/bad", func(e *chatwoot.Event) {
			e.Message.Sender, e.Message.Marker = chatwoot.Sender{Kind: tania.ActorBot, ID: 2}, &chatwoot.Marker{Turn: "t", Part: "note"}
		}),
		"the bot's user":      note(20, "/bad", func(e *chatwoot.Event) { e.Message.Sender.ID = botUser }),
		"a marked note":       note(20, "/bad", func(e *chatwoot.Event) { e.Message.Marker = &chatwoot.Marker{Turn: "t", Part: "note"} }),
		"an automation":       note(20, "/bad", func(e *chatwoot.Event) { e.Message.Automation = true }),
		"nobody":              note(20, "/bad", func(e *chatwoot.Event) { e.Message.Sender = chatwoot.Sender{} }),
		"a note of old":       note(20, "/bad", func(e *chatwoot.Event) { e.Message.Imported = true }),
		"another inbox":       note(20, "/bad", func(e *chatwoot.Event) { e.Conversation.Inbox = 12 }),
		"a changed note":      note(20, "/bad", func(e *chatwoot.Event) { e.Kind = chatwoot.KindMessageUpdated }),
		"a note that is none": note(20, "badly done"),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRater(t, open(t))
			r.take(e)
			r.want(name, map[tania.MessageID]tania.Miss{})
		})
	}
}

func TestANoteWhereThereIsNothingToRateSaysSo(t *testing.T) {
	r := newRater(t, open(t))
	r.take(note(20, "/bad", func(e *chatwoot.Event) { e.Conversation.Key.Conversation++ }))
	r.want("another conversation", map[tania.MessageID]tania.Miss{}, "bad by note 20: nothing")
}

// labelled is a conversation that has labels.
func labelled(id tania.MessageID, labels ...string) *chatwoot.Event {
	e := message(id, func(e *chatwoot.Event) { e.Conversation.Labels = labels })
	e.Kind, e.Name, e.Message = chatwoot.KindConversationUpdated, "conversation_updated", nil
	return e
}

func TestAnAgentRatesByALabel(t *testing.T) {
	r := newRater(t, open(t))
	none := map[tania.MessageID]tania.Miss{}
	r.take(labelled(10))
	r.want("no label", none)
	r.take(labelled(11, "mal", "vip"))
	want := map[tania.MessageID]tania.Miss{3: tania.MissRatedBad}
	r.want("the label", want, "bad by label bad 3")
	r.take(labelled(11, "mal", "vip"))
	r.take(labelled(12, "mal"))
	r.want("it is there still", want, "bad by label bad 3")
	r.take(labelled(13))
	r.take(labelled(12, "mal"))
	r.want("a webhook that is late", want, "bad by label bad 3")
	r.take(labelled(14, "mal"))
	r.want("put again on the same answer", want, "bad by label bad 3")
}

// TestALabelInAWebhookThatIsLateRatesNothing: it had been taken off when the conversation was seen last.
func TestALabelInAWebhookThatIsLateRatesNothing(t *testing.T) {
	for name, engine := range engines(t) {
		t.Run(name, func(t *testing.T) {
			r := newRater(t, engine)
			r.take(labelled(10))
			r.take(labelled(13, "vip"))
			r.take(labelled(12, "mal"))
			r.want("late", map[tania.MessageID]tania.Miss{})
			r.take(labelled(14, "mal", "vip"))
			r.want("put on", map[tania.MessageID]tania.Miss{3: tania.MissRatedBad}, "bad by label bad 3")
		})
	}
}

func TestAHumanWhoAnswersWhatTheBotDidNotKnowIsNoted(t *testing.T) {
	r := newRater(t, open(t))
	_, err := r.engine.UpdateConversation(t.Context(), key, func(c *tania.Conversation) bool {
		c.Remember(tania.Entry{ID: 3, From: tania.FromCustomer, Text: "¿Envían a Leticia?"})
		c.Remember(tania.Entry{ID: 4, From: tania.FromBot, Text: "No lo sé."})
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	r.take(note(20, "Sí, en cinco días.", func(e *chatwoot.Event) { e.Message.Private = false }))
	records, err := r.engine.Records(t.Context(), key)
	if err != nil || records[1].Review.Answered.IsZero() || records[1].Missed() != tania.MissNotKnown || !records[0].Review.Answered.IsZero() {
		t.Errorf("%+v, %v", records, err)
	}
}
