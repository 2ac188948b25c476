package words

import (
	"testing"

	"tania/internal/tania"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"¡HOLAAA, Envíos!": "¡hola, envios!", "Ação": "acao", "llaves 1000": "llaves 1000",
		"año": "ano",
	} {
		if got := Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestStemMakesOneOfInflections(t *testing.T) {
	for _, c := range []struct {
		lang tania.Language
		same []string
	}{
		{tania.Spanish, []string{"devolucion", "devoluciones"}},
		{tania.Spanish, []string{"envio", "envios"}},
		{tania.English, []string{"refund", "refunds", "refunded"}},
		{tania.Portuguese, []string{"devolucao", "devolucoes"}},
		{tania.Portuguese, []string{"cartao", "cartoes"}},
	} {
		for _, w := range c.same[1:] {
			if a, b := Stem(c.same[0], c.lang), Stem(w, c.lang); a != b {
				t.Errorf("%s: %s has the stem %s, %s has %s", c.lang, c.same[0], a, w, b)
			}
		}
	}
	if Stem("correo", tania.Spanish) == Stem("tarjeta", tania.Spanish) {
		t.Error("two words have one stem")
	}
}
