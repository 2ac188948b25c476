package knowledge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tania/internal/embedding"
	passages "tania/internal/knowledge"
)

// Encoder makes vectors of texts of the team's. Known gives one that is there without a server being asked.
type Encoder interface {
	All(ctx context.Context, texts []string) ([]embedding.Vector, error)
	Known(text string) (embedding.Vector, bool)
}

// nearlyAll is the share of the entries' parts that must have vectors for Rank to look at them: it would take the others for unlike
// whatever is asked.
const nearlyAll = 0.9

// Learn has vectors made of what the entries say, for Rank: those that are known are used at once, where they are nearly all, and all of
// them when the others are made. With an error Rank has what it had.
func (x *Index) Learn(ctx context.Context, by Encoder) error {
	parts, vectors := make([][]string, x.size()), map[string]embedding.Vector{}
	var missing []string
	for i := range parts {
		parts[i] = partsOf(x.hitAt(i))
		for _, part := range parts[i] {
			if v, known := by.Known(part); known {
				vectors[part] = v
			} else {
				missing = append(missing, part)
			}
		}
	}
	if len(missing) == 0 || float64(len(vectors)) >= nearlyAll*float64(len(vectors)+len(missing)) {
		x.learn(placed(parts, vectors))
	}
	if len(missing) == 0 {
		return nil
	}
	made, err := by.All(ctx, missing)
	if err != nil {
		return fmt.Errorf("knowledge: %d texts have no vector: %w", len(missing), err)
	}
	for i, text := range missing {
		vectors[text] = made[i]
	}
	x.learn(placed(parts, vectors))
	return nil
}

func (x *Index) learn(vectors [][]embedding.Vector) {
	switch by := x.ranking.(type) {
	case *passages.Memory:
		by.Learn(vectors)
	case *passages.View:
		by.Learn(vectors)
	}
	x.faqRanking.Learn(vectors[:len(x.faq)])
}

// placed are the vectors of each entry's parts.
func placed(parts [][]string, of map[string]embedding.Vector) [][]embedding.Vector {
	vectors := make([][]embedding.Vector, len(parts))
	for i, list := range parts {
		for _, part := range list {
			if v, ok := of[part]; ok {
				vectors[i] = append(vectors[i], v)
			}
		}
	}
	return vectors
}

// partsOf are the texts of an entry that have a vector each: the questions of an FAQ entry, each alone, and its answers below the first of
// them; the parts of a passage.
func partsOf(h Hit) []string {
	if h.Passage != nil {
		return passages.Parts(h.Passage.Title, h.Passage.Text)
	}
	parts := slices.Clone(h.FAQ.Questions)
	heading := strings.Join(h.FAQ.Keywords, ", ")
	if len(parts) > 0 {
		heading = parts[0]
	}
	for _, lang := range slices.Sorted(maps.Keys(h.FAQ.Answer)) {
		parts = append(parts, passages.Parts(heading, h.FAQ.Answer[lang])...)
	}
	return parts
}
