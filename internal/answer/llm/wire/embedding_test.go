package wire_test

import (
	"encoding/json"
	"testing"

	"tania/internal/answer/llm/wire"
)

func TestEmbeddingsAreInTheOrderOfTheTexts(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		// want are the first numbers of the embeddings of two texts; none: the answer is not taken.
		want []float32
	}{
		"numbered backwards": {`{"data": [{"index": 1, "embedding": [2]}, {"index": 0, "embedding": [1]}]}`, []float32{1, 2}},
		"without numbers":    {`{"data": [{"embedding": [1]}, {"embedding": [2]}]}`, []float32{1, 2}},
		"one twice":          {`{"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [2]}]}`, nil},
		"beyond the end":     {`{"data": [{"index": 0, "embedding": [1]}, {"index": 2, "embedding": [2]}]}`, nil},
		"below the start":    {`{"data": [{"index": -1, "embedding": [1]}, {"index": 1, "embedding": [2]}]}`, nil},
		"one missing":        {`{"data": [{"index": 0, "embedding": [1]}]}`, nil},
		"one empty":          {`{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": []}]}`, nil},
	} {
		var e wire.Embedding
		if err := json.Unmarshal([]byte(c.body), &e); err != nil {
			t.Fatal(err)
		}
		got := e.InOrder(2)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
			continue
		}
		for i, want := range c.want {
			if got[i][0] != want {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	}
}
