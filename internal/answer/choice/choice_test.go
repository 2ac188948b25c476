package choice

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadsWhatIsPicked: numbers, places, words of a choice with typing errors, several, none, and what is said of something else.
func TestReadsWhatIsPicked(t *testing.T) {
	three := []string{"¿Cuánto cuesta el envío?", "¿Cuánto tarda el envío?", "Cambios y devoluciones"}
	english := []string{"How much is shipping?", "How long does delivery take?"}
	one := []string{"Tamanho das bicicletas"}
	none := Picked{None: true}
	at := func(places ...int) Picked { return Picked{Places: places} }
	for _, c := range []struct {
		offered []string
		text    string
		want    Picked
		ok      bool
	}{
		{three, "2", at(1), true},
		{three, "2.", at(1), true},
		{three, "2️⃣", at(1), true},
		{three, "la 2 porfa", at(1), true},
		{three, "opción 3", at(2), true},
		{three, "la 1ra", at(0), true},
		{three, "La segunda", at(1), true},
		{three, "me refiero al primero", at(0), true},
		{three, "el último", at(2), true},
		{three, "una", at(0), true},
		{three, "1 y 3", at(0, 2), true},
		{three, "las dos primeras", Picked{}, false},
		{three, "todas", at(0, 1, 2), true},
		{three, "4", none, true},
		{three, "ninguna, gracias", none, true},
		{three, "no", none, true},
		{three, "nada de eso", none, true},
		{three, "no, la segunda", at(1), true},
		{three, "cuánto tadra", at(1), true},
		{three, "devolusiones", at(2), true},
		{three, "la segunda, cuánto tarda", at(1), true},
		{english, "the second one please", at(1), true},
		{english, "both", at(0, 1), true},
		{english, "neither", none, true},
		{english, "delivery", at(1), true},
		{one, "sim", at(0), true},
		{one, "nenhuma", none, true},
		{one, "isso", at(0), true},

		{three, "sí", Picked{}, false},
		{three, "el envío", Picked{}, false},
		{three, "5", Picked{}, false},
		{three, "el primero de mayo abren?", Picked{}, false},
		{three, "ninguna, quiero saber del seguro", Picked{}, false},
		{three, "¿tienen estacionamiento?", Picked{}, false},
		{three, "cuánto cuesta la cadena", Picked{}, false},
		{three, "compré 2 sillas y llegó una", Picked{}, false},
		{three, "gracias", Picked{}, false},
		{three, "", Picked{}, false},
		{nil, "1", Picked{}, false},
	} {
		got, ok := Read(c.text, c.offered)
		if diff := cmp.Diff(c.want, got); ok != c.ok || ok && diff != "" {
			t.Errorf("%q: %+v, %t; want %+v, %t", c.text, got, ok, c.want, c.ok)
		}
	}
}
