package same

import (
	"fmt"
	"reflect"
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

func es(text string) *reading.Question { return reading.Read(text, tania.Spanish) }

// TestWhatIsForgottenIsAsIfNeverLearnt: sentences of one question and of several, and words that a question has twice.
func TestWhatIsForgottenIsAsIfNeverLearnt(t *testing.T) {
	type answered struct {
		q    *reading.Question
		text string
	}
	all := []answered{
		{es("¿Venden zapatos?"), "Con gusto. Sí, de cuero."},
		{es("¿Venden relojes?"), "Con gusto. Sí, de cuero."},
		{es("¿Qué zapatos venden?"), "Con gusto. De tela."},
		{es("¿Hay estacionamiento?"), "Sí, de cuero. Con gusto. Y con gusto."},
		{es("¿Venden zapatos?"), "Con gusto. Sí, de cuero."},
	}
	j := NewAnswerComparer()
	var before []AnswerCounts
	for _, a := range all {
		before = append(before, j.Counts())
		j.Learn(a.q, a.text)
	}
	last := j.Counts()
	if last.Answers != 5 || last.Sentences["con gusto"] != 5 || last.Sentences["si de cuero"] != 4 || last.Sentences["y con gusto"] != 1 {
		t.Errorf("counted are %v answers with %v", last.Answers, last.Sentences)
	}
	shoes := es("zapatos").Words[0].ID
	of := last.OfSentences
	if last.Terms[shoes] != 3 || of["con gusto"][shoes] != 3 || of["si de cuero"][shoes] != 2 || of["de tela"][shoes] != 1 {
		t.Errorf("shoes are asked for %v times, by sentence %v", last.Terms[shoes], last.OfSentences)
	}
	for i := len(all) - 1; i >= 0; i-- {
		j.Forget(all[i].q, all[i].text)
		if got := j.Counts(); !reflect.DeepEqual(got, before[i]) {
			t.Errorf("with %d answers left: %+v, want %+v", i, got, before[i])
		}
	}
	j.Forget(all[0].q, "Nadie lo dijo.")
	if len(j.sentences) != 0 {
		t.Errorf("what nobody said leaves %v", j.sentences)
	}
}

// TestASentenceIsGeneralFromFourAnswersOn, and no longer when all that is learnt then is one question.
func TestASentenceIsGeneralFromFourAnswersOn(t *testing.T) {
	j := NewAnswerComparer()
	for i := range 60 {
		j.Learn(es(fmt.Sprintf("¿Tienen cosa%d?", i)), fmt.Sprintf("Tenemos cosa%d.", i))
	}
	for i, thing := range []string{"zapatos", "relojes", "lámparas", "guitarras"} {
		if j.General("con gusto") {
			t.Errorf("a sentence is general that stood in %d answers", i)
		}
		j.Learn(es(fmt.Sprintf("¿Tienen %s?", thing)), fmt.Sprintf("Con gusto. Tenemos %s.", thing))
	}
	if !j.General("con gusto") {
		t.Error("a sentence is not general that stood in four answers to all sorts of questions")
	}
	hours := es("¿Cuál es el horario de la tienda en verano?")
	for range 20 {
		j.Learn(hours, "Con gusto.")
	}
	if j.General("con gusto") {
		t.Error("a sentence is general that stands in answers to one question for the most part")
	}
	for range 20 {
		j.Forget(hours, "Con gusto.")
	}
	if !j.General("con gusto") {
		t.Error("it is not again, when those were forgotten")
	}
}

// TestAVerdictOnASentenceHoldsForAWhile: it is not made again before a part of what was seen has changed.
func TestAVerdictOnASentenceHoldsForAWhile(t *testing.T) {
	j := NewAnswerComparer()
	const times = 4 * steady
	for i := range times {
		j.Learn(es(fmt.Sprintf("¿Venden cosa%d?", i)), "Con gusto.")
	}
	if !j.General("con gusto") {
		t.Fatal("not general")
	}
	// From here on all that is learnt of it would say otherwise.
	s := j.sentences["con gusto"]
	one := es("¿Cuál es el horario de la tienda en verano?")
	s.terms = map[reading.Feature]float64{}
	for _, term := range one.Terms {
		s.terms[term] = times
	}
	for n := range times / steady {
		if !j.General("con gusto") {
			t.Errorf("the verdict is made anew after %d answers", n)
		}
		j.Learn(one, "Otra cosa.")
	}
	if !j.General("con gusto") {
		t.Errorf("the verdict is made anew after %d answers", times/steady)
	}
	j.Learn(one, "Otra cosa.")
	if j.General("con gusto") {
		t.Error("the verdict is never made anew")
	}
	if j.General("con gusto") {
		t.Error("the new verdict is not kept")
	}
}

// TestWordsInCommonMayBeTheSameInOtherWords: two of five are enough, one is not.
func TestWordsInCommonMayBeTheSameInOtherWords(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want Verdict
	}{
		{"Pan, queso, leche.", "Pan, queso, vino, arroz.", Unknown},
		{"Pan, queso, leche.", "Pan, vino, arroz.", Different},
		{"Pan con queso.", "Vino con arroz.", Different},
		{"A las 9.", "A las 10.", Different},
	} {
		j := NewAnswerComparer()
		if got := j.Compare(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
