package recall

import (
	"context"

	"tania/internal/embedding"
	"tania/internal/knowledge"
)

// Vectors makes vectors of texts, in their order.
type Vectors interface {
	All(ctx context.Context, texts []string) ([]embedding.Vector, error)
}

// meanings are vectors of sentences.
type meanings map[string]embedding.Vector

// learn tells an index what a set's documents mean, and gives what its queries' sentences do.
func learn(ctx context.Context, x *knowledge.Index, s Set, by Vectors) (meanings, error) {
	if by == nil {
		return nil, nil
	}
	var ids, texts []string
	for i := range s.Documents {
		for _, part := range s.Documents[i].Parts() {
			ids, texts = append(ids, s.Documents[i].ID), append(texts, part)
		}
	}
	made, err := by.All(ctx, texts)
	if err != nil {
		return nil, err
	}
	vectors := map[string][]embedding.Vector{}
	for i, v := range made {
		vectors[ids[i]] = append(vectors[ids[i]], v)
	}
	x.Learn(vectors)
	var sentences []string
	for _, q := range s.Queries {
		sentences = append(sentences, q.Sentences...)
	}
	if made, err = by.All(ctx, sentences); err != nil {
		return nil, err
	}
	meant := meanings{}
	for i, sentence := range sentences {
		meant[sentence] = made[i]
	}
	return meant, nil
}
