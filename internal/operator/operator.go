// Package operator is what people do to a running queue: pause and resume it, look at it, deal with dead letters. With
// Redis it works on the store, so on every process at once and when none is up; else through the process that has the file.
package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Queue is the part of queue.Queue that operators need. An engine is one.
type Queue interface {
	Pause(ctx context.Context, by string) (bool, error)
	Resume(ctx context.Context, by string) (bool, error)
	Stats(ctx context.Context) (queue.Stats, error)
	Dead(ctx context.Context, limit int) ([]queue.DeadTurn, error)
	DeadTurn(ctx context.Context, id tania.TurnID) (queue.DeadTurn, error)
	RetryDead(ctx context.Context, id tania.TurnID) error
	DiscardDead(ctx context.Context, id tania.TurnID) error
	Forget(ctx context.Context, account tania.AccountID, contact tania.ContactID, also ...func(context.Context) error) (queue.Forgotten, error)
}

// remote is the queue of a running process, through its routes.
type remote struct {
	base, token string
	client      *http.Client
}

// Remote speaks to the process at an address, http://127.0.0.1:8787 for example; token is its ADMIN_TOKEN, if it has one.
func Remote(base, token string) Queue { return newRemote(base, token) }

func newRemote(base, token string) *remote {
	return &remote{base: strings.TrimRight(base, "/"), token: token, client: &http.Client{
		Timeout: patience,
		// The token is for that process alone.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// patience is how long an answer may take: a file that is written again after a contact was forgotten takes its time.
const patience = 2 * time.Minute

// everything is more dead letters than are kept: the route wants a number.
const everything = 1_000_000

// errNotFound is a 404.
var errNotFound = queue.ErrNotFound

// call sends a request, with a body of JSON unless it is nil, and reads the answer.
func (r *remote) call(ctx context.Context, method, path string, body, into any) error {
	content, err := encode(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, r.base+path, content)
	if err != nil {
		return fmt.Errorf("operator: %w", err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if r.token != "" {
		request.Header.Set("Authorization", "Bearer "+r.token)
	}
	answer, err := r.client.Do(request)
	if err != nil {
		return fmt.Errorf("tania does not answer (is it running there?): %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 64<<20))
	if err != nil {
		return fmt.Errorf("operator: %w", err)
	}
	switch {
	case answer.StatusCode == http.StatusNotFound:
		return queue.ErrNotFound
	case answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusAccepted:
		var said struct{ Error string }
		if json.Unmarshal(text, &said) != nil || said.Error == "" {
			said.Error = string(bytes.TrimSpace(text[:min(len(text), 200)]))
		}
		return fmt.Errorf("%s %s: %d: %s", method, path, answer.StatusCode, said.Error)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return errors.Join(errors.New("operator: an answer that is not Tania's"), err)
	}
	return nil
}

// Pause implements Queue. The process notes the address of the caller as by whom.
func (r *remote) Pause(ctx context.Context, _ string) (bool, error) { return r.set(ctx, "pause") }

// Resume implements Queue.
func (r *remote) Resume(ctx context.Context, _ string) (bool, error) { return r.set(ctx, "resume") }

func (r *remote) set(ctx context.Context, what string) (bool, error) {
	var answer struct{ Changed bool }
	err := r.call(ctx, http.MethodPost, "/chatwoot/queue/"+what, nil, &answer)
	return answer.Changed, err
}

// Stats implements Queue.
func (r *remote) Stats(ctx context.Context) (queue.Stats, error) {
	var answer struct{ Queue queue.Stats }
	err := r.call(ctx, http.MethodGet, "/chatwoot/stats", nil, &answer)
	return answer.Queue, err
}

// Dead implements Queue.
func (r *remote) Dead(ctx context.Context, limit int) ([]queue.DeadTurn, error) {
	if limit <= 0 {
		limit = everything
	}
	var answer struct{ Dead []queue.DeadTurn }
	err := r.call(ctx, http.MethodGet, fmt.Sprintf("/admin/dead?limit=%d", limit), nil, &answer)
	return answer.Dead, err
}

// DeadTurn implements Queue.
func (r *remote) DeadTurn(ctx context.Context, id tania.TurnID) (d queue.DeadTurn, err error) {
	err = r.call(ctx, http.MethodGet, dead(id), nil, &d)
	return d, err
}

// RetryDead implements Queue.
func (r *remote) RetryDead(ctx context.Context, id tania.TurnID) error {
	return r.call(ctx, http.MethodPost, dead(id)+"/retry", nil, nil)
}

// DiscardDead implements Queue.
func (r *remote) DiscardDead(ctx context.Context, id tania.TurnID) error {
	return r.call(ctx, http.MethodDelete, dead(id), nil, nil)
}

// Forget implements Queue. The process erases its own cache; also is called when it has.
func (r *remote) Forget(
	ctx context.Context, account tania.AccountID, contact tania.ContactID, also ...func(context.Context) error,
) (f queue.Forgotten, err error) {
	err = r.call(ctx, http.MethodPost, fmt.Sprintf("/admin/forget?account=%d&contact=%d", account, contact), nil, &f)
	for _, erase := range also {
		if err == nil {
			err = erase(ctx)
		}
	}
	return f, err
}

func dead(id tania.TurnID) string { return "/admin/dead/" + url.PathEscape(string(id)) }
