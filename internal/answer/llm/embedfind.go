package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"tania/internal/lazyregexp"
)

// DefaultEmbeddingModel is OpenAI's, and asked for where a server does not list what it has: those of one model take any name.
const DefaultEmbeddingModel = "text-embedding-3-small"

// ErrNoEmbeddings is said of a server that makes no embeddings.
var ErrNoEmbeddings = errors.New("the server has no model of embeddings")

// mostCandidates are tried of the models that a server lists.
const mostCandidates = 3

// namesOfEmbeddings is what models of embeddings are called.
var namesOfEmbeddings = lazyregexp.New(`(?i)embed|\b(?:bge|e5|gte|minilm|arctic)\b`)

// EmbeddingModel finds a model of the server's that makes embeddings, of those that it lists by a name that such models have: it asks for
// that of one word. Its error is ErrNoEmbeddings where there is none; after any other, asking again may help.
func (a *OpenAI) EmbeddingModel(ctx context.Context) (string, error) {
	if err := a.checkBudget(ctx); err != nil {
		return "", err
	}
	names, err := a.candidates(ctx)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		_, _, f := a.embed(ctx, name, []string{"hello"})
		if f == nil {
			return name, nil
		}
		if !f.refusesForGood() {
			return "", fmt.Errorf("llm: embeddings: %w", errors.Join(ErrUnavailable, f))
		}
	}
	return "", fmt.Errorf("llm: %w", ErrNoEmbeddings)
}

// refusesForGood reports whether a server would say the same another time.
func (f *failure) refusesForGood() bool {
	switch f.status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	case http.StatusNotImplemented, http.StatusOK:
		return true
	}
	return f.status >= 300 && f.status < 500
}

// candidates are the models that may make embeddings, the likeliest first.
func (a *OpenAI) candidates(ctx context.Context) ([]string, error) {
	ctx, done := context.WithTimeout(ctx, a.options.Timeout)
	defer done()
	status, body, err := a.server.get(ctx, pathModels)
	if err != nil {
		return nil, fmt.Errorf("llm: models: %w", errors.Join(ErrUnavailable, errors.New(a.server.withoutSecrets(err.Error()))))
	}
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	switch {
	case status >= 500 && status != http.StatusNotImplemented, status == http.StatusTooManyRequests, status == http.StatusUnauthorized:
		return nil, fmt.Errorf("llm: models: %w: status %d", ErrUnavailable, status)
	case status != http.StatusOK || json.Unmarshal(body, &list) != nil || len(list.Data) == 0:
		return []string{DefaultEmbeddingModel}, nil
	}
	var names []string
	for _, m := range list.Data {
		switch {
		case m.ID == DefaultEmbeddingModel:
			names = slices.Insert(names, 0, m.ID)
		case namesOfEmbeddings.MatchString(m.ID):
			names = append(names, m.ID)
		}
	}
	return names[:min(mostCandidates, len(names))], nil
}

// get reads a list of the server's.
func (s *server) get(ctx context.Context, path string) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, nil)
	if err != nil {
		return 0, nil, err
	}
	if s.key != "" {
		req.Header.Set("Authorization", "Bearer "+s.key)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	body, err = io.ReadAll(io.LimitReader(res.Body, mostBytes))
	return res.StatusCode, body, err
}
