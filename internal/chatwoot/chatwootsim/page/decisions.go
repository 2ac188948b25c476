package page

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// errNotAsked says that there is nobody to ask.
var errNotAsked = errors.New("chatwootsim: neither Decisions nor TaniaURL is set")

// decisions gives Tania's records of a conversation as its admin route answers them.
func (s *pageServer) decisions(ctx context.Context, key tania.ConversationKey) ([]byte, error) {
	if s.Options.Decisions != nil {
		return s.Options.Decisions(ctx, key)
	}
	if s.Options.TaniaURL == "" {
		return nil, errNotAsked
	}
	address := fmt.Sprintf("%s/admin/conversations/%d/%d", strings.TrimRight(s.Options.TaniaURL, "/"), key.Account, key.Conversation)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("chatwootsim: decisions: %w", err)
	}
	token := s.Options.AdminToken
	if token == "" && s.Options.FindAdminToken != nil {
		token = s.Options.FindAdminToken()
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := s.Client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("chatwootsim: decisions: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 4<<20))
	switch {
	case err != nil:
		return nil, fmt.Errorf("chatwootsim: decisions: %w", err)
	case answer.StatusCode == http.StatusNotFound:
		return nil, chatwootsim.ErrNoDecisions
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("chatwootsim: decisions: %s answers %s", s.Options.TaniaURL, answer.Status)
	}
	return body, nil
}
