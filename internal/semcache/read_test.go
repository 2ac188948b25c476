package semcache

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
		{"case, accents and punctuation go", tania.Spanish, "cual es el horario de atencion", []string{"¿Cuál es el horario de atención?", "CUAL ES EL HORARIO DE ATENCION!!"}},
		{"courtesy around a question goes", tania.Spanish, "aceptan tarjeta de credito", []string{"Hola, buenas tardes: ¿aceptan tarjeta de crédito? Muchas gracias", "quiero saber si aceptan tarjeta de crédito", "mil gracias, aceptan tarjeta de credito"}},
		{"Spanish number words are figures", tania.Spanish, "vale 325 peso o 1120", []string{"vale trescientos veinticinco pesos o mil ciento veinte"}},
		{"Spanish tens are joined by y", tania.Spanish, "36 month", []string{"treinta y seis meses", "36 meses"}},
		{"English number words are figures", tania.English, "can i add 25 person", []string{"can I add twenty five people", "can I add twenty-five people"}},
		{"English hundreds and thousands are multiplied", tania.English, "2305 guests", []string{"two thousand three hundred and five guests", "2,305 guests"}},
		{"Portuguese number words are figures", tania.Portuguese, "posso pagar em 250 installment", []string{"posso pagar em duzentas e cinquenta parcelas"}},
		{"figures are multiplied by words", tania.Spanish, "hasta 5000 peso", []string{"hasta 5 mil pesos", "hasta cinco mil pesos", "hasta 5.000 pesos"}},
		{"percent is a sign", tania.Spanish, "descuento del 15 %", []string{"descuento del 15%", "descuento del quince por ciento", "descuento del 15 porciento"}},
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
			if got := len(q.words); got > mostWords {
				t.Errorf("Read(%q) has %d words", text, got)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"¿Cuánto cuesta enviar 5 kg de Lima a Cusco?", "I can't log in", "treinta y seis mil millones y medio", "05/03/2024 24/7 1/2", "9:30 am, 3rd", "q's 007 01,234", "\xff\xfe", "a'aa"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		Read(text, "")
		for _, lang := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
			q := Read(text, lang)
			veto(q, q, match(q, q))
			if len(q.Exact) > 500 {
				continue
			}
			// What is written out can once more be a date with an ordinal ("0th" before "/07"), but reading comes to an end.
			last, again := "", q.Exact
			for n := 0; n < 3 && again != last; n++ {
				last, again = again, Read(again, lang).Exact
			}
			if again != last {
				t.Errorf("%s: Read(%q) is %q, and still changes when it is read again", lang, text, q.Exact)
			}
		}
	})
}
