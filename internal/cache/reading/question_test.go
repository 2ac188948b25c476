package reading

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/tania"
)

func TestReadWritesAlikeWhatIsAlike(t *testing.T) {
	for _, c := range []struct {
		name string
		lang tania.Language
		want string
		same []string
	}{
		{
			"case, accents and punctuation go", tania.Spanish, "cual es el horario de atencion",
			[]string{"¿Cuál es el horario de atención?", "CUAL ES EL HORARIO DE ATENCION!!"},
		},
		{
			"courtesy around a question goes", tania.Spanish, "aceptan tarjeta de credito",
			[]string{
				"Hola, buenas tardes: ¿aceptan tarjeta de crédito? Muchas gracias", "quiero saber si aceptan tarjeta de crédito",
				"mil gracias, aceptan tarjeta de credito",
			},
		},
		{
			"Spanish number words are figures", tania.Spanish, "vale 325 peso o 1120",
			[]string{"vale trescientos veinticinco pesos o mil ciento veinte"},
		},
		{"Spanish tens are joined by y", tania.Spanish, "36 month", []string{"treinta y seis meses", "36 meses"}},
		{
			"English number words are figures", tania.English, "can i add 25 person",
			[]string{"can I add twenty five people", "can I add twenty-five people"},
		},
		{
			"English hundreds and thousands are multiplied", tania.English, "2305 guests",
			[]string{"two thousand three hundred and five guests", "2,305 guests"},
		},
		{
			"Portuguese number words are figures", tania.Portuguese, "posso pagar em 250 installment",
			[]string{"posso pagar em duzentas e cinquenta parcelas"},
		},
		{
			"figures are multiplied by words", tania.Spanish, "hasta 5000 peso",
			[]string{"hasta 5 mil pesos", "hasta cinco mil pesos", "hasta 5.000 pesos"},
		},
		{
			"percent is a sign", tania.Spanish, "descuento del 15 %",
			[]string{"descuento del 15%", "descuento del quince por ciento", "descuento del 15 porciento"},
		},
		{"units have one name", tania.Spanish, "bolsa de 5 kg", []string{"bolsa de cinco kilos", "bolsa de 5 kilogramos", "bolsa de 5kg"}},
		{"halves count", tania.Spanish, "botella de 1.5 l", []string{"botella de un litro y medio", "botella de 1,5 litros"}},
		{"places are marked", tania.Spanish, "la 3th cuota", []string{"la tercera cuota", "la 3ª cuota", "la 3ra cuota"}},
		{"the day of a month is no place", tania.Spanish, "abren el 1 de enero", []string{"abren el primero de enero", "abren el 1 de enero"}},
		{"slashes write the day first in Spanish", tania.Spanish, "abren el 5 de marzo", []string{"abren el 05/03", "abren el 5/03"}},
		{"slashes write the month first in English", tania.English, "open on march 5", []string{"open on 03/05", "open on March 5th"}},
		{"a misspelt weekday is the weekday", tania.Spanish, "abren los domingos", []string{"abren los domigos", "abren los domingos"}},
		{"a Portuguese weekday is no number", tania.Portuguese, "abrem na segunda feira", []string{"abrem na segunda-feira"}},
		{"a second copy is a number", tania.Portuguese, "2th via da conta", []string{"segunda via da conta"}},
		{"dos is an article in Portuguese", tania.Portuguese, "horario dos bancos", []string{"horário dos bancos"}},
		{"once is an adverb in English", tania.English, "pay once", []string{"pay once"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, text := range c.same {
				if diff := cmp.Diff(c.want, Read(text, c.lang).Exact); diff != "" {
					t.Errorf("Read(%q) (-want +got):\n%s", text, diff)
				}
			}
		})
	}
}

func TestReadTakesAnything(t *testing.T) {
	for _, text := range []string{"", " ", "?", "\x00\xff", "12", "…", "'", "1/", "٣", "½ kilo"} {
		for _, lang := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese, ""} {
			q := Read(text, lang)
			if got := len(q.Words); got > MostWords {
				t.Errorf("Read(%q) has %d words", text, got)
			}
		}
	}
}
