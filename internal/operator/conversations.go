package operator

import (
	"context"
	"net/http"

	"tania/internal/conversations"
	"tania/internal/privacy"
)

// Conversations finds conversations.
type Conversations interface {
	Find(ctx context.Context, f conversations.Filter) (conversations.Found, error)
}

type localConversations struct {
	store conversations.Store
	mask  privacy.Mask
}

// LocalConversations searches a store, with what is to be hidden hidden.
func LocalConversations(store conversations.Store, mask privacy.Mask) Conversations {
	return localConversations{store, mask}
}

// Find implements Conversations.
func (l localConversations) Find(ctx context.Context, f conversations.Filter) (conversations.Found, error) {
	return conversations.Find(ctx, l.store, f, l.mask)
}

type remoteConversations struct{ *remote }

// RemoteConversations speaks to the process at an address; token is its ADMIN_TOKEN, if it has one.
func RemoteConversations(base, token string) Conversations {
	return remoteConversations{newRemote(base, token)}
}

// Find implements Conversations.
func (r remoteConversations) Find(ctx context.Context, f conversations.Filter) (found conversations.Found, err error) {
	err = r.call(ctx, http.MethodGet, "/admin/conversations?"+f.Query().Encode(), nil, &found)
	return found, err
}
