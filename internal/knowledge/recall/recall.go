// Package recall measures how many of the passages that conversations need are found for them.
package recall

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tania/internal/knowledge"
)

// Set is what is measured on.
type Set struct {
	Documents []knowledge.Passage
	Queries   []Query
}

// Query is a conversation: what the customer says in it, and the ids of the documents that its answers need.
type Query struct {
	ID        string   `json:"id"`
	Sentences []string `json:"sentences"`
	Required  []string `json:"required"`
}

// Load reads a folder: all *documents*.jsonl (id, title, text) and all *queries*.jsonl in it.
func Load(dir string) (Set, error) {
	var s Set
	if err := readAll(dir, "*documents*.jsonl", &s.Documents); err != nil {
		return s, err
	}
	return s, readAll(dir, "*queries*.jsonl", &s.Queries)
}

func readAll[T any](dir, pattern string, to *[]T) error {
	paths, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return fmt.Errorf("%s has no %s", dir, pattern)
	}
	for _, path := range paths {
		if err := readLines(path, to); err != nil {
			return err
		}
	}
	return nil
}

func readLines[T any](path string, to *[]T) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
		*to = append(*to, v)
	}
	return lines.Err()
}

// Report is what was found: the share of the documents that a query requires which are among the first k found for any of its sentences,
// on average over the queries. In a conversation each sentence has those before it, and what was found for them is not found again;
// alone it has nothing.
type Report struct {
	Documents    int    `json:"documents"`
	Queries      int    `json:"queries"`
	Conversation Shares `json:"conversation"`
	Alone        Shares `json:"alone"`
	// Misses are queries of which a document was not among the first 20 in the conversation.
	Misses []Miss `json:"misses,omitempty"`
}

// Shares are the recall by the number of passages looked at.
type Shares struct {
	At10 float64 `json:"recall@10"`
	At20 float64 `json:"recall@20"`
}

// Miss is what was not found for a query.
type Miss struct {
	Query   string   `json:"query"`
	Missing []string `json:"missing"`
	Found   int      `json:"found"`
	First   string   `json:"first_sentence"`
}

// Measure evaluates a set with an index of its own, in a temporary folder.
func Measure(ctx context.Context, s Set, by Vectors) (Report, error) {
	dir, err := os.MkdirTemp("", "tania-knowledge-")
	if err != nil {
		return Report{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	index, err := knowledge.Open(filepath.Join(dir, "index"))
	if err != nil {
		return Report{}, err
	}
	defer func() { _ = index.Close() }()
	if err := index.Apply(knowledge.Change{Put: s.Documents}); err != nil {
		return Report{}, err
	}
	return Evaluate(ctx, index, s, by)
}

// Evaluate searches the index, which must hold the set's documents: each sentence of a query as a turn of one conversation. With vectors
// the index learns what the documents mean; without, by nil, words alone decide.
func Evaluate(ctx context.Context, x *knowledge.Index, s Set, by Vectors) (Report, error) {
	r := Report{Documents: len(s.Documents), Queries: len(s.Queries)}
	if len(s.Queries) == 0 {
		return r, errors.New("there are no queries")
	}
	meant, err := learn(ctx, x, s, by)
	if err != nil {
		return r, err
	}
	for _, q := range s.Queries {
		if len(q.Required) == 0 || len(q.Sentences) == 0 {
			return r, fmt.Errorf("query %q has no sentence or requires no document", q.ID)
		}
		alone, err := turns(x, q, meant, 20, false)
		if err != nil {
			return r, err
		}
		r.Alone.At10 += share(q, missing(q, alone, 10))
		r.Alone.At20 += share(q, missing(q, alone, 20))
		for k, to := range map[int]*float64{10: &r.Conversation.At10, 20: &r.Conversation.At20} {
			session, err := turns(x, q, meant, k, true)
			if err != nil {
				return r, err
			}
			missing := missing(q, session, k)
			*to += share(q, missing)
			if k == 20 && len(missing) > 0 {
				r.Misses = append(r.Misses, Miss{q.ID, missing, len(q.Required) - len(missing), q.Sentences[0]})
			}
		}
	}
	for _, shares := range []*Shares{&r.Conversation, &r.Alone} {
		shares.At10 /= float64(len(s.Queries))
		shares.At20 /= float64(len(s.Queries))
	}
	return r, nil
}

// turns gives the ids of the k documents found for each sentence, in a session without those found before.
func turns(x *knowledge.Index, q Query, meant meanings, k int, session bool) ([][]string, error) {
	var shown []string
	found := make([][]string, len(q.Sentences))
	for i, sentence := range q.Sentences {
		query := knowledge.Query{Text: sentence, Vector: meant[sentence]}
		if session {
			query.Before, query.Shown = q.Sentences[:i], shown
		}
		hits, err := x.Search(query, k)
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			found[i] = append(found[i], h.Passage.ID)
		}
		shown = append(shown, found[i]...)
	}
	return found, nil
}

// missing gives the required documents that are among the first k of no sentence.
func missing(q Query, found [][]string, k int) []string {
	return slices.DeleteFunc(slices.Clone(q.Required), func(id string) bool {
		return slices.ContainsFunc(found, func(ids []string) bool { return slices.Contains(ids[:min(k, len(ids))], id) })
	})
}

func share(q Query, missing []string) float64 {
	return 1 - float64(len(missing))/float64(len(q.Required))
}
