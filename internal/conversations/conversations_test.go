package conversations_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/conversations"
	"tania/internal/privacy"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// engines are both kinds of store.
func engines(t *testing.T) map[string]queue.Engine {
	t.Helper()
	return map[string]queue.Engine{
		"sqlite": enginetest.SQLite(t, queue.Options{}), "redis": enginetest.Redis(t, redistest.Start(t), queue.Options{}),
	}
}

// today is noon, so that its day is not over while a test runs.
var today = time.Now().UTC().Truncate(24 * time.Hour).Add(12 * time.Hour)

func key(id int) tania.ConversationKey {
	return tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(id)}
}

// fill stores four conversations.
func fill(t *testing.T, e queue.Engine) {
	t.Helper()
	for id, c := range map[int]tania.Contact{
		1: {ID: 501, Name: "Ana Peña", Email: "ana@example.com"}, 2: {ID: 502, Name: "Luis", Phone: "+57 310 555-1234"},
		3: {ID: 503, Name: "Anabel", Identifier: "wa-77"},
	} {
		_, err := e.UpdateConversation(t.Context(), key(id), func(x *tania.Conversation) bool { x.Contact = c; return true })
		if err != nil {
			t.Fatal(err)
		}
	}
	record := func(id, message int, o tania.Outcome, r tania.Reason, text, said string, at time.Time) tania.Record {
		return tania.Record{
			Key: key(id), Message: tania.MessageID(message), Outcome: o, Reason: r, Content: text, Reply: said,
			At: at.Add(time.Duration(message) * time.Second),
		}
	}
	err := e.SaveRecords(t.Context(),
		record(1, 10, tania.OutcomeAnswered, tania.Proceed, "¿Cuánto cuesta el envío?", "Noventa pesos.", today.Add(-24*time.Hour)),
		record(1, 11, tania.OutcomeSilent, tania.HumanActive, "gracias", "", today),
		record(2, 12, tania.OutcomeNotKnown, tania.Proceed, "¿Envían a Leticia?", "No lo sé.", today),
		record(3, 13, tania.OutcomeAnswered, tania.Proceed, "hola", "Hola", today),
		record(4, 14, tania.OutcomeAnswered, tania.Proceed, "¿Cuánto cuesta el envio a Cali?", "Noventa PESOS.", today),
	)
	if err != nil {
		t.Fatal(err)
	}
}

