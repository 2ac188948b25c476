package same

import (
	"fmt"
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

func TestAnswersAreCompared(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want Verdict
	}{
		{"Abrimos de nueve a seis.", "¡ABRIMOS de nueve a seis!", Equal},
		{"Abrimos a las nueve. Cerramos a las seis.", "Cerramos a las seis. Abrimos a las nueve.", Equal},
		{"👍", "👍", Equal},
		{"👍", "👎", Unknown},
		{"👍", "Abrimos de nueve a seis.", Unknown},
		{"El plan básico cuesta 20 € al mes.", "Nuestro plan básico tiene un costo de 20 € mensuales.", Unknown},
		{"The basic plan costs $20 a month.", "Our basic plan is $20 each month.", Unknown},
		{"O plano básico custa 20 reais por mês.", "O custo do plano básico é de 20 reais por mês.", Unknown},
		{"Abrimos a las nueve. Los domingos no.", "Abrimos a las nueve. Y hay estacionamiento.", Unknown},
		{"El plan básico cuesta 20 € al mes.", "El plan básico cuesta 40 € al mes.", Different},
		{"El plan básico cuesta veinte euros al mes.", "El plan básico cuesta 20 euros al mes.", Unknown},
		{"Enviamos en 3 días.", "Enviamos en 3 días, o en 1 día con 5 € más.", Unknown},
		{"Abrimos de nueve a seis.", "Traiga el artículo con su recibo dentro de treinta días.", Different},
		{"We open at nine and close at six.", "Bring the item with its receipt within thirty days.", Different},
		{"Abrimos às nove.", "Traga o artigo com o recibo em trinta dias.", Different},
	} {
		j := NewAnswerComparer()
		if got := j.Compare(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := j.Compare(c.b, c.a); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

func TestSentencesThatStandInAllSortsOfAnswersSayNothing(t *testing.T) {
	j := NewAnswerComparer()
	type answered struct {
		q    *reading.Question
		text string
	}
	var all []answered
	learn := func(question, answer string) {
		a := answered{reading.Read(question, tania.Spanish), answer}
		all = append(all, a)
		j.Learn(a.q, a.text)
	}
	things := []string{"zapatos", "relojes", "lámparas", "guitarras", "mochilas", "sombreros", "espejos", "cuadernos"}
	for i, thing := range things {
		learn(fmt.Sprintf("¿Venden %s?", thing), fmt.Sprintf("Con gusto. Tenemos %s de la marca %d.", thing, i))
	}
	for _, day := range []string{"entre semana", "en verano", "en festivos", "por la tarde", "hoy mismo"} {
		learn("¿Cuál es el horario de la tienda "+day+"?", "¡Hola! Abrimos de nueve a seis.")
	}
	if !j.General("con gusto") {
		t.Error("what stands in answers to all sorts of questions is not general")
	}
	if j.General("abrimos de nueve a seis") {
		t.Error("what answers one question in many wordings is taken for general")
	}
	if j.General("nadie lo dijo") {
		t.Error("what nobody said is general")
	}
	for _, c := range []struct {
		a, b string
		want Verdict
	}{
		{"Con gusto. Abrimos de nueve a seis.", "Abrimos de nueve a seis.", Equal},
		{"Con gusto. Abrimos de nueve a seis.", "Con gusto. Traiga su recibo.", Different},
		{"Con gusto.", "Traiga su recibo.", Unknown},
	} {
		if got := j.Compare(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
	for _, a := range all {
		j.Forget(a.q, a.text)
	}
	if len(j.sentences) != 0 || len(j.all) != 0 || j.answers != 0 {
		t.Errorf("after all were forgotten there are %d sentences, %d terms, %v answers", len(j.sentences), len(j.all), j.answers)
	}
	if j.General("con gusto") {
		t.Error("a sentence is general that nobody says any more")
	}
}
