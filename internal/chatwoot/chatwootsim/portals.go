package chatwootsim

import (
	"slices"
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

// CategoryOf finds the category of a locale.
func (p *Portal) CategoryOf(slug, locale string) (Category, bool) {
	i := slices.IndexFunc(p.Categories, func(c Category) bool { return c.Slug == slug && c.Locale == locale })
	if i < 0 {
		return Category{}, false
	}
	return p.Categories[i], true
}
