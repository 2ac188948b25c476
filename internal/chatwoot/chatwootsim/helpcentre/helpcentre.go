// Package helpcentre is the public pages of help centres, as pages and as JSON.
package helpcentre

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/chatwootsim/shape"
)

// helpCentre answers the routes.
type helpCentre struct{ *calls.Calls }

// Routes puts the public pages of help centres into a mux (config/routes.rb, "hc/:slug/…"). A path that ends in ".json" and a request
// that accepts JSON get that, others a page.
func Routes(mux *http.ServeMux, c *calls.Calls) {
	s := &helpCentre{c}
	answer := func(q *calls.Request) (int, any) {
		var rest []string
		if path := q.PathValue("rest"); path != "" {
			rest = strings.Split(path, "/")
		}
		i := slices.IndexFunc(s.Portals, func(p chatwootsim.Portal) bool { return p.Slug == q.PathValue("portal") })
		if i < 0 {
			return calls.NotFound()
		}
		return s.help(q, &s.Portals[i], rest)
	}
	c.Handle(mux, "GET /hc/{portal}", calls.Anybody, answer)
	c.Handle(mux, "GET /hc/{portal}/{rest...}", calls.Anybody, answer)
}

// help answers one page: "", ":locale", ":locale/articles", ":locale/categories", ":locale/categories/:category", the same with
// "/articles", and "articles/:article". A mux cannot tell the second from the last.
func (s *helpCentre) help(q *calls.Request, p *chatwootsim.Portal, path []string) (int, any) {
	if len(path) == 2 && path[0] == "articles" && path[1] != "articles" && path[1] != "categories" {
		q.SetPathValue("article", path[1])
		return s.helpArticle(q, p)
	}
	if len(path) > 0 && !slices.Contains(p.Locales, path[0]) {
		return calls.NotFound()
	}
	if len(path) > 0 {
		q.SetPathValue("locale", path[0])
	}
	if len(path) > 2 {
		q.SetPathValue("category", path[2])
	}
	switch {
	case len(path) < 2:
		return s.helpPage(q, p.Name, nil, portalREST(p))
	case path[1] == "articles" && len(path) == 2, path[1] == "categories" && len(path) == 4 && path[3] == "articles":
		return s.helpArticles(q, p)
	case path[1] == "categories" && len(path) == 2:
		return s.helpCategories(q, p)
	case path[1] == "categories" && len(path) == 3:
		return s.helpCategory(q, p)
	}
	return calls.NotFound()
}

// helpArticles are the published articles of a locale, by position or views, all of them unless per_page says how many at a time
// (at most 100; Public::Api::V1::Portals::ArticlesController). The count is of all that were found.
func (s *helpCentre) helpArticles(q *calls.Request, p *chatwootsim.Portal) (int, any) {
	query := q.URL.Query()
	words := strings.Fields(strings.ToLower(query.Get("query")))
	var list []*chatwootsim.Article
	for i := range p.Articles {
		a := &p.Articles[i]
		text := strings.ToLower(a.Title + " " + a.Description + " " + a.Content)
		missing := slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
		category := q.PathValue("category")
		if a.Status == "published" && a.Locale == q.PathValue("locale") && !missing && (category == "" || a.Category == category) {
			list = append(list, a)
		}
	}
	if query.Get("sort") == "views" {
		slices.SortStableFunc(list, func(a, b *chatwootsim.Article) int { return int(b.Views - a.Views) })
	}
	count := len(list)
	if per := query.Get("per_page"); per != "" {
		size := int(min(rails.Number(per), 100))
		if size < 1 {
			size = 25
		}
		list = calls.OnePage(list, calls.PageOf(q), size)
	}
	payload := []any{}
	for _, a := range list {
		payload = append(payload, s.articleREST(p, a))
	}
	return s.helpPage(q, p.Name, list, rails.Object{"payload": payload, "meta": rails.Object{"articles_count": count}})
}

