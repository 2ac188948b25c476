package source

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"tania/internal/knowledge/source/fetch"
	"tania/internal/knowledge/source/formats"
	"tania/internal/knowledge/source/learned"
)

const (
	// mostPages is how many pages of a site are asked for.
	mostPages = 2000
	// mostSitemaps is how many sitemaps one may lead to.
	mostSitemaps = 50
)

// site is a web site while it is read: a page and those it leads to, or all that a sitemap names.
type site struct {
	fetcher *fetch.Fetcher
	depth   int
	// marks are those of the pages that were read before.
	marks map[string]learned.Mark

	reading learned.Reading
	// next are the addresses to read, with how far from the first they are; seen are those and the ones that were read.
	next []step
	seen map[string]bool
	host string
}

type step struct {
	address string
	depth   int
}

// open reads the first address. That was named by a person; what it leads to is read as robots.txt allows.
func (s *site) open(ctx context.Context, address string) (*fetch.Answer, error) {
	return s.fetcher.Get(ctx, s.request(step{address: address}))
}

// request asks for a page only if it changed; for one whose links are wanted and not known, in any case.
func (s *site) request(page step) fetch.Request {
	r := fetch.Request{URL: page.address, Accept: accepted}
	if had := s.marks[page.address]; page.depth == s.depth || len(had.Links) > 0 {
		r.ETag, r.LastModified = had.ETag, had.LastModified
	}
	return r
}

// unchanged keeps a page as it is, and lines up what it links to.
func (s *site) unchanged(page step) {
	s.reading.Unchanged = append(s.reading.Unchanged, page.address)
	s.lineUpAll(s.marks[page.address].Links, page.depth)
}

const accepted = "text/html, application/xhtml+xml, text/markdown;q=0.9, text/plain;q=0.8, */*;q=0.5"

func (s *site) read(ctx context.Context, first *fetch.Answer) (learned.Reading, error) {
	at, err := url.Parse(first.URL)
	if err != nil {
		return learned.Reading{}, fmt.Errorf("source: %w", err)
	}
	s.host, s.seen = at.Host, map[string]bool{first.URL: true}
	if first.NotModified {
		s.unchanged(step{address: first.URL})
	} else if isSitemap(first) {
		if err := s.follow(ctx, first); err != nil {
			return learned.Reading{}, err
		}
	} else if err := s.take(first, 0); err != nil {
		return learned.Reading{}, err
	}
	for read := 1; len(s.next) > 0; read++ {
		if read == mostPages {
			s.reading.Partial = true
			s.reading.Notes = append(s.reading.Notes, fmt.Sprintf("%s has more than %d pages: the first are read", s.host, mostPages))
			break
		}
		page := s.next[0]
		s.next = s.next[1:]
		if err := s.visit(ctx, page); err != nil {
			return learned.Reading{}, err
		}
	}
	return s.reading, nil
}

// visit reads a page. One that is not there has vanished; one that is not read now keeps its last copy. The error is the caller's end.
func (s *site) visit(ctx context.Context, page step) error {
	request := s.request(page)
	request.Robots = true
	answer, err := s.fetcher.Get(ctx, request)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case fetch.Gone(err), errors.Is(err, fetch.ErrDisallowed):
		return nil
	case err != nil:
		s.reading.Add(learned.Document{ID: page.address}, err)
		return nil
	}
	if answer.NotModified {
		s.unchanged(page)
		return nil
	}
	if at, err := url.Parse(answer.URL); err != nil || at.Host != s.host {
		return nil // sent on to another site
	}
	if answer.URL != page.address && s.seen[answer.URL] {
		return nil // sent on to a page that is read as itself
	}
	s.seen[answer.URL] = true
	err = s.take(answer, page.depth)
	if errors.Is(err, formats.ErrKind) {
		return nil // a picture, say
	}
	if err != nil {
		s.reading.Add(learned.Document{ID: answer.URL}, err)
	}
	return nil
}

// take keeps a page's text, and lines up what it links to.
func (s *site) take(a *fetch.Answer, depth int) error {
	t, err := formats.Read(formats.File{Name: a.URL, Type: a.ContentType, Content: a.Body})
	if err != nil {
		return err
	}
	d := learned.Document{
		ID: a.URL, Source: a.URL, Title: t.Title, Text: t.Markdown,
		Mark: learned.Mark{ETag: a.ETag, LastModified: a.LastModified},
	}
	if depth < s.depth {
		d.Links = t.Links
		s.lineUpAll(t.Links, depth)
	}
	if d.Title == "" {
		d.Title = path.Base(a.URL)
	}
	s.reading.Add(d, nil)
	return nil
}

// lineUpAll remembers the pages that one leads to, as far as they are wanted.
func (s *site) lineUpAll(links []string, depth int) {
	if depth == s.depth {
		return
	}
	for _, link := range links {
		s.lineUp(link, depth+1)
	}
}

// lineUp remembers an address of the site, once. There is no end to the addresses of a calendar: those that wait are bounded too.
func (s *site) lineUp(address string, depth int) {
	u, err := url.Parse(address)
	if err != nil || u.Host != s.host || s.seen[address] || len(s.seen) > 2*mostPages {
		return
	}
	s.seen[address] = true
	s.next = append(s.next, step{address, depth})
}

func isSitemap(a *fetch.Answer) bool {
	u, err := url.Parse(a.URL)
	if err == nil && strings.HasSuffix(u.Path, ".xml") {
		return true
	}
	return strings.Contains(a.ContentType, "xml") && !strings.Contains(a.ContentType, "html")
}

// sitemap is a list of pages, or of other sitemaps (sitemaps.org).
type sitemap struct {
	Pages    []string `xml:"url>loc"`
	Sitemaps []string `xml:"sitemap>loc"`
}

var errSitemap = errors.New("is no sitemap")

// follow lines up the pages of a sitemap and of those that it leads to. One that cannot be read is an error: its pages would seem to have
// vanished.
func (s *site) follow(ctx context.Context, first *fetch.Answer) error {
	waiting, seen := []*fetch.Answer{first}, map[string]bool{first.URL: true}
	for len(waiting) > 0 {
		var m sitemap
		if err := xml.Unmarshal(waiting[0].Body, &m); err != nil || len(m.Pages)+len(m.Sitemaps) == 0 {
			return fmt.Errorf("source: %s %w", waiting[0].URL, errSitemap)
		}
		waiting = waiting[1:]
		for _, p := range m.Pages {
			s.lineUp(strings.TrimSpace(p), s.depth) // what they link to is not followed
		}
		for _, other := range m.Sitemaps {
			other = strings.TrimSpace(other)
			if seen[other] {
				continue
			}
			if len(seen) == mostSitemaps {
				s.reading.Partial = true
				break
			}
			seen[other] = true
			answer, err := s.fetcher.Get(ctx, fetch.Request{URL: other, Robots: true})
			if err != nil {
				return err
			}
			waiting = append(waiting, answer)
		}
	}
	return nil
}
