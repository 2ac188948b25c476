package operator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"tania/internal/cache"
	"tania/internal/cache/store"
	"tania/internal/language"
	"tania/internal/tania"
)

// Question is one to be explained. Where Inbox or Language is not set, those are taken that have most entries or that the text tells.
type Question struct {
	Text     string         `json:"question"`
	Inbox    tania.InboxID  `json:"inbox,omitempty"`
	Language tania.Language `json:"language,omitempty"`
	Audience string         `json:"audience,omitempty"`
}

// Cache is what operators do to the semantic cache, of this process or of a running one.
type Cache interface {
	Stats(ctx context.Context) (cache.Stats, error)
	List(ctx context.Context, limit int) ([]store.Entry, error)
	// Show gives cache.ErrUnknown for an unknown id.
	Show(ctx context.Context, id string) (cache.Shown, error)
	Explain(ctx context.Context, q Question) (cache.Explanation, error)
	Clear(ctx context.Context) (int, error)
	Invalidate(ctx context.Context, s cache.Selection) (int, error)
	WarmUp(ctx context.Context) (cache.Warmed, error)
}

// local is the cache of this process.
type local struct {
	cache *cache.Cache
	scope func(tania.InboxID, tania.Language, string) store.Scope
}

// Local gives operators the cache of this process. scope makes the scope of an inbox, a language and an audience.
func Local(c *cache.Cache, scope func(tania.InboxID, tania.Language, string) store.Scope) Cache {
	return local{c, scope}
}

// Stats implements Cache.
func (l local) Stats(ctx context.Context) (cache.Stats, error) { return l.cache.Stats(ctx) }

// List implements Cache.
func (l local) List(ctx context.Context, limit int) ([]store.Entry, error) {
	return l.cache.List(ctx, limit), nil
}

// Show implements Cache.
func (l local) Show(ctx context.Context, id string) (cache.Shown, error) {
	return l.cache.Show(ctx, id)
}

// Explain implements Cache.
func (l local) Explain(ctx context.Context, q Question) (cache.Explanation, error) {
	if q.Text == "" {
		return cache.Explanation{}, fmt.Errorf("%w: question: want a text", cache.ErrSelection)
	}
	lang := cmp.Or(q.Language, language.Detect(q.Text))
	if q.Inbox != 0 && lang != "" {
		return l.cache.Explain(ctx, l.scope(q.Inbox, lang, q.Audience), q.Text), nil
	}
	for _, s := range l.cache.Scopes() {
		if (q.Inbox == 0 || s.Inbox == q.Inbox) && (lang == "" || s.Language == lang) && s.Audience == q.Audience {
			return l.cache.Explain(ctx, s.Scope, q.Text), nil
		}
	}
	return l.cache.Explain(ctx, l.scope(q.Inbox, cmp.Or(lang, tania.Spanish), q.Audience), q.Text), nil
}

// Clear implements Cache.
func (l local) Clear(ctx context.Context) (int, error) { return l.cache.Clear(ctx) }

// Invalidate implements Cache.
func (l local) Invalidate(ctx context.Context, s cache.Selection) (int, error) {
	return l.cache.Invalidate(ctx, s)
}

// WarmUp implements Cache.
func (l local) WarmUp(ctx context.Context) (cache.Warmed, error) { return l.cache.WarmUp(ctx) }

// remoteCache is the cache of a running process, through its routes.
type remoteCache struct{ *remote }

// RemoteCache speaks to the process at an address; token is its ADMIN_TOKEN, if it has one.
func RemoteCache(base, token string) Cache { return remoteCache{newRemote(base, token)} }

// Stats implements Cache.
func (r remoteCache) Stats(ctx context.Context) (cache.Stats, error) {
	var answer struct{ Cache cache.Stats }
	err := r.call(ctx, http.MethodGet, "/chatwoot/stats", nil, &answer)
	return answer.Cache, err
}

// List implements Cache.
func (r remoteCache) List(ctx context.Context, limit int) ([]store.Entry, error) {
	var answer struct{ Entries []store.Entry }
	err := r.call(ctx, http.MethodGet, "/admin/cache?limit="+strconv.Itoa(max(0, limit)), nil, &answer)
	return answer.Entries, err
}

// Show implements Cache.
func (r remoteCache) Show(ctx context.Context, id string) (s cache.Shown, err error) {
	err = r.call(ctx, http.MethodGet, "/admin/cache/entries/"+url.PathEscape(id), nil, &s)
	if errors.Is(err, errNotFound) {
		err = cache.ErrUnknown
	}
	return s, err
}

// Explain implements Cache.
func (r remoteCache) Explain(ctx context.Context, q Question) (x cache.Explanation, err error) {
	err = r.call(ctx, http.MethodPost, "/admin/cache/explain", q, &x)
	return x, err
}

// Clear implements Cache.
func (r remoteCache) Clear(ctx context.Context) (int, error) {
	var answer struct{ Cleared int }
	err := r.call(ctx, http.MethodPost, "/chatwoot/cache/clear", nil, &answer)
	return answer.Cleared, err
}

// Invalidate implements Cache.
func (r remoteCache) Invalidate(ctx context.Context, s cache.Selection) (int, error) {
	var answer struct{ Invalidated int }
	err := r.call(ctx, http.MethodPost, "/admin/cache/invalidate", s, &answer)
	return answer.Invalidated, err
}

// WarmUp implements Cache.
func (r remoteCache) WarmUp(ctx context.Context) (w cache.Warmed, err error) {
	err = r.call(ctx, http.MethodPost, "/admin/cache/warm", nil, &w)
	return w, err
}

// encode makes a request's body; nil has none.
func encode(body any) (*bytes.Reader, error) {
	if body == nil {
		return bytes.NewReader(nil), nil
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("operator: %w", err)
	}
	return bytes.NewReader(text), nil
}
