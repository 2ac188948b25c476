package same

import (
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

func TestWordsAsTheySound(t *testing.T) {
	for word, want := range map[string]string{
		"hola": "ola", "vaca": "baka", "wifi": "bifi", "zona": "sona", "cena": "sena", "cita": "sita", "casa": "kasa", "queso": "keso",
		"iraq":  "irak",
		"gente": "jente", "gira": "jira", "gato": "gato", "yeso": "ieso", "taxi": "tasi", "tambor": "tanbor", "campo": "kanpo", "amo": "amo",
		"perro": "pero", "accion": "aksion",
	} {
		if got := string(sounds(word, nil)); got != want {
			t.Errorf("%q sounds like %q, want %q", word, got, want)
		}
	}
}

// TestWhatIsNegatedElsewhere: a word that only one of two questions negates, leaves out or excludes others for.
func TestWhatIsNegatedElsewhere(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"puedo no pagar", "no puedo pagar", true},
		{"con queso sin tomate", "sin queso con tomate", true},
		{"solo lunes o martes", "lunes o solo martes", true},
		{"no puedo pagar", "no puedo pagar", false},
		{"no puedo pagar sin tarjeta", "sin tarjeta no puedo pagar", false},
		{"no puedo pagar sin tarjeta", "puedo no pagar sin tarjeta", true},
		{"puedo pagar", "puedo pagar", false},
	} {
		a, b := reading.Read(c.a, tania.Spanish), reading.Read(c.b, tania.Spanish)
		if got := negatedElsewhere(a, b, Match(a, b)); got != c.want {
			t.Errorf("%q, %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
