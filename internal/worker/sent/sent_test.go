package sent

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/queue"
	"tania/internal/tania"
)

// server is Chatwoot as it answers a look and a list.
type server struct {
	live     chatwoot.Conversation
	messages []chatwoot.Message
	err      error
	looks    int
	after    tania.MessageID
}

// Conversation implements Chatwoot.
func (s *server) Conversation(context.Context, tania.ConversationKey) (chatwoot.Conversation, error) {
	s.looks++
	return s.live, s.err
}

// Messages implements Chatwoot.
func (s *server) Messages(_ context.Context, _ tania.ConversationKey, q chatwoot.MessageQuery) ([]chatwoot.Message, error) {
	s.after = q.After
	return s.messages, s.err
}

func turn(s *server) Turn {
	t := &queue.Turn{ID: "0002", Messages: []tania.Message{{ID: 10, Content: "hola"}, {ID: 11, Content: "¿cuánto cuesta?"}}}
	return Turn{Turn: t, Chatwoot: s, Lookout: &Lookout{}, Bot: "main"}
}

func marked(id tania.MessageID, turn tania.TurnID, part string) chatwoot.Message {
	return chatwoot.Message{ID: id, Marker: &chatwoot.Marker{Turn: turn, Part: part}}
}

var waited = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

// TestWhatIsKnownOfAPart: by the echo first, then by the one message that a bot's look shows, or all that a user may list.
func TestWhatIsKnownOfAPart(t *testing.T) {
	last := func(m chatwoot.Message, since time.Time) chatwoot.Conversation {
		return chatwoot.Conversation{Last: &m, WaitingSince: since}
	}
	for name, c := range map[string]struct {
		part    string
		memory  []tania.SentMark
		server  server
		lists   bool
		waiting time.Time
		want    Part
	}{
		"the echo has come":                 {part: "1", memory: []tania.SentMark{{Turn: "0002", Part: "1", Message: 12}}, want: Part{true, 12}},
		"the echo of another part":          {part: "2", memory: []tania.SentMark{{Turn: "0002", Part: "1", Message: 12}}},
		"the echo of another turn":          {part: "1", memory: []tania.SentMark{{Turn: "0001", Part: "1", Message: 12}}},
		"it is the last":                    {part: "2", server: server{live: last(marked(13, "0002", "2"), waited)}, want: Part{true, 13}},
		"the last is a later part":          {part: "2", server: server{live: last(marked(14, "0002", "3"), waited)}, want: Part{Sent: true}},
		"the last is an earlier part":       {part: "3", server: server{live: last(marked(14, "0002", "2"), waited)}},
		"the last is another turn's":        {part: "1", server: server{live: last(marked(9, "0001", "2"), waited)}},
		"the last is the note":              {part: "1", server: server{live: last(marked(14, "0002", "note"), waited)}},
		"the note, and the last is a reply": {part: "note", server: server{live: last(marked(14, "0002", "2"), waited)}},
		"the last is the customer's own":    {part: "1", server: server{live: last(chatwoot.Message{ID: 11}, waited)}, waiting: waited},
		"the customer has written since, and waits on": {
			part: "1", server: server{live: last(chatwoot.Message{ID: 13}, waited)}, waiting: waited,
		},
		"the customer has written since, and waits anew": {
			part: "1", server: server{live: last(chatwoot.Message{ID: 13}, waited.Add(time.Minute))}, waiting: waited, want: Part{Sent: true},
		},
		"the wait that ended was not known": {part: "1", server: server{live: last(chatwoot.Message{ID: 13}, waited.Add(time.Minute))}},
		"the second part ended no wait": {
			part: "2", server: server{live: last(chatwoot.Message{ID: 13}, waited.Add(time.Minute))}, waiting: waited,
		},
		"a later turn may have ended it": {
			part: "1", memory: []tania.SentMark{{Turn: "0003", Part: "1"}}, waiting: waited,
			server: server{live: last(chatwoot.Message{ID: 13}, waited.Add(time.Minute))},
		},
		"this turn's own apology may have ended it": {
			part: "1", memory: []tania.SentMark{{Turn: "0002", Part: "farewell"}}, waiting: waited,
			server: server{live: last(chatwoot.Message{ID: 13}, waited.Add(time.Minute))},
		},
		"an earlier turn has not": {
			part: "1", memory: []tania.SentMark{{Turn: "0001", Part: "1"}}, waiting: waited, want: Part{Sent: true},
			server: server{live: last(chatwoot.Message{ID: 13}, waited.Add(time.Minute))},
		},
		"nothing is in the conversation": {part: "1"},
		"it is in the list": {
			part: "1", lists: true, want: Part{true, 12},
			server: server{messages: []chatwoot.Message{{ID: 11}, marked(12, "0002", "1"), marked(13, "0002", "2")}},
		},
		"it is not in the list": {part: "1", lists: true, server: server{messages: []chatwoot.Message{{ID: 11}, marked(12, "0001", "1")}}},
	} {
		t.Run(name, func(t *testing.T) {
			asked := turn(&c.server)
			asked.Lists = c.lists
			got, err := asked.Find(t.Context(), &tania.Conversation{Sent: c.memory}, c.part, c.waiting)
			if got != c.want || err != nil {
				t.Errorf("%+v, %v, want %+v", got, err, c.want)
			}
			if c.lists && (c.server.after != 10 || c.server.looks > 0) {
				t.Errorf("listed what came after %d, and looked %d times; want after 10, and no look", c.server.after, c.server.looks)
			}
		})
	}
}

