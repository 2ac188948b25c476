package chatwootsim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"tania/internal/tania"
)

// ErrNoDecisions says that Tania knows nothing of a conversation yet.
var ErrNoDecisions = errors.New("chatwootsim: no decisions yet")

// errNotAsked says that there is nobody to ask.
var errNotAsked = errors.New("chatwootsim: neither Decisions nor TaniaURL is set")

// decisions gives Tania's records of a conversation as its admin route answers them.
func (s *Server) decisions(ctx context.Context, key tania.ConversationKey) ([]byte, error) {
	if s.o.Decisions != nil {
		return s.o.Decisions(ctx, key)
	}
	if s.o.TaniaURL == "" {
		return nil, errNotAsked
	}
	address := fmt.Sprintf("%s/admin/conversations/%d/%d", strings.TrimRight(s.o.TaniaURL, "/"), key.Account, key.Conversation)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("chatwootsim: decisions: %w", err)
	}
	token := s.o.AdminToken
	if token == "" && s.o.FindAdminToken != nil {
		token = s.o.FindAdminToken()
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("chatwootsim: decisions: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 4<<20))
	switch {
	case err != nil:
		return nil, fmt.Errorf("chatwootsim: decisions: %w", err)
	case answer.StatusCode == http.StatusNotFound:
		return nil, ErrNoDecisions
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("chatwootsim: decisions: %s answers %s", s.o.TaniaURL, answer.Status)
	}
	return body, nil
}
