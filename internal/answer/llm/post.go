package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// mostBytes bounds what is read of an answer.
const mostBytes = 4 << 20

// The paths of the endpoints.
const (
	pathChat      = "/chat/completions"
	pathEmbedding = "/embeddings"
	pathModels    = "/models"
)

// post makes one call and reads its answer. status is 0 when none came.
func (s *server) post(ctx context.Context, path string, r any) (status int, header http.Header, body []byte, err error) {
	sent, err := json.Marshal(r)
	if err != nil {
		return 0, nil, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+path, bytes.NewReader(sent))
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("User-Agent", "tania")
	if s.key != "" {
		req.Header.Set("Authorization", "Bearer "+s.key)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	body, err = io.ReadAll(io.LimitReader(res.Body, mostBytes))
	return res.StatusCode, res.Header, body, err
}
