package dispatcher

import (
	"os"
	"testing"

	"tania/internal/tania"
)

// TestPleasantriesAsTheyAreTyped holds what diminutives, slips and the spoken word are read as, on messages that were written before the
// rules for them; testdata/README.md has what was found at the first look.
func TestPleasantriesAsTheyAreTyped(t *testing.T) {
	f, err := os.Open("testdata/fond.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	report, err := Evaluate(f, New(Options{}))
	if err != nil {
		t.Fatal(err)
	}
	for route, floor := range map[string]floors{
		string(tania.RouteGreeting): {0.98, 0.94}, string(tania.RouteThanks): {0.98, 0.92}, string(tania.RouteFarewell): {0.98, 0.94},
		// Two in five of the sample are questions: what is missed of the others counts double against them.
		RouteOther: {0.89, 0.97},
	} {
		if s := report.Routes[route]; s.N == 0 || s.Precision < floor.precision || s.Recall < floor.recall {
			t.Errorf("%s: precision %.3f recall %.3f of %d, want %.2f and %.2f", route, s.Precision, s.Recall, s.N, floor.precision, floor.recall)
		}
	}
	for _, m := range report.Misses {
		t.Logf("%s instead of %s: %q (%s)", m.Got, m.Route, m.Text, m.Why)
	}
}

func TestWordsAreMeantFondly(t *testing.T) {
	g := builtin().mannered
	for word, want := range map[string]string{
		"tarditas": "tardes", "noitinha": "noite", "oizinho": "oi", "amiguita": "amiga", "nochecitas": "noches",
		"olis": "holis", "logu": "logo", "vemo": "vemos", "hellow": "hello", "obrigaduu": "obrigado",
		"coche": "", "cello": "", "tortillitas": "", "ito": "", "inha": "", "zinho": "", "": "", "s": "",
	} {
		if got, ok := g.meantFondly(word); got != want || ok != (want != "") {
			t.Errorf("%q is meant as %q, %v, want %q", word, got, ok, want)
		}
	}
}

func TestWhatOnlyLooksLikeAPleasantryIsAsked(t *testing.T) {
	d := New(Options{})
	for text, want := range map[string]tania.Route{
		"hi hun xx": tania.RouteGreeting, "feliz lunes para todos": tania.RouteGreeting, "feliz lunes, hasta luego": tania.RouteFarewell,
		"thanks hun xx": tania.RouteThanks, "bye hun xx": tania.RouteFarewell,
		"qué médico atiende los lunes?": tania.RouteModel, "meeting with my lawyer is on Monday, do you open?": tania.RouteModel,
		"you will hear from my lawyer": tania.RouteSensitive, "reunión con mi abogado, y los voy a demandar": tania.RouteSensitive,
		"que una persona me atienda": tania.RouteHandoff, "quiero que me atienda un médico": tania.RouteHandoff,
		"cello": tania.RouteModel, "hola tortillitas": tania.RouteModel, "bolsitas": tania.RouteModel, "coche": tania.RouteModel,
	} {
		if got := d.Dispatch(text); got.Route != want {
			t.Errorf("%q is %s (%s), want %s", text, got.Route, got.Why, want)
		}
	}
}
