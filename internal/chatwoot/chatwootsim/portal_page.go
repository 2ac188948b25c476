package chatwootsim

import (
	"html/template"
	"net/http"
	"strings"
)

// markup is an answer that is a page.
type markup string

// helpTemplate is as plain as a help centre can be: what a program reads of one that it cannot have as JSON.
var helpTemplate = template.Must(template.New("help").Parse(`<!doctype html>
<html lang="{{.Locale}}"><head><meta charset="utf-8"><title>{{.Title}}</title></head><body><main><h1>{{.Title}}</h1>
{{range .Articles}}{{if $.Whole}}<article><pre>{{.Content}}</pre></article>{{else}}<p><a href="/hc/{{$.Portal}}/articles/{{.Slug}}">{{.Title}}</a></p>
{{end}}{{end}}</main></body></html>
`))

// helpPage answers in the form that is asked for.
func (s *Server) helpPage(q *request, title string, list []*Article, body object) (int, any) {
	if q.json || strings.Contains(q.Header.Get("Accept"), "application/json") {
		return http.StatusOK, body
	}
	var page strings.Builder
	err := helpTemplate.Execute(&page, map[string]any{
		"Title": title, "Locale": q.PathValue("locale"), "Portal": q.PathValue("portal"), "Articles": list, "Whole": q.PathValue("article") != "",
	})
	if err != nil {
		return serverError()
	}
	return http.StatusOK, markup(page.String())
}
