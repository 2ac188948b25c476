package fact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tania/internal/guard/fact"
)

// TestFactsAreRead shows which facts a text has.
func TestFactsAreRead(t *testing.T) {
	for text, want := range map[string]string{
		"El envío cuesta $49 en Condesa y $89 MXN en el resto; gratis desde $1,200.50.": "price $49, price $89 MXN, price $1,200.50",
		"Abrimos de lunes a sábado de 7:00 a 20:00 y los domingos de 8:00 a 15:00.":     "day lunes a sábado, time 7:00, time 20:00, day domingos, time 8:00, time 15:00",
		"Segunda a sexta das 7h às 20h; na segunda vez é grátis.":                       "day Segunda a sexta, time 7h, time 20h",
		"Open Mon-Fri 9 am to 6:30 p.m.":                                                "day Mon-Fri, time 9 am, time 6:30 p.m.",
		"Llega en 3 a 5 días hábiles, con 50 % de anticipo.":                            "quantity 3, quantity 5 días hábiles, quantity 50 %",
		"Cuesta diecinueve euros con noventa, o 19,90 EUR.":                             "price diecinueve euros con noventa, price 19,90 EUR",
		"1. Entra en https://shop.example/pago/.\n2. Escribe a ventas@shop.example.":    "link https://shop.example/pago/, mail ventas@shop.example",
		"Llama al +52 55 5555 0142 o al 900-123-456.":                                   "phone +52 55 5555 0142, phone 900-123-456",
		"Cerramos el 1 de enero, el 25/12/2026 y el 2026-05-03.":                        "date 1 de enero, date 25/12/2026, date 2026-05-03",
		"We close on January 1st, May 3 and the 4th of July.":                           "date January 1st, date May 3, date 4th of July",
		"Usa el código BIENVENIDO o VERANO20 en tu pedido #A1023-B.":                    "code BIENVENIDO, code VERANO20, code #A1023-B",
		"El plan Pro: 5 usuarios; a Gold plan.":                                         "plan Pro, quantity 5 usuarios, plan Gold",
		"Estoy aquí 24/7 para ayudarte con las dos opciones.":                           "number dos",
		"Son 2 mil pesos, 1.5 millones de dólares y R$ 49,90.":                          "price 2 mil pesos, price 1.5 millones de dólares, price R$ 49,90",
		"Paso 2: elige la opción 1. Tienes 2x1 los martes.":                             "code 2x1, day martes",
		"A las nueve y media de la mañana o a mediodía.":                                "time nueve y media de la mañana, time mediodía",
		"Av. Amsterdam 118, piso 3, CP 06100.":                                          "number 118, number 3, number 06100",
		"From 9 to 5, or at half past six.":                                             "number 9, number 5, time half past six",
		"Un momento, en una hora te digo.":                                              "quantity una hora",
	} {
		var got []string
		for _, f := range sorted(text) {
			got = append(got, fmt.Sprintf("%s %s", f.Kind, f.Text))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s\n got %s\nwant %s", text, strings.Join(got, ", "), want)
		}
	}
}

// sorted are the facts in the order of the text.
func sorted(text string) []fact.Fact {
	facts := fact.Read(text, "").Facts()
	at := 0
	place := map[fact.Fact]int{}
	for _, f := range facts {
		place[f] = strings.Index(text[at:], f.Text)
	}
	slices.SortStableFunc(facts, func(a, b fact.Fact) int { return place[a] - place[b] })
	return facts
}
