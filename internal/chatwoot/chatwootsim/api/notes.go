package api

import (
	"net/http"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
)

// listNotes gives the notes of a contact, newest first (Contacts::NotesController#index).
func (s *api) listNotes(q *calls.Request) (int, any) {
	list := []any{}
	for i := range q.Customer.Notes {
		list = append(list, noteREST(&q.Customer.Notes[len(q.Customer.Notes)-1-i]))
	}
	return http.StatusOK, list
}

// createNote takes the content alone or within note.
func (s *api) createNote(q *calls.Request) (int, any) {
	params := q.Params
	if inner := rails.Structure(q.Params["note"]); inner != nil {
		params = inner
	}
	content := rails.Text(params["content"])
	if content == "" {
		return http.StatusUnprocessableEntity, rails.Object{"message": "Content can't be blank", "attributes": []any{"content"}}
	}
	k := q.Customer
	k.Notes = append(k.Notes, chatwootsim.Note{ID: int64(len(k.Notes) + 1), Content: content, By: q.User.ID, At: s.Now()})
	s.Touch()
	return http.StatusOK, noteREST(&k.Notes[len(k.Notes)-1])
}

func noteREST(n *chatwootsim.Note) rails.Object {
	return rails.Object{"id": n.ID, "content": n.Content, "user": rails.Object{"id": n.By}, "created_at": rails.Unix(n.At)}
}
