package postal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/pii/postal"
)

// TestAddressesAreFound, each in braces, and nothing else.
func TestAddressesAreFound(t *testing.T) {
	for _, text := range []string{
		"Vivo en {calle Mayor 12, 3º B, 28013 Madrid}.",
		"mándenlo a {Av. Insurgentes Sur 1602, Col. Crédito Constructor}, por favor",
		"{Carrera 15 # 93-60, Bogotá} es mi dirección",
		"Moro na {Rua das Flores, 123, Apto 45}.",
		"Please ship to {123 Main Street, Springfield, IL 62704}.",
		"I live at {221B Baker Street, London}.",
		"mi casilla es {P.O. Box 1234}",
		"El pedido 12345 llega en 3 días",
		"a 5 minutos de la calle principal",
		"we drive 20 miles on the road",
		"código postal 28013",
		"entre 10 y 12 horas",
	} {
		plain := strings.NewReplacer("{", "", "}", "").Replace(text)
		var want, got []string
		for _, part := range strings.Split(text, "{")[1:] {
			address, _, _ := strings.Cut(part, "}")
			want = append(want, address)
		}
		for _, p := range postal.Find(plain, false) {
			got = append(got, plain[p.Start:p.End])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
	}
}

func TestPartsAreFoundWhereTheyAreWanted(t *testing.T) {
	const text = "el código postal 28013, apto 402"
	got := postal.Find(text, true)
	if len(got) != 2 || text[got[0].Start:got[0].End] != "código postal 28013" || text[got[1].Start:got[1].End] != "apto 402" {
		t.Errorf("found %v", got)
	}
}

func TestTheFirstAddressThatIsTaken(t *testing.T) {
	const text = "de la calle Mayor 12 a la calle Luna 4"
	at := postal.Told(text, func(s string) bool { return strings.Contains(s, "Luna") })
	if at == nil || text[at[0]:at[1]] != "calle Luna 4" {
		t.Errorf("found %v", at)
	}
	if at := postal.Told(text, func(string) bool { return false }); at != nil {
		t.Errorf("found %v", at)
	}
}
