package media

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"tania/internal/knowledge/source/fetch"
)

// Bounds of one file. WhatsApp, which allows the largest of the messengers, takes recordings and pictures of up to 16 MB
// (https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media).
const (
	mostBytes    = 16 << 20
	downloadTime = 20 * time.Second
)

// storagePath is where Chatwoot serves files, or redirects to where they are (Rails' ActiveStorage).
const storagePath = "/rails/active_storage/"

// errElsewhere is for files that are not Chatwoot's: the address in a webhook is not asked as it stands.
var errElsewhere = errors.New("the file is not one of the account's Chatwoot")

// files asks one Chatwoot for files.
type files struct {
	base    *url.URL
	storage map[string]bool
	fetcher *fetch.Fetcher
}

func newFiles(base *url.URL, storage []string) (*files, error) {
	if base == nil {
		return nil, errors.New("files need Chatwoot's address")
	}
	f := &files{base: base, storage: map[string]bool{}}
	for _, s := range storage {
		f.storage[strings.ToLower(s)] = true
	}
	fetcher, err := fetch.New(fetch.Options{
		Private: append([]string{base.Host}, storage...), MaxBytes: mostBytes, Timeout: downloadTime,
		// The reader tries again by itself, and one conversation's files are no crawl.
		Tries: 1, Pause: time.Nanosecond, Redirect: f.redirected,
	})
	f.fetcher = fetcher
	return f, err
}

// get downloads a file. Of the address only what stands behind Chatwoot's own is used: its host is what Chatwoot calls itself, which may be
// another name than the one that it has here, or anything in a webhook that is not Chatwoot's.
func (f *files) get(ctx context.Context, address string) (*fetch.Answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errElsewhere
	}
	at := strings.Index(u.EscapedPath(), storagePath)
	if at < 0 || path.Clean(u.Path) != u.Path {
		return nil, errElsewhere
	}
	to := strings.TrimRight(f.base.String(), "/") + u.EscapedPath()[at:]
	if u.RawQuery != "" {
		to += "?" + u.RawQuery
	}
	got, err := f.fetcher.Get(ctx, fetch.Request{URL: to})
	if _, answered := errors.AsType[fetch.StatusError](err); err != nil && !answered && !refused(err) {
		return nil, passing{err}
	}
	return got, err
}

// refused reports whether a download failed for a reason that stays.
func refused(err error) bool {
	for _, final := range []error{fetch.ErrTooLarge, fetch.ErrPrivate, fetch.ErrAddress, fetch.ErrRedirect} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}

// redirected lets Chatwoot send a request on, to itself or to its storage, and the storage to itself alone.
func (f *files) redirected(to *url.URL, via []*http.Request) error {
	from := via[len(via)-1].URL
	switch {
	case from.Host != f.base.Host:
		if to.Host != from.Host || to.Scheme != from.Scheme {
			return fmt.Errorf("the storage %w", fetch.ErrRedirect)
		}
	case strings.HasPrefix(to.Path, storagePath) && to.Host != f.base.Host && !f.stored(to):
		// Files on Chatwoot's own disk: it names itself as customers see it.
		to.Scheme, to.Host = f.base.Scheme, f.base.Host
	case from.Scheme == "https" && to.Scheme != "https" && !f.stored(to):
		return fmt.Errorf("without encryption, Chatwoot %w", fetch.ErrRedirect)
	}
	return nil
}

// stored reports whether a host is named as Chatwoot's storage.
func (f *files) stored(u *url.URL) bool {
	return f.storage[strings.ToLower(u.Host)] || f.storage[strings.ToLower(u.Hostname())]
}
