package api

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
)

// label is one of the account's. Conversations may have labels that are none of these.
type label struct {
	id                        int64
	title, description, color string
	sidebar                   bool
}

// labelTitle is what Label takes for a title.
var labelTitle = regexp.MustCompile(`^[\p{L}\p{N}]+[\p{L}\p{N}_-]+$`)

func (l *label) rest() rails.Object {
	return rails.Object{
		"id": l.id, "title": l.title, "description": rails.OrNull(l.description), "color": l.color, "show_on_sidebar": l.sidebar,
	}
}

func (s *api) listAccountLabels(*calls.Request) (int, any) {
	payload := []any{}
	for _, l := range s.labels {
		payload = append(payload, l.rest())
	}
	return http.StatusOK, rails.Object{"payload": payload}
}

func (s *api) createAccountLabel(q *calls.Request) (int, any) {
	s.lastLabel++
	l := &label{id: s.lastLabel, color: "#1f93ff"}
	if status, refused := s.writeLabel(l, q.Params); status != 0 {
		return status, refused
	}
	s.labels = append(s.labels, l)
	s.Touch()
	return http.StatusOK, l.rest()
}

func (s *api) showAccountLabel(q *calls.Request) (int, any) {
	if l := s.labelOf(q); l != nil {
		return http.StatusOK, l.rest()
	}
	return calls.NotFound()
}

func (s *api) updateAccountLabel(q *calls.Request) (int, any) {
	l := s.labelOf(q)
	if l == nil {
		return calls.NotFound()
	}
	if status, refused := s.writeLabel(l, q.Params); status != 0 {
		return status, refused
	}
	s.Touch()
	return http.StatusOK, l.rest()
}

func (s *api) deleteAccountLabel(q *calls.Request) (int, any) {
	l := s.labelOf(q)
	if l == nil {
		return calls.NotFound()
	}
	s.labels = slices.DeleteFunc(s.labels, func(other *label) bool { return other == l })
	s.Touch()
	return http.StatusOK, calls.Empty{}
}

func (s *api) labelOf(q *calls.Request) *label {
	n := rails.Number(q.PathValue("label"))
	for _, l := range s.labels {
		if l.id == n {
			return l
		}
	}
	return nil
}

// writeLabel takes what is said of a label, bare or under "label", or answers what is wrong with it; 0 when nothing is.
func (s *api) writeLabel(l *label, params rails.Object) (int, any) {
	if inner := rails.Structure(params["label"]); inner != nil {
		params = inner
	}
	changed := *l
	changed.title = cmp.Or(strings.ToLower(strings.TrimSpace(rails.Text(params["title"]))), l.title)
	changed.description = cmp.Or(rails.Text(params["description"]), l.description)
	changed.color = cmp.Or(rails.Text(params["color"]), l.color)
	if shown, said := params["show_on_sidebar"]; said {
		changed.sidebar = rails.Truthy(shown)
	}
	wrong := ""
	if !labelTitle.MatchString(changed.title) {
		wrong = "Title is invalid"
	}
	for _, other := range s.labels {
		if other.id != l.id && other.title == changed.title {
			wrong = "Title has already been taken"
		}
	}
	if wrong != "" {
		return http.StatusUnprocessableEntity, rails.Object{"message": wrong, "attributes": []string{"title"}}
	}
	*l = changed
	return 0, nil
}
