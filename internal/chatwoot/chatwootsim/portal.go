package chatwootsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Portal is a help centre.
type Portal struct {
	Slug     string   `json:"slug"`
	Name     string   `json:"name"`
	Locales  []string `json:"locales"` // the first is the default
	Homepage string   `json:"homepage_link,omitempty"`
	// Categories are of one locale each; an article of a locale is in a category of it, or in none.
	Categories []Category `json:"categories"`
	Articles   []Article  `json:"articles"`
}

// Category is a shelf of articles. An id of 0 is given one.
type Category struct {
	ID          int64  `json:"id"`
	Slug        string `json:"slug"`
	Locale      string `json:"locale"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// Article is a page of the help centre, its content in Markdown. An id of 0 is given one.
type Article struct {
	ID          int64  `json:"id"`
	Slug        string `json:"slug"`
	Locale      string `json:"locale"`
	Category    string `json:"category,omitempty"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Content     string `json:"content"`
	// Status is draft, published (the default) or archived; the public pages show published ones alone.
	Status  string    `json:"status,omitempty"`
	Views   int64     `json:"views,omitempty"`
	Updated time.Time `json:"updated,omitzero"`
}

// filledPortals are portals with their ids and defaults filled in.
func filledPortals(list []Portal, now time.Time) []Portal {
	list = slices.Clone(list)
	category, article := int64(100), int64(1000)
	for n := range list {
		p := &list[n]
		p.Categories, p.Articles = slices.Clone(p.Categories), slices.Clone(p.Articles)
		for i := range p.Categories {
			if category++; p.Categories[i].ID == 0 {
				p.Categories[i].ID = category
			}
		}
		for i := range p.Articles {
			a := &p.Articles[i]
			if article++; a.ID == 0 {
				a.ID = article
			}
			if a.Status == "" {
				a.Status = "published"
			}
			if a.Updated.IsZero() {
				a.Updated = now
			}
		}
	}
	return list
}

// helpRoutes puts the public pages of help centres into a mux (config/routes.rb, "hc/:slug/…"). A path that ends in ".json" and a request
// that accepts JSON get that, others a page.
func (s *Server) helpRoutes(handle func(pattern string, need right, answer func(*request) (int, any))) {
	answer := func(q *request) (int, any) {
		var rest []string
		if path := q.PathValue("rest"); path != "" {
			rest = strings.Split(path, "/")
		}
		i := slices.IndexFunc(s.portals, func(p Portal) bool { return p.Slug == q.PathValue("portal") })
		if i < 0 {
			return notFound()
		}
		return s.help(q, &s.portals[i], rest)
	}
	handle("GET /hc/{portal}", anybody, answer)
	handle("GET /hc/{portal}/{rest...}", anybody, answer)
}

// help answers one page: "", ":locale", ":locale/articles", ":locale/categories", ":locale/categories/:category", the same with "/articles", and
// "articles/:article". A mux cannot tell the second from the last.
func (s *Server) help(q *request, p *Portal, path []string) (int, any) {
	if len(path) == 2 && path[0] == "articles" && path[1] != "articles" && path[1] != "categories" {
		q.SetPathValue("article", path[1])
		return s.helpArticle(q, p)
	}
	if len(path) > 0 && !slices.Contains(p.Locales, path[0]) {
		return notFound()
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
	return notFound()
}

// helpArticles are the published articles of a locale, by position or views, all of them unless per_page says how many at a time
// (at most 100; Public::Api::V1::Portals::ArticlesController). The count is of all that were found.
func (s *Server) helpArticles(q *request, p *Portal) (int, any) {
	query := q.URL.Query()
	words := strings.Fields(strings.ToLower(query.Get("query")))
	var list []*Article
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
		slices.SortStableFunc(list, func(a, b *Article) int { return int(b.Views - a.Views) })
	}
	count := len(list)
	if per := query.Get("per_page"); per != "" {
		size := int(min(number(per), 100))
		if size < 1 {
			size = 25
		}
		list = onePage(list, pageOf(q), size)
	}
	payload := []any{}
	for _, a := range list {
		payload = append(payload, s.articleREST(p, a))
	}
	return s.helpPage(q, p.Name, list, object{"payload": payload, "meta": object{"articles_count": count}})
}