func TestALookThatFailsIsTold(t *testing.T) {
	for _, lists := range []bool{true, false} {
		asked := turn(&server{err: context.DeadlineExceeded})
		asked.Lists = lists
		if got, err := asked.Find(t.Context(), &tania.Conversation{}, "1", waited); got.Sent || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%+v, %v, want the error", got, err)
		}
	}
}

// TestATokenThatMayNotLookIsSparedForAWhile: that of its bot alone, and it is no error.
func TestATokenThatMayNotLookIsSparedForAWhile(t *testing.T) {
	for _, status := range []int{401, 403} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{err: &chatwoot.APIError{Status: status}}
			asked, looks := turn(s), 0
			look := func(bot string, may bool) {
				t.Helper()
				asked.Bot = bot
				if _, ok, err := asked.Look(t.Context()); ok != (may && s.err == nil) || err != nil {
					t.Errorf("a look of %s: %t, %v", bot, ok, err)
				}
				if may {
					looks++
				}
				if s.looks != looks {
					t.Errorf("%d looks, want %d", s.looks, looks)
				}
			}
			look("main", true)
			look("main", false)
			look("other", true)
			s.err = nil
			time.Sleep(forbiddenFor - time.Second) // the bubble's clock
			look("main", false)
			time.Sleep(time.Second)
			look("main", true)
			look("main", true)
		})
	}
}

func TestWhichLooksMustBeTaken(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"that succeeded":                {nil, false},
		"that Chatwoot was away for":    {&chatwoot.APIError{Status: 503}, true},
		"that a version cannot give":    {&chatwoot.APIError{Status: 500}, false},
		"that took too long":            {context.DeadlineExceeded, false},
		"that the token is not allowed": {&chatwoot.APIError{Status: 403}, false},
	} {
		if got := MustLook(c.err); got != c.want {
			t.Errorf("a look %s: %t, want %t", name, got, c.want)
		}
	}
}

// TestAReplyIsKnownByWhatItAnswers, as the messages read now.
func TestAReplyIsKnownByWhatItAnswers(t *testing.T) {
	asked := turn(&server{})
	last := marked(12, "0001", "1")
	if Answered(asked.Turn, nil) || Answered(asked.Turn, &chatwoot.Message{ID: 12}) || Answered(asked.Turn, &last) {
		t.Error("no marker, or one that names no messages, is no reply")
	}
	last.Marker.Answers = Answers(asked.Turn)
	if len(last.Marker.Answers) != 2 || !Answered(asked.Turn, &last) {
		t.Errorf("answers %v, and is not known by them", last.Marker.Answers)
	}
	asked.Messages[1].Content = "¿cuánto cuesta el rojo?"
	if Answered(asked.Turn, &last) {
		t.Error("a reply to a message as it no longer reads")
	}
	last.Marker.Answers = Answers(asked.Turn)
	asked.Messages = append(asked.Messages, tania.Message{ID: 15, Content: "¿hola?"})
	if Answered(asked.Turn, &last) {
		t.Error("a reply to a part of the messages")
	}
	asked.Messages = make([]tania.Message, answersLimit)
	if Answers(asked.Turn) == nil {
		t.Error("no answers of as many messages as a marker names")
	}
	if asked.Messages = make([]tania.Message, answersLimit+1); Answers(asked.Turn) != nil {
		t.Error("a marker that grows without bounds")
	}
}