func (s *helpCentre) helpArticle(q *calls.Request, p *chatwootsim.Portal) (int, any) {
	slug := strings.TrimSuffix(q.PathValue("article"), ".md")
	i := slices.IndexFunc(p.Articles, func(a chatwootsim.Article) bool { return a.Slug == slug && a.Status == "published" })
	if i < 0 {
		return calls.NotFound()
	}
	a := &p.Articles[i]
	a.Views++
	if slug != q.PathValue("article") {
		return http.StatusOK, calls.Plain("# " + a.Title + "\n\n" + a.Content + "\n")
	}
	return s.helpPage(q, a.Title, []*chatwootsim.Article{a}, s.articleREST(p, a))
}

func (s *helpCentre) helpCategories(q *calls.Request, p *chatwootsim.Portal) (int, any) {
	payload := []any{}
	for _, c := range p.Categories {
		if c.Locale == q.PathValue("locale") {
			payload = append(payload, categoryREST(p, c))
		}
	}
	return s.helpPage(q, p.Name, nil, rails.Object{"payload": payload})
}

func (s *helpCentre) helpCategory(q *calls.Request, p *chatwootsim.Portal) (int, any) {
	c, ok := p.CategoryOf(q.PathValue("category"), q.PathValue("locale"))
	if !ok {
		return calls.NotFound()
	}
	return s.helpPage(q, c.Name, nil, categoryREST(p, c))
}

// articleREST is public/api/v1/models/_article.json.
func (s *helpCentre) articleREST(p *chatwootsim.Portal, a *chatwootsim.Article) rails.Object {
	body := rails.Object{
		"id": a.ID, "category_id": nil, "title": a.Title, "content": a.Content, "description": rails.OrNull(a.Description), "status": a.Status,
		"position": a.ID * 10, "account_id": s.Options.Account.ID, "last_updated_at": rails.ISO(a.Updated), "slug": a.Slug, "views": a.Views,
		"portal": rails.Object{
			"custom_domain": nil, "header_text": p.Name, "homepage_link": p.Homepage, "name": p.Name, "page_title": p.Name, "slug": p.Slug,
		},
		"link": fmt.Sprintf("hc/%s/articles/%s", p.Slug, a.Slug),
	}
	if c, ok := p.CategoryOf(a.Category, a.Locale); ok {
		body["category_id"], body["category"] = c.ID, rails.Object{"id": c.ID, "slug": c.Slug, "locale": c.Locale}
	}
	if len(s.Options.Users) > 0 {
		u := s.Options.Users[0]
		body["author"] = rails.Object{"available_name": shape.FirstName(u), "name": u.Name, "thumbnail": ""}
	}
	return body
}

func categoryREST(p *chatwootsim.Portal, c chatwootsim.Category) rails.Object {
	count := 0
	for _, a := range p.Articles {
		if a.Status == "published" && a.Category == c.Slug && a.Locale == c.Locale {
			count++
		}
	}
	return rails.Object{
		"id": c.ID, "name": c.Name, "slug": c.Slug, "locale": c.Locale, "description": rails.OrNull(c.Description), "position": c.ID,
		"related_categories": []any{}, "meta": rails.Object{"articles_count": count},
	}
}

func portalREST(p *chatwootsim.Portal) rails.Object {
	categories, published := []any{}, 0
	for _, c := range p.Categories {
		categories = append(categories, categoryREST(p, c))
	}
	for _, a := range p.Articles {
		if a.Status == "published" {
			published++
		}
	}
	return rails.Object{
		"custom_domain": nil, "header_text": p.Name, "homepage_link": p.Homepage, "name": p.Name, "page_title": p.Name, "slug": p.Slug,
		"categories": categories, "meta": rails.Object{
			"articles_count": published, "categories_count": len(p.Categories), "default_locale": p.Locales[0],
		},
	}
}
