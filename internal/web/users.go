package web

import (
	"errors"
	"net/http"

	"tania/internal/audit"
	"tania/internal/operator"
	"tania/internal/users"
)

// withUsers answers that there are no users where none can sign in.
func (s *Server) withUsers(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.Users == nil {
			reply(w, http.StatusNotFound, failure{Error: "this process has no users"})
			return
		}
		next(w, r)
	}
}

func (s *Server) listUsers(w http.ResponseWriter, r *http.Request) {
	list, err := s.Users.List(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reply(w, http.StatusOK, map[string]any{"users": list})
}

func (s *Server) addUser(w http.ResponseWriter, r *http.Request) {
	var wanted operator.UserChange
	if !readJSON(w, r, &wanted) {
		return
	}
	s.changedUser(w, r, audit.AddUser, wanted.Name, s.Users.Add(r.Context(), wanted.Name, wanted.Role, wanted.Password))
}

// changeUser gives a user another role, or another password: one of them.
func (s *Server) changeUser(w http.ResponseWriter, r *http.Request) {
	var wanted operator.UserChange
	if !readJSON(w, r, &wanted) {
		return
	}
	name := r.PathValue("name")
	switch {
	case wanted.Name != "" || (wanted.Role != "") == (wanted.Password != ""):
		reply(w, http.StatusBadRequest, failure{Error: "want a role or a password"})
	case wanted.Role != "":
		s.changedUser(w, r, audit.SetRole, name, s.Users.SetRole(r.Context(), name, wanted.Role))
	default:
		s.changedUser(w, r, audit.SetPassword, name, s.Users.SetPassword(r.Context(), name, wanted.Password))
	}
}

func (s *Server) removeUser(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	s.changedUser(w, r, audit.RemoveUser, name, s.Users.Remove(r.Context(), name))
}

// changedUser answers with what became of a change.
func (s *Server) changedUser(w http.ResponseWriter, r *http.Request, what audit.Action, name string, err error) {
	audit.Describe(r.Context(), what, name)
	is := func(known ...error) bool {
		for _, k := range known {
			if errors.Is(err, k) {
				return true
			}
		}
		return false
	}
	switch {
	case err == nil:
		s.Log.Info("user changed", "what", what, "user", name, "by", by(r))
		reply(w, http.StatusOK, map[string]any{"ok": true})
	case is(users.ErrUnknown):
		reply(w, http.StatusNotFound, failure{Error: err.Error()})
	case is(users.ErrExists, users.ErrTooMany):
		reply(w, http.StatusConflict, failure{Error: err.Error()})
	case is(users.ErrName, users.ErrRole, users.ErrPassword):
		reply(w, http.StatusBadRequest, failure{Error: err.Error()})
	case is(users.ErrBusy):
		reply(w, http.StatusServiceUnavailable, failure{Error: err.Error()})
	default:
		s.fail(w, r, err)
	}
}
