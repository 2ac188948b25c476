package same

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

// FeatureNames are those of a comparison, in the model's order.
var FeatureNames = []string{
	"one", "gram cosine", "term cosine", "gram cosine²", "term cosine²", "unmatched here", "unmatched there", "both unmatched", "rarest here",
	"rarest there",
	"other asking word", "shortness", "rival", "lead", "support", "misspelt", "same content", "votes", "top similarity mean",
	"function unmatched", "few entries", "cluster coverage", "cluster margin", "novel word",
}

// Model says how probable it is that two questions have one answer.
type Model struct {
	// Weights are by feature name.
	Weights map[string]float64 `json:"weights"`
	// Threshold is the least probability of a hit.
	Threshold float64 `json:"threshold"`

	ordered []float64
}

//go:embed model.json
var shipped []byte

// ShippedModel is the one that was trained on the development data, by the command in the train folder.
func ShippedModel() (*Model, error) {
	var m Model
	if err := json.Unmarshal(shipped, &m); err != nil {
		return nil, fmt.Errorf("cache: model.json: %w", err)
	}
	return &m, m.order()
}

func (m *Model) order() error {
	m.ordered = make([]float64, len(FeatureNames))
	for i, name := range FeatureNames {
		w, ok := m.Weights[name]
		if !ok && len(m.Weights) > 0 {
			return fmt.Errorf("cache: the model has no weight for %q", name)
		}
		m.ordered[i] = w
	}
	return nil
}

// NewModel makes one of weights in the order of FeatureNames.
func NewModel(weights []float64, threshold float64) *Model {
	m := &Model{Weights: map[string]float64{}, Threshold: threshold, ordered: weights}
	for i, name := range FeatureNames {
		m.Weights[name] = weights[i]
	}
	return m
}

// Weight is the one of a feature, by its place among FeatureNames.
func (m *Model) Weight(i int) float64 { return m.ordered[i] }

// Logit is the log odds.
func (m *Model) Logit(features []float64) (z float64) {
	for i, f := range features {
		z += m.ordered[i] * f
	}
	return z
}
