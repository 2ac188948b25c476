package reply_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tania/internal/answer"
	"tania/internal/chatwoot"
	"tania/internal/reply"
	"tania/internal/tania"
)

// told is a Past with messages, and what it was asked for.
type told struct {
	entries []tania.Entry
	err     error
	before  []tania.MessageID
}

func (p *told) Before(_ context.Context, _ tania.ConversationKey, id tania.MessageID) ([]tania.Entry, error) {
	p.before = append(p.before, id)
	var earlier []tania.Entry
	for _, e := range p.entries {
		if e.ID < id {
			earlier = append(earlier, e)
		}
	}
	return earlier, p.err
}

func said(id tania.MessageID, text string) tania.Entry {
	return tania.Entry{ID: id, From: tania.FromCustomer, Text: text, At: noon.Add(time.Duration(id) * time.Second)}
}

// ask decides on a case with a past, and gives the question that was put and the plan.
func ask(t *testing.T, turn reply.Case, past reply.Past) (answer.Question, reply.Plan) {
	t.Helper()
	a := &answerer{made: answer.Answer{Text: "150", Known: true}}
	d := deps(nil)
	d.Answerer, d.Past = a, past
	p, err := reply.Decide(t.Context(), turn, d)
	if err != nil || len(a.asked) != 1 {
		t.Fatalf("asked %d times (%v)", len(a.asked), err)
	}
	return a.asked[0], p
}

func texts(entries []tania.Entry) (list []string) {
	for _, e := range entries {
		list = append(list, e.Text)
	}
	return list
}

// TestWhatWasSaidBeforeItWasResolvedIsNoHistory, but can be quoted.
func TestWhatWasSaidBeforeItWasResolvedIsNoHistory(t *testing.T) {
	turn := caseOf(price)
	turn.Memory.History = []tania.Entry{said(2, "dos"), said(4, "cuatro")}
	turn.Memory.EpisodeSince = noon.Add(3 * time.Second)
	turn.Messages[0].InReplyTo = 2
	q, _ := ask(t, turn, nil)
	if got := texts(q.History); !slices.Equal(got, []string{"cuatro"}) {
		t.Errorf("the history is %q", got)
	}
	if len(q.About) != 1 || q.About[0].Quoted == nil || q.About[0].Quoted.Text != "dos" {
		t.Errorf("about %+v, want what is quoted", q.About)
	}
}

// TestAConversationThatIsNewToTaniaIsReadFromChatwoot and one that is remembered is not; neither has the turn's own messages.
func TestAConversationThatIsNewToTaniaIsReadFromChatwoot(t *testing.T) {
	past := &told{entries: []tania.Entry{said(2, "dos"), said(1, "uno"), said(3, " ")}}
	q, _ := ask(t, caseOf(price), past)
	if got := texts(q.History); !slices.Equal(got, []string{"uno", "dos"}) || !slices.Equal(past.before, []tania.MessageID{7}) {
		t.Errorf("the history is %q, read before %v", got, past.before)
	}
	turn := caseOf(price)
	turn.Memory.History = []tania.Entry{said(5, "cinco"), said(7, price)}
	past.before = nil
	if q, _ := ask(t, turn, past); !slices.Equal(texts(q.History), []string{"cinco"}) || len(past.before) > 0 {
		t.Errorf("the history is %q, read before %v", texts(q.History), past.before)
	}
}

// TestAPastThatCannotBeReadIsNoReasonNotToAnswer but stands in the record.
func TestAPastThatCannotBeReadIsNoReasonNotToAnswer(t *testing.T) {
	if _, p := ask(t, caseOf(price), &told{err: errors.New("503")}); p.Text() != "150" ||
		!slices.Equal(p.Record.Unchecked, []string{"history: 503"}) {
		t.Errorf("%+v, want the answer and what could not be read", p)
	}
	if _, p := ask(t, caseOf(price), &told{}); len(p.Record.Unchecked) > 0 {
		t.Errorf("unchecked: %q, want nothing", p.Record.Unchecked)
	}
}

// TestAQuoteIsFound among the turn's own messages, in the history, and else in Chatwoot.
func TestAQuoteIsFound(t *testing.T) {
	own := caseOf("el de fresa").Messages[0]
	own.ID = 6
	gone := own
	gone.Deleted = true
	for name, x := range map[string]struct {
		quoted tania.MessageID
		first  []tania.Message
		past   *told
		want   string
		before []tania.MessageID
	}{
		"its own":             {quoted: 6, first: []tania.Message{own}, past: &told{}, want: "el de fresa"},
		"its own, deleted":    {quoted: 6, first: []tania.Message{gone}, past: &told{}, before: []tania.MessageID{7}},
		"the history's first": {quoted: 4, past: &told{}, want: "cuatro"},
		"the history's last":  {quoted: 5, past: &told{}, want: "cinco"},
		"Chatwoot's only": {
			quoted: 2, past: &told{entries: []tania.Entry{said(2, "dos")}}, want: "dos",
			before: []tania.MessageID{3},
		},
		"Chatwoot's newest": {
			quoted: 2, past: &told{entries: []tania.Entry{said(1, "uno"), said(2, "dos"), said(3, "tres")}},
			want: "dos", before: []tania.MessageID{3},
		},
		"not known any more":          {quoted: 2, past: &told{entries: []tania.Entry{said(1, "uno")}}, before: []tania.MessageID{3}},
		"older than the token allows": {quoted: 2},
	} {
		t.Run(name, func(t *testing.T) {
			turn := caseOf(price)
			turn.Messages[0].InReplyTo = x.quoted
			turn.Messages = append(x.first, turn.Messages...)
			turn.Memory.History = []tania.Entry{said(4, "cuatro"), said(5, "cinco")}
			var past reply.Past
			if x.past != nil {
				past = x.past
			}
			q, _ := ask(t, turn, past)
			got := ""
			for _, about := range q.About {
				if about.Message != 7 || about.Quoted == nil {
					t.Fatalf("the question is about %+v", about)
				}
				got += about.Quoted.Text
			}
			if got != x.want {
				t.Errorf("quoted %q, want %q", got, x.want)
			}
			if x.past != nil && !slices.Equal(x.past.before, x.before) {
				t.Errorf("read before %v, want %v", x.past.before, x.before)
			}
		})
	}
}

