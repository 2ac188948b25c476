package questions_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/privacy"
	"tania/internal/questions"
	"tania/internal/tania"
)

var at = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func record(conversation, message int, text string, change ...func(*tania.Record)) tania.Record {
	r := tania.Record{
		Key:     tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(conversation)},
		Message: tania.MessageID(message), Inbox: 4, Turn: tania.TurnID(fmt.Sprint("t", message)), Content: text, Language: tania.Spanish,
		At: at.Add(time.Duration(message) * time.Second), Outcome: tania.OutcomeNotKnown, Reply: "No lo sé.",
	}
	for _, c := range change {
		c(&r)
	}
	return r
}

func handedOver(reason tania.HandoffReason) func(*tania.Record) {
	return func(r *tania.Record) { r.Outcome, r.Handoff = tania.OutcomeHandedOver, reason }
}

func answered(r *tania.Record) { r.Outcome, r.Route = tania.OutcomeAnswered, tania.RouteModel }

// texts are what the groups' questions say.
func texts(groups []questions.Group) (all [][]string) {
	for _, g := range groups {
		var list []string
		for _, q := range g.Questions {
			list = append(list, q.Text)
		}
		all = append(all, list)
	}
	return all
}

func TestATurnIsOneQuestion(t *testing.T) {
	burst := func(r *tania.Record) { r.Turn = "burst" }
	all := questions.Read([]tania.Record{
		record(1, 12, "¿abren el domingo?", burst), record(1, 10, "hola", burst), record(1, 11, " ", burst),
		record(2, 9, "¿tienen parqueadero?"), record(3, 8, "", func(r *tania.Record) { r.Turn = "" }), record(4, 7, "gracias", answered),
	})
	if len(all) != 2 || all[0].Text != "hola\n¿abren el domingo?" || all[0].Message != 12 || all[1].Text != "¿tienen parqueadero?" {
		t.Errorf("%+v", all)
	}
}

func TestEachMissHasItsName(t *testing.T) {
	for want, r := range map[tania.Miss]tania.Record{
		tania.MissNotKnown:    record(1, 1, "x"),
		tania.MissHandedOver:  record(1, 1, "x", handedOver(tania.HandoffModel)),
		tania.MissWantedHuman: record(1, 1, "x", handedOver(tania.HandoffRequested)),
		tania.MissCorrected: record(1, 1, "x", answered, func(r *tania.Record) {
			r.Review = tania.Review{Doubted: at, Corrected: at}
		}),
		tania.MissDoubted: record(1, 1, "x", answered, func(r *tania.Record) { r.Review.Doubted = at }),
		"":                record(1, 1, "x", answered),
	} {
		if got := r.Missed(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if r := record(1, 1, "x", handedOver(tania.HandoffModelAway)); r.Missed() != "" {
		t.Error("an outage is no question that could be taught")
	}
}

func TestQuestionsAreGroupedByLikeness(t *testing.T) {
	asked := []string{
		"¿Abren los domingos?", "hola, abren el domingo??", "buenas! ustedes abren los domngos", "¿Tienen parqueadero para clientes?",
		"hay parqueadero p clientes", "¿Hacen envíos a Cali?", "quiero saber si hacen envios a cali", "¿Y cuánto cuesta?", "¿?",
	}
	var records []tania.Record
	for i, text := range asked {
		records = append(records, record(i, len(asked)-i, text))
	}
	got := texts(questions.List(questions.Read(records), questions.Filter{}, false))
	want := [][]string{asked[0:3], asked[3:5], asked[5:7], asked[7:8], asked[8:9]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFilters(t *testing.T) {
	all := questions.Read([]tania.Record{
		record(1, 1, "¿Hacen envíos a Cali?"),
		record(2, 2, "hacen envios a cali", func(r *tania.Record) { r.Inbox = 5 }),
		record(3, 3, "quiero un humano", handedOver(tania.HandoffRequested)),
		record(4, 4, "¿Tienen parqueadero?", answered, func(r *tania.Record) { r.Review.Corrected = at; r.Reply = "Sí, en el sótano." }),
		record(5, 5, "¿Venden repuestos?", func(r *tania.Record) { r.At = at.Add(24 * time.Hour) }),
	})
	for name, c := range map[string]struct {
		f    questions.Filter
		mask bool
		want [][]string
	}{
		"what can be taught, the newest first": {want: [][]string{
			{"¿Venden repuestos?"}, {"¿Tienen parqueadero?"}, {"hacen envios a cali", "¿Hacen envíos a Cali?"},
		}},
		"the most asked first": {f: questions.Filter{Most: true}, want: [][]string{
			{"hacen envios a cali", "¿Hacen envíos a Cali?"}, {"¿Venden repuestos?"}, {"¿Tienen parqueadero?"},
		}},
		"one miss":           {f: questions.Filter{Miss: tania.MissWantedHuman}, want: [][]string{{"quiero un humano"}}},
		"one inbox":          {f: questions.Filter{Inbox: 5}, want: [][]string{{"hacen envios a cali"}}},
		"one day":            {f: questions.Filter{Day: "2026-11-29"}, want: [][]string{{"¿Venden repuestos?"}}},
		"words asked":        {f: questions.Filter{Words: "ENVIOS"}, want: [][]string{{"hacen envios a cali", "¿Hacen envíos a Cali?"}}},
		"words answered":     {f: questions.Filter{Words: "sotano"}, want: [][]string{{"¿Tienen parqueadero?"}}},
		"hidden":             {f: questions.Filter{Inbox: 5}, mask: true, want: [][]string{{"•••• (19)"}}},
		"words that are hid": {f: questions.Filter{Words: "envios"}, mask: true},
	} {
		if diff := cmp.Diff(c.want, texts(questions.List(all, c.f, privacy.Mask(c.mask)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff([]tania.InboxID{4, 5}, questions.Inboxes(all)); diff != "" {
		t.Error(diff)
	}
	if all[0].Text == "" || all[3].Text != "hacen envios a cali" {
		t.Errorf("hiding changed what was read: %+v", all)
	}
}

// TestManyQuestionsOfOneWord: 5,000 that have a word in common are compared with few others each, and none is
// lost.
func TestManyQuestionsOfOneWord(t *testing.T) {
	var records []tania.Record
	for i := range 5_000 {
		records = append(records, record(i, i, fmt.Sprintf("¿cuánto cuesta el repuesto %x%x?", i*7919, i)))
	}
	groups := questions.List(questions.Read(records), questions.Filter{}, false)
	n := 0
	for _, g := range groups {
		n += len(g.Questions)
	}
	if n != len(records) {
		t.Errorf("%d of %d questions are in a group", n, len(records))
	}
}
