package rating_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot"
	"tania/internal/rating"
	"tania/internal/tania"
)

func TestOnlyANoteThatBeginsWithACommandRates(t *testing.T) {
	type said struct {
		v      tania.Verdict
		reason string
		ok     bool
	}
	for note, want := range map[string]said{
		"/bad el precio es de\nenero":      {tania.RatedBad, "el precio es de enero", true},
		"  /BAD: wrong":                    {tania.RatedBad, "wrong", true},
		"/good":                            {tania.RatedGood, "", true},
		"/faq":                             {tania.RatedFAQ, "", true},
		"/badly put":                       {},
		"that was /bad":                    {},
		"bad":                              {},
		"":                                 {},
		"/bad " + strings.Repeat("ñ", 600): {tania.RatedBad, strings.Repeat("ñ", rating.ReasonLimit-1) + "…", true},
	} {
		v, reason, ok := rating.Read(note)
		if got := (said{v, reason, ok}); got != want {
			t.Errorf("%.40q: %+v, want %+v", note, got, want)
		}
	}
}

func TestALabelRatesWhenItIsPut(t *testing.T) {
	labels := rating.Labels{tania.RatedBad: "mal", tania.RatedFAQ: "faq", tania.RatedGood: ""}
	for name, c := range map[string]struct {
		before, now []string
		want        []tania.Verdict
	}{
		"put":       {now: []string{"vip", "mal"}, want: []tania.Verdict{tania.RatedBad}},
		"both":      {now: []string{"faq", "mal"}, want: []tania.Verdict{tania.RatedBad, tania.RatedFAQ}},
		"was there": {before: []string{"mal"}, now: []string{"mal", ""}},
		"taken off": {before: []string{"mal"}},
	} {
		if diff := cmp.Diff(c.want, labels.Put(c.before, c.now)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// conversation is one in which the bot answered, did not know, and a human did.
func conversation() (records []tania.Record, history []tania.Entry) {
	record := func(id tania.MessageID, turn tania.TurnID, o tania.Outcome, text, reply string, replies ...tania.MessageID) {
		records = append(records, tania.Record{Message: id, Turn: turn, Outcome: o, Content: text, Reply: reply, Replies: replies})
	}
	said := func(id tania.MessageID, from tania.Author, text string) {
		history = append(history, tania.Entry{ID: id, From: from, Text: text})
	}
	record(1, "", tania.OutcomeSilent, "blocked", "")
	record(10, "a", tania.OutcomeAnswered, "¿Cuánto cuesta", "Cuesta 90.", 12)
	record(11, "a", tania.OutcomeAnswered, "el envío?", "Cuesta 90.", 12)
	record(20, "b", tania.OutcomeNotKnown, "¿Envían a Leticia?", "No lo sé.", 21)
	record(22, "c", tania.OutcomeSilent, "hola??", "")
	record(30, "d", tania.OutcomeSilent, "gracias", "")
	said(10, tania.FromCustomer, "¿Cuánto cuesta")
	said(11, tania.FromCustomer, "el envío?")
	said(12, tania.FromBot, "Cuesta 90.")
	said(20, tania.FromCustomer, "¿Envían a Leticia?")
	said(21, tania.FromBot, "No lo sé.")
	said(22, tania.FromCustomer, "hola??")
	said(23, tania.FromHuman, "Hola Ana, con gusto.")
	said(24, tania.FromHuman, "Sí, a Leticia el envío tarda cinco días y cuesta 120 pesos.")
	said(30, tania.FromCustomer, "gracias")
	said(31, tania.FromHuman, "Con gusto, feliz día.")
	return records, history
}

func TestWhatIsRated(t *testing.T) {
	records, history := conversation()
	for name, c := range map[string]struct {
		v    tania.Verdict
		at   rating.Place
		want []tania.MessageID
	}{
		"the last answer":                        {tania.RatedBad, rating.Place{Before: 40}, []tania.MessageID{20}},
		"by a label":                             {tania.RatedGood, rating.Place{}, []tania.MessageID{20}},
		"the last answer before the note":        {tania.RatedBad, rating.Place{Before: 15}, []tania.MessageID{10, 11}},
		"no answer before the note":              {tania.RatedBad, rating.Place{Before: 10}, nil},
		"the answer that the note replies to":    {tania.RatedBad, rating.Place{Before: 40, To: 12}, []tania.MessageID{10, 11}},
		"the question that the note replies to":  {tania.RatedFAQ, rating.Place{Before: 40, To: 10}, []tania.MessageID{10, 11}},
		"what humans answered most":              {tania.RatedFAQ, rating.Place{Before: 40}, []tania.MessageID{20}},
		"the human's answer that is replied to":  {tania.RatedFAQ, rating.Place{Before: 40, To: 31}, []tania.MessageID{30}},
		"before a human wrote, the last one":     {tania.RatedFAQ, rating.Place{Before: 23}, []tania.MessageID{22}},
		"a reply to a message that is not known": {tania.RatedBad, rating.Place{Before: 40, To: 5}, []tania.MessageID{20}},
	} {
		var got []tania.MessageID
		for _, r := range rating.Rated(records, history, c.v, c.at) {
			got = append(got, r.Message)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestEveryConfirmationIsInEachLanguage(t *testing.T) {
	records := []tania.Record{{Content: "¿Y `esto`?\n{{x}}", Reply: strings.Repeat("largo ", 60)}}
	seen := map[string]bool{}
	for _, l := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
		for _, v := range []tania.Verdict{tania.RatedBad, tania.RatedGood, tania.RatedFAQ} {
			done, none := rating.Confirmation(l, v, records, true), rating.Confirmation(l, v, nil, true)
			if strings.Count(done, "`") != 2 || strings.ContainsAny(done, "\n%") || len([]rune(done)) > 300 || none == "" || seen[done] {
				t.Errorf("%s %s: %q, %q", l, v, done, none)
			}
			seen[done] = true
			if without := rating.Confirmation(l, v, records, false); (without != done) != (v == tania.RatedFAQ) {
				t.Errorf("%s %s, without a draft: %q", l, v, without)
			}
		}
	}
	if got := rating.Confirmation("fr", tania.RatedGood, nil, false); !strings.HasPrefix(got, "There is no") {
		t.Errorf("another language: %q", got)
	}
}

// noteTaker is a Chatwoot that remembers notes, and whose first call fails.
type noteTaker struct {
	mu    sync.Mutex
	fails int
	notes []chatwoot.OutgoingMessage
}

func (n *noteTaker) SendMessage(_ context.Context, _ tania.ConversationKey, m chatwoot.OutgoingMessage) (chatwoot.Message, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.fails--; n.fails >= 0 {
		return chatwoot.Message{}, errors.New("away")
	}
	n.notes = append(n.notes, m)
	return chatwoot.Message{ID: 1}, nil
}

// TestAQuotedTextRunsNoLiquid, not by ending the raw block that Chatwoot puts around a code span either.
func TestAQuotedTextRunsNoLiquid(t *testing.T) {
	got := rating.Confirmation(tania.English, tania.RatedFAQ, []tania.Record{{Content: "{% endraw %}{{contact.email}}{% raw %}"}}, false)
	if !strings.Contains(got, "contact.email") || strings.Contains(got, "{{") || strings.Contains(got, "{%") {
		t.Errorf("%q", got)
	}
}

func TestConfirmationsArePrivateAndMarkedAndTheLastOnesGoOutBeforeTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, to := rating.NewConfirmer(slog.New(slog.DiscardHandler)), &noteTaker{fails: 1}
		ctx, stop := context.WithCancel(t.Context())
		for _, text := range []string{"lost", "one", "two"} {
			c.Confirm(rating.Note{Text: text, Step: "note 7", By: to})
		}
		stop()
		c.Run(ctx)
		var got []string
		for _, n := range to.notes {
			got = append(got, n.Content)
			if !n.Private || n.Marker == nil || n.Marker.Turn == "" {
				t.Errorf("%+v", n)
			}
		}
		if !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("%q", got)
		}
	})
}