// TestAQuoteThatCannotBeReadStandsInTheRecord: the answer may be beside the point.
func TestAQuoteThatCannotBeReadStandsInTheRecord(t *testing.T) {
	turn := caseOf(price)
	turn.Messages[0].InReplyTo = 2
	turn.Memory.History = []tania.Entry{said(5, "cinco")}
	if q, p := ask(t, turn, &told{err: errors.New("503")}); len(q.About) > 0 || !slices.Equal(p.Record.Unchecked, []string{"history: 503"}) {
		t.Errorf("about %v, unchecked %q", q.About, p.Record.Unchecked)
	}
}

// TestWhatAMessageIsAbout: a story or an advertisement, a correction, and nothing where it is deleted.
func TestWhatAMessageIsAbout(t *testing.T) {
	story := &tania.Origin{}
	for name, x := range map[string]struct {
		change func(m *tania.Message)
		want   []answer.About
	}{
		"nothing":      {change: func(*tania.Message) {}},
		"a story":      {change: func(m *tania.Message) { m.Origin = story }, want: []answer.About{{Message: 6, Origin: story}}},
		"a correction": {change: func(m *tania.Message) { m.Revision = 1 }, want: []answer.About{{Message: 6, Corrected: true}}},
		"deleted":      {change: func(m *tania.Message) { m.Revision, m.Origin, m.Deleted = 1, story, true }},
	} {
		turn := caseOf(price)
		first := turn.Messages[0]
		first.ID = 6
		x.change(&first)
		turn.Messages = append([]tania.Message{first}, turn.Messages...)
		if q, _ := ask(t, turn, nil); !slices.Equal(q.About, x.want) {
			t.Errorf("%s: the question is about %+v, want %+v", name, q.About, x.want)
		}
	}
}

// listed is Chatwoot with messages.
type listed struct {
	t        *testing.T
	messages []chatwoot.Message
	err      error
	query    chatwoot.MessageQuery
}

func (l *listed) Messages(ctx context.Context, _ tania.ConversationKey, q chatwoot.MessageQuery) ([]chatwoot.Message, error) {
	if end, ok := ctx.Deadline(); !ok || time.Until(end) > 3*time.Second {
		l.t.Error("the customer waits for the look without end")
	}
	l.query = q
	return l.messages, l.err
}

// TestWhatChatwootHasOfThePast leaves out what nobody said to the customer or the bot.
func TestWhatChatwootHasOfThePast(t *testing.T) {
	const botUser, human = 9, 7
	message := func(d chatwoot.Direction, by tania.UserID, change func(m *chatwoot.Message)) chatwoot.Message {
		m := chatwoot.Message{ID: 3, Direction: d, Content: " hola ", Created: noon}
		m.Sender.Name = "Ana"
		if by != 0 {
			m.Sender.Kind, m.Sender.ID = tania.ActorUser, int64(by)
		}
		if change != nil {
			change(&m)
		}
		return m
	}
	for name, x := range map[string]struct {
		message chatwoot.Message
		from    tania.Author
	}{
		"the customer":  {message(chatwoot.Incoming, 0, nil), tania.FromCustomer},
		"the bot":       {message(chatwoot.Outgoing, botUser, nil), tania.FromBot},
		"a human":       {message(chatwoot.Outgoing, human, nil), tania.FromHuman},
		"an activity":   {message("activity", 0, nil), ""},
		"a note":        {message(chatwoot.Outgoing, human, func(m *chatwoot.Message) { m.Private = true }), ""},
		"without words": {message(chatwoot.Incoming, 0, func(m *chatwoot.Message) { m.Content = " " }), ""},
		"deleted":       {message(chatwoot.Incoming, 0, func(m *chatwoot.Message) { m.Deleted = true }), ""},
		"a reaction":    {message(chatwoot.Incoming, 0, func(m *chatwoot.Message) { m.Reaction = true }), ""},
		"a call":        {message(chatwoot.Incoming, 0, func(m *chatwoot.Message) { m.Call = true }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := &listed{t: t, messages: []chatwoot.Message{x.message}}
			got, err := reply.ChatwootPast{Chatwoot: l, BotUser: botUser}.Before(t.Context(), tania.ConversationKey{}, 12)
			var want []tania.Entry
			if x.from != "" {
				want = []tania.Entry{{ID: 3, From: x.from, Name: "Ana", Text: "hola", At: noon}}
			}
			if err != nil || !slices.Equal(got, want) || l.query.Before != 12 {
				t.Errorf("%+v (%v) before %d, want %+v", got, err, l.query.Before, want)
			}
		})
	}
	l := &listed{t: t, err: errors.New("503")}
	if _, err := (reply.ChatwootPast{Chatwoot: l}).Before(t.Context(), tania.ConversationKey{}, 12); !errors.Is(err, l.err) {
		t.Errorf("%v, want what Chatwoot said", err)
	}
}
