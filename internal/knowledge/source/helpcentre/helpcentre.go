// Package helpcentre reads the published articles of a Chatwoot help centre, in all its languages, from its public JSON.
package helpcentre

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tania/internal/knowledge/source/fetch"
	"tania/internal/knowledge/source/learned"
	"tania/internal/lazyregexp"
)

// Getter reads from the web.
type Getter interface {
	Get(ctx context.Context, r fetch.Request) (*fetch.Answer, error)
}

// Portal is a help centre: its address up to and with its slug, and a locale that it has.
type Portal struct {
	root   *url.URL
	locale string
}

var portalPath = lazyregexp.New(`^(.*?/hc/[^/]+)(?:/([a-z]{2,3}(?:[_-][A-Za-z]{2,4})?))?(?:/.*)?$`)

// Find gives the help centre that an address is of ("https://help.example.com/hc/shop", or any page below), and false for another address.
func Find(address string) (Portal, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return Portal{}, false
	}
	m := portalPath.FindStringSubmatch(u.EscapedPath())
	if m == nil {
		return Portal{}, false
	}
	root, err := (&url.URL{Scheme: u.Scheme, Host: u.Host}).Parse(m[1])
	return Portal{root: root, locale: m[2]}, err == nil
}

// String is the address of the help centre itself.
func (p Portal) String() string { return p.root.String() }

// Limits of one help centre.
const (
	mostArticles = 2000
	perPage      = 100
	mostLocales  = 50
)

// overview is the part that is needed of public/api/v1/models/_portal.json.
type overview struct {
	Categories []struct {
		Locale string `json:"locale"`
	} `json:"categories"`
	Meta struct {
		DefaultLocale string `json:"default_locale"`
	} `json:"meta"`
}

// list is the part that is needed of public/api/v1/portals/articles/index.json.
type list struct {
	Payload []article `json:"payload"`
	Meta    struct {
		Count int `json:"articles_count"`
	} `json:"meta"`
}

type article struct {
	ID          int64  `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Content     string `json:"content"`
	Status      string `json:"status"`
	Slug        string `json:"slug"`
}

// Read gives all articles. An error means that not all of them could be read.
func Read(ctx context.Context, g Getter, p Portal) (learned.Reading, error) {
	locales, err := p.locales(ctx, g)
	if err != nil {
		return learned.Reading{}, err
	}
	r, seen := learned.Reading{}, map[int64]bool{}
	for _, locale := range locales {
		if err := p.readLocale(ctx, g, locale, seen, &r); err != nil {
			return learned.Reading{}, err
		}
	}
	if r.Partial {
		r.Notes = append(r.Notes, fmt.Sprintf("%s has more than %d articles: the first are read", p.root, mostArticles))
	}
	return r, nil
}

// locales are the portal's: the one of the address, the default, and those of its categories.
func (p Portal) locales(ctx context.Context, g Getter) ([]string, error) {
	address := p.root
	if p.locale != "" {
		address = address.JoinPath(p.locale)
	}
	var o overview
	if err := getJSON(ctx, g, address, &o); err != nil {
		return nil, err
	}
	found := []string{o.Meta.DefaultLocale, p.locale}
	for _, c := range o.Categories {
		found = append(found, c.Locale)
	}
	var locales []string
	for _, l := range found {
		if l != "" && !slices.Contains(locales, l) && len(locales) < mostLocales {
			locales = append(locales, l)
		}
	}
	if len(locales) == 0 {
		return nil, fmt.Errorf("helpcentre: %s names no language of its articles", address)
	}
	return locales, nil
}

// readLocale reads the pages of a locale's list. Versions of Chatwoot that have no pages give all articles each time: the list ends where
// a page brings nothing new.
func (p Portal) readLocale(ctx context.Context, g Getter, locale string, seen map[int64]bool, r *learned.Reading) error {
	for page, read := 1, 0; ; page++ {
		address := p.root.JoinPath(locale, "articles")
		address.RawQuery = url.Values{"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(perPage)}}.Encode()
		var l list
		if err := getJSON(ctx, g, address, &l); err != nil {
			return err
		}
		news := false
		for _, a := range l.Payload {
			if seen[a.ID] {
				continue
			}
			if len(r.Documents) == mostArticles {
				r.Partial = true
				return nil
			}
			seen[a.ID], news = true, true
			if d, ok := p.document(a); ok {
				r.Documents = append(r.Documents, d)
			}
		}
		if read += len(l.Payload); !news || read >= l.Meta.Count {
			return nil
		}
	}
}

// document is an article as it is kept, false for one without a text.
func (p Portal) document(a article) (learned.Document, bool) {
	text := strings.TrimSpace(a.Content)
	if text == "" || a.Status != "" && a.Status != "published" {
		return learned.Document{}, false
	}
	if d := strings.TrimSpace(a.Description); d != "" && !strings.Contains(text, d) {
		text = d + "\n\n" + text
	}
	place := p.root // of a Chatwoot that does not say where the article is
	if a.Slug != "" {
		place = place.JoinPath("articles", a.Slug)
	}
	return learned.Document{ID: "article-" + strconv.FormatInt(a.ID, 10), Source: place.String(), Title: a.Title, Text: text}, true
}

func getJSON(ctx context.Context, g Getter, address *url.URL, into any) error {
	answer, err := g.Get(ctx, fetch.Request{URL: address.String(), Accept: "application/json"})
	if err != nil {
		return fmt.Errorf("helpcentre: %w", err)
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		return fmt.Errorf("helpcentre: %s does not answer as a help centre of Chatwoot: %w", address, err)
	}
	return nil
}
