package operator

import (
	"context"
	"net/http"

	"tania/internal/bots/pauses"
)

// Pauses are where operators have bots silent: those of this process's store, which are a pauses.Board, or through a running one.
type Pauses interface {
	// List gives them, the oldest first.
	List(ctx context.Context) ([]pauses.Pause, error)
	// Pause adds one, and reports false where there is one of the same scope.
	Pause(ctx context.Context, p pauses.Pause) (bool, error)
	// Resume takes one away, and reports false where there is none of exactly this scope.
	Resume(ctx context.Context, s pauses.Scope, by string) (bool, error)
}

var _ Pauses = (*pauses.Board)(nil)

// remotePauses are the pauses as a running process has them, through its routes.
type remotePauses struct{ *remote }

// RemotePauses speaks to the process at an address; token is its ADMIN_TOKEN, if it has one.
func RemotePauses(base, token string) Pauses { return remotePauses{newRemote(base, token)} }

// List implements Pauses.
func (r remotePauses) List(ctx context.Context) ([]pauses.Pause, error) {
	var answer struct{ Pauses []pauses.Pause }
	err := r.call(ctx, http.MethodGet, "/admin/bot/pauses", nil, &answer)
	return answer.Pauses, err
}

// changed is whether a call changed anything.
type changed struct {
	Changed bool `json:"changed"`
}

// Pause implements Pauses.
func (r remotePauses) Pause(ctx context.Context, p pauses.Pause) (bool, error) {
	var answer changed
	err := r.call(ctx, http.MethodPost, "/admin/bot/pause", p, &answer)
	return answer.Changed, err
}

// Resume implements Pauses.
func (r remotePauses) Resume(ctx context.Context, s pauses.Scope, by string) (bool, error) {
	var answer changed
	err := r.call(ctx, http.MethodPost, "/admin/bot/resume", pauses.Pause{Scope: s, By: by}, &answer)
	return answer.Changed, err
}
