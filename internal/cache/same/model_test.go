package same

import (
	"math"
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

// TestTheShippedModelWeighsEachFeature, and adds what it weighs up.
func TestTheShippedModelWeighsEachFeature(t *testing.T) {
	m, err := ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	if m.Threshold <= 0.5 || m.Threshold >= 1 {
		t.Errorf("threshold %v", m.Threshold)
	}
	for i, name := range FeatureNames {
		if m.Weights[name] == 0 || m.Weight(i) != m.Weights[name] {
			t.Errorf("%s weighs %v, by its place %v", name, m.Weights[name], m.Weight(i))
		}
		features := make([]float64, len(FeatureNames))
		features[0]++
		features[i] += 2
		if got, want := m.Logit(features), 2*m.Weight(i)+m.Weight(0); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: log odds %v, want %v", name, got, want)
		}
	}
}

func TestAModelKnowsAllFeaturesOrNone(t *testing.T) {
	weights := make([]float64, len(FeatureNames))
	for i := range weights {
		weights[i] = float64(i)
	}
	m := NewModel(weights, 0.9)
	for i, name := range FeatureNames {
		if m.Weights[name] != float64(i) || m.Weight(i) != float64(i) {
			t.Errorf("%s weighs %v", name, m.Weights[name])
		}
	}
	if err := m.order(); err != nil {
		t.Error(err)
	}
	delete(m.Weights, FeatureNames[3])
	if err := m.order(); err == nil {
		t.Errorf("a model without a weight for %q is taken", FeatureNames[3])
	}
	if err := (&Model{Weights: map[string]float64{FeatureNames[3]: 1}}).order(); err == nil {
		t.Error("a model with one weight is taken")
	}
	if err := (&Model{}).order(); err != nil {
		t.Error(err)
	}
}

func TestLanguagesThatNothingTellsApart(t *testing.T) {
	question := func(lang, told tania.Language) *reading.Question {
		return &reading.Question{Language: lang, Facts: reading.Facts{Language: told}}
	}
	for _, c := range []struct {
		a, b *reading.Question
		want bool
	}{
		{question(tania.Spanish, ""), question(tania.Spanish, ""), true},
		{question(tania.Spanish, ""), question(tania.Portuguese, ""), false},
		{question(tania.Spanish, tania.Spanish), question(tania.Spanish, ""), true},
		{question(tania.Spanish, tania.Spanish), question(tania.Spanish, tania.English), false},
		{question(tania.Spanish, tania.English), question(tania.Spanish, tania.English), true},
	} {
		if SameLanguage(c.a, c.b) != c.want || SameLanguage(c.b, c.a) != c.want {
			t.Errorf("%v %v and %v %v: want %v", c.a.Language, c.a.Facts.Language, c.b.Language, c.b.Facts.Language, c.want)
		}
	}
}
