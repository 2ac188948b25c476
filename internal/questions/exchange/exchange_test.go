package exchange_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/questions/exchange"
	"tania/internal/tania"
)

func entries(list ...string) (all []tania.Entry) {
	from := map[byte]tania.Author{'C': tania.FromCustomer, 'B': tania.FromBot, 'H': tania.FromHuman}
	for i, s := range list {
		all = append(all, tania.Entry{ID: tania.MessageID(i + 1), From: from[s[0]], Text: s[2:]})
	}
	return all
}

func texts(list []tania.Entry) (all []string) {
	for _, e := range list {
		all = append(all, e.Text)
	}
	return all
}

func TestWhatHumansAnsweredToWhat(t *testing.T) {
	all := exchange.Find(entries("H:Buen día", "C:¿Abren?", "B:No lo sé", "C:hola", "H:Sí,",
		"H:hasta las ocho", "C:gracias", "B:de nada", "C:adiós"))
	var got [][2][]string
	for _, x := range all {
		got = append(got, [2][]string{texts(x.Asked), texts(x.Answered)})
	}
	want := [][2][]string{{nil, {"Buen día"}}, {{"¿Abren?", "hola"}, {"Sí,", "hasta las ocho"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if all[0].Asks() || !all[1].Asks() {
		t.Errorf("what asks: %+v", all)
	}
	for id, want := range map[tania.MessageID]bool{0: false, 1: false, 2: true, 3: false, 4: true, 6: true, 7: false} {
		if all[1].Has(id) != want {
			t.Errorf("message %d is of the exchange: %v", id, !want)
		}
	}
}

func TestTheFullestAnswerIsNoCourtesy(t *testing.T) {
	all := exchange.Find(entries("C:¿Envían a Leticia?", "H:Sí, cuesta 120 pesos", "C:gracias!",
		"H:Con gusto señora Ana, feliz noche, gracias a usted"))
	if x, ok := exchange.Fullest(all); !ok || x.Asked[0].ID != 1 {
		t.Errorf("%+v, %v", x, ok)
	}
	for _, polite := range [][]tania.Entry{
		nil, entries("H:El envío cuesta 120 pesos"), entries("C:hola", "H:Hola, buenas tardes"), entries("C:¿Abren?"),
	} {
		if x, ok := exchange.Fullest(exchange.Find(polite)); ok {
			t.Errorf("%+v", x)
		}
	}
}
