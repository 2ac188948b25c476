package operator

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/users"
)

// Users are what operators do to those who sign in by name. users.Users is one.
type Users interface {
	List(ctx context.Context) ([]users.User, error)
	Add(ctx context.Context, name string, role tania.Role, password string) error
	Remove(ctx context.Context, name string) error
	SetRole(ctx context.Context, name string, role tania.Role) error
	SetPassword(ctx context.Context, name, password string) error
}

// UserChange is the body of a request that adds or changes a user; what is empty stays.
type UserChange struct {
	Name     string     `json:"name,omitempty"`
	Role     tania.Role `json:"role,omitempty"`
	Password string     `json:"password,omitempty"`
}

// remoteUsers are those of a running process, through its routes.
type remoteUsers struct{ *remote }

// RemoteUsers speaks to the process at an address; token is its ADMIN_TOKEN, if it has one.
func RemoteUsers(base, token string) Users { return remoteUsers{newRemote(base, token)} }

// List implements Users.
func (r remoteUsers) List(ctx context.Context) ([]users.User, error) {
	var answer struct{ Users []users.User }
	err := r.call(ctx, http.MethodGet, "/admin/users", nil, &answer)
	return answer.Users, err
}

// Add implements Users.
func (r remoteUsers) Add(ctx context.Context, name string, role tania.Role, password string) error {
	return r.call(ctx, http.MethodPost, "/admin/users", UserChange{name, role, password}, nil)
}

// Remove implements Users.
func (r remoteUsers) Remove(ctx context.Context, name string) error {
	return unknown(r.call(ctx, http.MethodDelete, userPath(name), nil, nil))
}

// SetRole implements Users.
func (r remoteUsers) SetRole(ctx context.Context, name string, role tania.Role) error {
	return unknown(r.call(ctx, http.MethodPost, userPath(name), UserChange{Role: role}, nil))
}

// SetPassword implements Users.
func (r remoteUsers) SetPassword(ctx context.Context, name, password string) error {
	return unknown(r.call(ctx, http.MethodPost, userPath(name), UserChange{Password: password}, nil))
}

func userPath(name string) string { return "/admin/users/" + url.PathEscape(name) }

func unknown(err error) error {
	if errors.Is(err, queue.ErrNotFound) {
		return users.ErrUnknown
	}
	return err
}
