package chatwootsim

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// label is one of the account's. Conversations may have labels that are none of these.
type label struct {
	id                        int64
	title, description, color string
	sidebar                   bool
}

// labelTitle is what Label takes for a title.
var labelTitle = regexp.MustCompile(`^[\p{L}\p{N}]+[\p{L}\p{N}_-]+$`)

func (l *label) rest() object {
	return object{
		"id": l.id, "title": l.title, "description": orNull(l.description), "color": l.color, "show_on_sidebar": l.sidebar,
	}
}

func (s *Server) listAccountLabels(*request) (int, any) {
	payload := []any{}
	for _, l := range s.labels {
		payload = append(payload, l.rest())
	}
	return http.StatusOK, object{"payload": payload}
}

func (s *Server) createAccountLabel(q *request) (int, any) {
	s.lastLabel++
	l := &label{id: s.lastLabel, color: "#1f93ff"}
	if status, refused := s.writeLabel(l, q.params); status != 0 {
		return status, refused
	}
	s.labels = append(s.labels, l)
	s.touch()
	return http.StatusOK, l.rest()
}

func (s *Server) showAccountLabel(q *request) (int, any) {
	if l := s.labelOf(q); l != nil {
		return http.StatusOK, l.rest()
	}
	return notFound()
}

func (s *Server) updateAccountLabel(q *request) (int, any) {
	l := s.labelOf(q)
	if l == nil {
		return notFound()
	}
	if status, refused := s.writeLabel(l, q.params); status != 0 {
		return status, refused
	}
	s.touch()
	return http.StatusOK, l.rest()
}

func (s *Server) deleteAccountLabel(q *request) (int, any) {
	l := s.labelOf(q)
	if l == nil {
		return notFound()
	}
	s.labels = slices.DeleteFunc(s.labels, func(other *label) bool { return other == l })
	s.touch()
	return http.StatusOK, empty{}
}

func (s *Server) labelOf(q *request) *label {
	n := number(q.PathValue("label"))
	for _, l := range s.labels {
		if l.id == n {
			return l
		}
	}
	return nil
}

// writeLabel takes what is said of a label, bare or under "label", or answers what is wrong with it; 0 when nothing is.
func (s *Server) writeLabel(l *label, params object) (int, any) {
	if inner := structure(params["label"]); inner != nil {
		params = inner
	}
	changed := *l
	changed.title = cmp.Or(strings.ToLower(strings.TrimSpace(text(params["title"]))), l.title)
	changed.description = cmp.Or(text(params["description"]), l.description)
	changed.color = cmp.Or(text(params["color"]), l.color)
	if shown, said := params["show_on_sidebar"]; said {
		changed.sidebar = truthy(shown)
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
		return http.StatusUnprocessableEntity, object{"message": wrong, "attributes": []string{"title"}}
	}
	*l = changed
	return 0, nil
}
