package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"tania/internal/audit"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/tania"
	"tania/internal/users"
)

// users lists who may sign in by name.
func (d *Dashboard) users(w http.ResponseWriter, r *http.Request) {
	list, err := d.Users.List(r.Context())
	if err != nil {
		d.failed(w, r, err)
		return
	}
	done, n := doneOf(r, "user_add", "user_role", "user_password", "user_remove")
	d.render(w, r, http.StatusOK, element.Page{Title: "users.title", Here: "/users", Done: done, DoneCount: n, Content: pages.Users{
		Users: list, Problem: problemOf(r),
	}})
}

// changesOfUsers are the actions of the form's buttons.
var changesOfUsers = map[string]audit.Action{
	"add": audit.AddUser, "role": audit.SetRole, "password": audit.SetPassword, "remove": audit.RemoveUser,
}

// changeUsers does to a user what the form says.
func (d *Dashboard) changeUsers(w http.ResponseWriter, r *http.Request) {
	name, role, password := strings.TrimSpace(r.PostFormValue("user")), tania.Role(r.PostFormValue("role")), r.PostFormValue("password")
	var err error
	do := r.PostFormValue("do")
	audit.Describe(r.Context(), changesOfUsers[do], name)
	switch do {
	case "add":
		err = d.Users.Add(r.Context(), name, role, password)
	case "role":
		err = d.Users.SetRole(r.Context(), name, role)
	case "password":
		err = d.Users.SetPassword(r.Context(), name, password)
	case "remove":
		err = d.Users.Remove(r.Context(), name)
	default:
		http.Error(w, "do: want add, role, password or remove", http.StatusBadRequest)
		return
	}
	if problem := problemWith(err); problem != "" {
		audit.Refuse(r.Context())
		http.Redirect(w, r, "/users?problem="+problem, http.StatusSeeOther)
		return
	}
	if err != nil {
		d.failed(w, r, err)
		return
	}
	d.Log.Info("user changed", "what", do, "user", name, "role", role, "by", session.By(r))
	http.Redirect(w, r, "/users?"+url.Values{"done": {"user_" + do}}.Encode(), http.StatusSeeOther)
}

// password shows the form for one's own password.
func (d *Dashboard) password(w http.ResponseWriter, r *http.Request) {
	who := session.OperatorOf(r.Context())
	if !who.User {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	d.render(w, r, http.StatusOK, element.Page{Title: "password.title", Here: "/password", Content: pages.Password{
		User: who.Name, Problem: problemOf(r),
	}})
}

// changePassword gives a user the password that they want, when they know the one before. All their sessions end, and a new one
// begins here.
func (d *Dashboard) changePassword(w http.ResponseWriter, r *http.Request) {
	who := session.OperatorOf(r.Context())
	if !who.User {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	d.signing <- struct{}{}
	defer func() { <-d.signing }()
	if !d.limits.Allow(r.RemoteAddr, who.Name) {
		audit.Refuse(r.Context())
		http.Redirect(w, r, "/password?problem=too_many", http.StatusSeeOther)
		return
	}
	id, err := d.renew(r, who.Name)
	if errors.Is(err, users.ErrRefused) {
		d.limits.Failed(r.RemoteAddr, who.Name)
	}
	if problem := problemWith(err); problem != "" {
		audit.Refuse(r.Context())
		http.Redirect(w, r, "/password?problem="+problem, http.StatusSeeOther)
		return
	}
	if err != nil {
		d.failed(w, r, err)
		return
	}
	d.Log.Info("password changed by its user", "user", who.Name, "remote", r.RemoteAddr)
	http.SetCookie(w, d.sessions.StartUser(r, id))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// renew changes a password and gives the id of a session that rests on the new one.
func (d *Dashboard) renew(r *http.Request, name string) (id string, err error) {
	wanted := r.PostFormValue("password")
	if _, _, err = d.Users.SignIn(r.Context(), name, r.PostFormValue("before")); err != nil {
		return "", err
	}
	if err = d.Users.SetPassword(r.Context(), name, wanted); err != nil {
		return "", err
	}
	id, _, err = d.Users.SignIn(r.Context(), name, wanted)
	return id, err
}

// problems are the errors that a page explains, by the ends of their texts' keys.
var problems = map[string]error{
	"exists": users.ErrExists, "unknown": users.ErrUnknown, "name": users.ErrName, "role": users.ErrRole, "password": users.ErrPassword,
	"full": users.ErrTooMany, "busy": users.ErrBusy, "wrong": users.ErrRefused,
}

// problemWith names an error that a page explains, "" for another.
func problemWith(err error) string {
	for problem, known := range problems {
		if errors.Is(err, known) {
			return problem
		}
	}
	return ""
}

// problemOf is a problem that the address names; only known ones are taken.
func problemOf(r *http.Request) string {
	problem := r.URL.Query().Get("problem")
	if problems[problem] == nil && problem != "too_many" {
		return ""
	}
	return problem
}
