package helpcentre

import (
	"net/http"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
)

// helpPage answers in the form that is asked for. The page is as plain as a help centre can be: what a program reads of one that it
// cannot have as JSON.
func (s *helpCentre) helpPage(q *calls.Request, title string, list []*chatwootsim.Article, body rails.Object) (int, any) {
	if q.JSON || strings.Contains(q.Header.Get("Accept"), "application/json") {
		return http.StatusOK, body
	}
	whole, portal := q.PathValue("article") != "", q.PathValue("portal")
	var page strings.Builder
	err := h.Doctype(h.HTML(
		h.Lang(q.PathValue("locale")),
		h.Head(h.Meta(h.Charset("utf-8")), h.TitleEl(g.Text(title))),
		h.Body(h.Main(h.H1(g.Text(title)), g.Map(list, func(a *chatwootsim.Article) g.Node {
			if whole {
				return h.Article(h.Pre(g.Text(a.Content)))
			}
			return h.P(h.A(h.Href("/hc/"+portal+"/articles/"+a.Slug), g.Text(a.Title)))
		}))),
	)).Render(&page)
	if err != nil {
		return calls.ServerError()
	}
	return http.StatusOK, calls.Markup(page.String())
}
