package slot

import "testing"

func TestNames(t *testing.T) {
	for inside, want := range map[string]bool{
		"Your Name": true, "nombre de la empresa": true, "insert the address here": true, "seu e-mail": true,
		"v2": false, "Enviar": false, "the": false, "": false,
		"a longer remark of which the last word is name": false,
	} {
		if got := Names(inside); got != want {
			t.Errorf("%q: %v, want %v", inside, got, want)
		}
	}
}