func (s *Server) helpArticle(q *request, p *Portal) (int, any) {
	slug := strings.TrimSuffix(q.PathValue("article"), ".md")
	i := slices.IndexFunc(p.Articles, func(a Article) bool { return a.Slug == slug && a.Status == "published" })
	if i < 0 {
		return notFound()
	}
	a := &p.Articles[i]
	a.Views++
	if slug != q.PathValue("article") {
		return http.StatusOK, plain("# " + a.Title + "\n\n" + a.Content + "\n")
	}
	return s.helpPage(q, a.Title, []*Article{a}, s.articleREST(p, a))
}

func (s *Server) helpCategories(q *request, p *Portal) (int, any) {
	payload := []any{}
	for _, c := range p.Categories {
		if c.Locale == q.PathValue("locale") {
			payload = append(payload, categoryREST(p, c))
		}
	}
	return s.helpPage(q, p.Name, nil, object{"payload": payload})
}

func (s *Server) helpCategory(q *request, p *Portal) (int, any) {
	c, ok := p.category(q.PathValue("category"), q.PathValue("locale"))
	if !ok {
		return notFound()
	}
	return s.helpPage(q, c.Name, nil, categoryREST(p, c))
}

func (p *Portal) category(slug, locale string) (Category, bool) {
	i := slices.IndexFunc(p.Categories, func(c Category) bool { return c.Slug == slug && c.Locale == locale })
	if i < 0 {
		return Category{}, false
	}
	return p.Categories[i], true
}

// articleREST is public/api/v1/models/_article.json.
func (s *Server) articleREST(p *Portal, a *Article) object {
	body := object{
		"id": a.ID, "category_id": nil, "title": a.Title, "content": a.Content, "description": orNull(a.Description), "status": a.Status,
		"position": a.ID * 10, "account_id": s.o.Account.ID, "last_updated_at": iso(a.Updated), "slug": a.Slug, "views": a.Views,
		"portal": object{
			"custom_domain": nil, "header_text": p.Name, "homepage_link": p.Homepage, "name": p.Name, "page_title": p.Name, "slug": p.Slug,
		},
		"link": fmt.Sprintf("hc/%s/articles/%s", p.Slug, a.Slug),
	}
	if c, ok := p.category(a.Category, a.Locale); ok {
		body["category_id"], body["category"] = c.ID, object{"id": c.ID, "slug": c.Slug, "locale": c.Locale}
	}
	if len(s.o.Users) > 0 {
		u := s.o.Users[0]
		body["author"] = object{"available_name": firstName(u), "name": u.Name, "thumbnail": ""}
	}
	return body
}

func categoryREST(p *Portal, c Category) object {
	count := 0
	for _, a := range p.Articles {
		if a.Status == "published" && a.Category == c.Slug && a.Locale == c.Locale {
			count++
		}
	}
	return object{
		"id": c.ID, "name": c.Name, "slug": c.Slug, "locale": c.Locale, "description": orNull(c.Description), "position": c.ID,
		"related_categories": []any{}, "meta": object{"articles_count": count},
	}
}

func portalREST(p *Portal) object {
	categories, published := []any{}, 0
	for _, c := range p.Categories {
		categories = append(categories, categoryREST(p, c))
	}
	for _, a := range p.Articles {
		if a.Status == "published" {
			published++
		}
	}
	return object{
		"custom_domain": nil, "header_text": p.Name, "homepage_link": p.Homepage, "name": p.Name, "page_title": p.Name, "slug": p.Slug,
		"categories": categories, "meta": object{
			"articles_count": published, "categories_count": len(p.Categories), "default_locale": p.Locales[0],
		},
	}
}