func TestConversationsAreFound(t *testing.T) {
	day := func(d time.Time) string { return d.Format(time.DateOnly) }
	for engine, e := range engines(t) {
		fill(t, e)
		for name, c := range map[string]struct {
			q    url.Values
			mask bool
			want []tania.MessageID
		}{
			"all, the newest decision of each":     {want: []tania.MessageID{14, 13, 12, 11}},
			"words in a question, without accents": {q: url.Values{"words": {"ENVÍO"}}, want: []tania.MessageID{14, 10}},
			"words in an answer":                   {q: url.Values{"words": {"noventa pesos"}}, want: []tania.MessageID{14, 10}},
			"an outcome":                           {q: url.Values{"outcome": {"not_known"}}, want: []tania.MessageID{12}},
			"a reason":                             {q: url.Values{"reason": {"human_active"}}, want: []tania.MessageID{11}},
			"a day":                                {q: url.Values{"day": {day(today.Add(-24 * time.Hour))}}, want: []tania.MessageID{10}},
			"another day":                          {q: url.Values{"day": {day(today.Add(-72 * time.Hour))}}},
			"part of a name":                       {q: url.Values{"customer": {"ana"}}, want: []tania.MessageID{13, 11}},
			"a name, without accents":              {q: url.Values{"customer": {"pena"}}, want: []tania.MessageID{11}},
			"an e-mail":                            {q: url.Values{"customer": {"ana@example"}}, want: []tania.MessageID{11}},
			"a telephone":                          {q: url.Values{"customer": {"(310) 5551234"}}, want: []tania.MessageID{12}},
			"too little of a telephone":            {q: url.Values{"customer": {"310"}}},
			"an identifier":                        {q: url.Values{"customer": {"wa-77"}}, want: []tania.MessageID{13}},
			"a contact's number":                   {q: url.Values{"customer": {"#502"}}, want: []tania.MessageID{12}},
			"all at once": {
				q: url.Values{"customer": {"ana"}, "words": {"envio"}, "outcome": {"answered"}}, want: []tania.MessageID{10},
			},
			"hidden words":               {q: url.Values{"words": {"envio"}}, mask: true},
			"a hidden name":              {q: url.Values{"customer": {"ana"}}, mask: true},
			"a hidden customer's number": {q: url.Values{"customer": {"501"}}, mask: true, want: []tania.MessageID{11}},
		} {
			f, err := conversations.FilterOf(c.q)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := conversations.FilterOf(f.Query()); err != nil || back != f {
				t.Errorf("%s: read again it is %+v, %v", name, back, err)
			}
			found, err := conversations.Find(t.Context(), e, f, privacy.Mask(c.mask))
			if err != nil {
				t.Fatal(err)
			}
			var got []tania.MessageID
			for _, one := range found.Conversations {
				got = append(got, one.Message)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || found.More {
				t.Errorf("%s: %s (-want +got):\n%s", engine, name, diff)
			}
		}
	}
}

// TestWhatIsNoFilterIsSaid and left out; the rest of the filter counts.
func TestWhatIsNoFilterIsSaid(t *testing.T) {
	f, err := conversations.FilterOf(url.Values{"day": {"yesterday"}, "outcome": {"sad"}, "reason": {"typo"}, "words": {"envío"}})
	wrong, want := (*tania.FilterError)(nil), []string{"day", "outcome", "reason"}
	if !errors.As(err, &wrong) || !slices.Equal(wrong.Fields, want) || f != (conversations.Filter{Words: "envío"}) {
		t.Fatalf("%+v, %v", f, err)
	}
	for _, listed := range []string{string(tania.OutcomeAskedBack), string(tania.ModelAway), "2026-11-28"} {
		if !strings.Contains(err.Error(), listed) {
			t.Errorf("%s is not among what is wanted: %v", listed, err)
		}
	}
}

// TestASearchGoesOnWhereTheNewestAreNotEnough: what is rare is found among the older ones, and customers are looked up many at once.
func TestASearchGoesOnWhereTheNewestAreNotEnough(t *testing.T) {
	const stored = 1200
	for engine, e := range engines(t) {
		var records []tania.Record
		for i := range stored {
			records = append(records, tania.Record{
				Key: key(i%300 + 1), Message: tania.MessageID(i + 1), Content: "hola", At: today.Add(time.Duration(i) * time.Second),
			})
		}
		records[3].Content, records[3].Key = "un dragón", key(999)
		if err := e.SaveRecords(t.Context(), records...); err != nil {
			t.Fatal(err)
		}
		_, err := e.UpdateConversation(t.Context(), key(999), func(c *tania.Conversation) bool { c.Contact.Name = "Ana"; return true })
		if err != nil {
			t.Fatal(err)
		}
		counted := &counting{Engine: e}
		for _, f := range []conversations.Filter{{Words: "dragon"}, {Customer: "ana"}} {
			found, err := conversations.Find(t.Context(), counted, f, false)
			if err != nil || len(found.Conversations) != 1 || found.Conversations[0].Message != 4 || found.More || found.Looked != stored {
				t.Errorf("%s: %+v finds %+v, %v", engine, f, found, err)
			}
		}
		if counted.lookUps > 8 {
			t.Errorf("%s: 301 customers took %d look-ups", engine, counted.lookUps)
		}
		if found, err := conversations.Find(t.Context(), e, conversations.Filter{}, false); err != nil || found.Looked >= stored || !found.More {
			t.Errorf("%s: all %d were read for the newest %d: %v", engine, found.Looked, len(found.Conversations), err)
		}
	}
}

// counting is an engine that counts how often it is asked for conversations.
type counting struct {
	queue.Engine
	lookUps int
}

func (c *counting) Conversations(
	ctx context.Context, keys []tania.ConversationKey,
) (map[tania.ConversationKey]tania.Conversation, error) {
	c.lookUps++
	return c.Engine.Conversations(ctx, keys)
}

// TestASearchIsBounded: it finds so many, and says that there are more.
func TestASearchIsBounded(t *testing.T) {
	e := engines(t)["sqlite"]
	var records []tania.Record
	for i := range conversations.Most + 20 {
		records = append(records, tania.Record{
			Key: key(i + 1), Message: tania.MessageID(i + 1), Content: fmt.Sprint("pregunta ", i), At: today.Add(time.Duration(i) * time.Second),
		})
	}
	if err := e.SaveRecords(t.Context(), records...); err != nil {
		t.Fatal(err)
	}
	found, err := conversations.Find(t.Context(), e, conversations.Filter{}, false)
	if err != nil || len(found.Conversations) != conversations.Most || !found.More || found.Looked != len(records) {
		t.Errorf("%d found of %d, more: %v, %v", len(found.Conversations), found.Looked, found.More, err)
	}
}
