package operator

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"tania/internal/audit"
)

// Audit is what operators read of the audit log. audit.Log is one.
type Audit interface {
	// List gives the entries since a time, the newest first; the zero time: all.
	List(ctx context.Context, since time.Time) ([]audit.Entry, error)
}

// remoteAudit is that of a running process, through its route.
type remoteAudit struct{ *remote }

// RemoteAudit speaks to the process at an address; token is its ADMIN_TOKEN, if it has one.
func RemoteAudit(base, token string) Audit { return remoteAudit{newRemote(base, token)} }

// List implements Audit.
func (r remoteAudit) List(ctx context.Context, since time.Time) ([]audit.Entry, error) {
	path := "/admin/audit"
	if !since.IsZero() {
		path += "?since=" + url.QueryEscape(since.UTC().Format(time.RFC3339))
	}
	var answer struct{ Audit []audit.Entry }
	err := r.call(ctx, http.MethodGet, path, nil, &answer)
	return answer.Audit, err
}

// Deed is what a command did beside the store, for the audit log.
type Deed struct {
	Action audit.Action `json:"action"`
	On     string       `json:"on,omitempty"`
	By     string       `json:"by,omitempty"`
}

// NoteRemotely has the process at an address note what a command did.
func NoteRemotely(ctx context.Context, base, token string, did Deed) error {
	return newRemote(base, token).call(ctx, http.MethodPost, "/admin/audit", did, nil)
}
