package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

// robotsAge is how long a robots.txt is remembered (RFC 9309 allows a day).
const robotsAge = time.Hour

// mostRobots is how much of a robots.txt is read (RFC 9309 wants 500 KiB at least).
const mostRobots = 512 << 10

// robots knows what hosts let programs read.
type robots struct {
	fetcher *Fetcher
	mu      sync.Mutex
	sites   map[string]*site
}

// site is one robots.txt.
type site struct {
	read  time.Time
	group *robotstxt.Group // nil where everything is allowed
	err   error
}

func newRobots(f *Fetcher) *robots { return &robots{fetcher: f, sites: map[string]*site{}} }

// allow is nil where the host's robots.txt lets this program read the page.
func (r *robots) allow(ctx context.Context, u *url.URL) error {
	key := u.Scheme + "://" + u.Host
	now := r.fetcher.options.Now()
	r.mu.Lock()
	s := r.sites[key]
	r.mu.Unlock()
	if s == nil || now.Sub(s.read) > robotsAge {
		s = r.load(ctx, key)
		s.read = now
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.mu.Lock()
		r.sites[key] = s
		r.mu.Unlock()
		if s.group != nil {
			r.fetcher.pace.slow(u.Host, s.group.CrawlDelay)
		}
	}
	switch {
	case s.err != nil:
		return s.err
	case s.group != nil && !s.group.Test(u.RequestURI()):
		return fmt.Errorf("fetch: %s %w", u, ErrDisallowed)
	}
	return nil
}

// load reads a robots.txt. One that is not there allows everything, one that cannot be read nothing (RFC 9309, 2.3.1).
func (r *robots) load(ctx context.Context, key string) *site {
	answer, err := r.fetcher.Get(ctx, Request{URL: key + "/robots.txt"})
	if status, ok := errors.AsType[StatusError](err); ok && status.missing() {
		return &site{}
	}
	if errors.Is(err, ErrPrivate) {
		return &site{err: err}
	}
	if err != nil {
		return &site{err: fmt.Errorf("%s %w: %w", key, errRobotsAway, err)}
	}
	data, err := robotstxt.FromBytes(answer.Body[:min(len(answer.Body), mostRobots)])
	if err != nil {
		return &site{} // what is not a robots.txt says nothing
	}
	return &site{group: data.FindGroup(r.fetcher.options.UserAgent)}
}
