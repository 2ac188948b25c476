package pages

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
	"tania/internal/users"
)

// Users is the data of the page of those who sign in by name.
type Users struct {
	Users []users.User
	// Problem is what was wrong, a term of the set "mistake"; "" for nothing.
	Problem string
}

// Nodes implements element.Content.
func (v Users) Nodes(t *texts.Texts) g.Node {
	nodes := g.Group{mistake(t, v.Problem), h.P(t.Say("users.about"))}
	if len(v.Users) == 0 {
		nodes = append(nodes, element.Empty(element.TestID("no-users"), t.Say("users.none")))
	} else {
		nodes = append(nodes, v.list(t))
	}
	return append(nodes, element.Section("add", t.Text("users.add"), element.Post(
		"/users", h.Class("stack"),
		do("add"),
		h.Label(h.For("user"), t.Say("users.name")),
		h.Input(h.ID("user"), h.Name("user"), h.Required(), h.MaxLength("80"), h.AutoComplete("off"), element.TestID("user")),
		h.Label(h.For("role"), t.Say("users.role")),
		roles(t, "role", tania.Viewer),
		newPassword(t, "password", ""),
		h.Button(h.Class("primary"), element.TestID("add-user"), t.Say("users.add")),
	)))
}

func (v Users) list(t *texts.Texts) g.Node {
	heads := []string{"users.name", "users.role", "users.since", "users.sessions", ""}
	i := 0
	return element.Table(t, t.Text("users.title"), heads, g.Map(v.Users, func(u users.User) g.Node {
		i++
		id := strconv.Itoa(i)
		return h.Tr(
			h.Th(h.Scope("row"), g.Text(u.Name)),
			h.Td(element.Post("/users", h.Class("line"), do("role"), named(u), roles(t, "role-"+id, u.Role, h.Aria("label",
				t.Text("users.role_of", u.Name))), h.Button(t.Say("users.save")))),
			h.Td(h.Class("time"), element.Moment(u.Since)),
			h.Td(h.Class("num"), g.Text(strconv.Itoa(u.Sessions))),
			h.Td(
				element.Confirm("", t.Say("users.password"), element.Post(
					"/users", h.Class("stack"), do("password"), named(u), newPassword(t, "password-"+id, u.Name), h.Button(t.Say("users.save")),
				)),
				element.Confirm("", t.Say("users.remove"), element.Post("/users", do("remove"), named(u), h.P(t.Say("users.sure", u.Name)),
					h.Button(h.Class("danger"), element.TestID("remove-user"), t.Say("users.remove")))),
			),
		)
	}))
}

func do(what string) g.Node { return h.Input(h.Type("hidden"), h.Name("do"), h.Value(what)) }

func named(u users.User) g.Node { return h.Input(h.Type("hidden"), h.Name("user"), h.Value(u.Name)) }

func roles(t *texts.Texts, id string, chosen tania.Role, more ...g.Node) g.Node {
	return h.Select(h.ID(id), h.Name("role"), g.Group(more), g.Map(tania.Roles(), func(r tania.Role) g.Node {
		return h.Option(h.Value(string(r)), g.If(r == chosen, h.Selected()), g.Text(t.Term("role", r)))
	}))
}

// newPassword asks for one, of nobody yet where no name is given.
func newPassword(t *texts.Texts, id, of string) g.Node {
	return g.Group{
		h.Label(h.For(id), g.If(of == "", t.Say("users.password")), g.If(of != "", t.Say("users.password_of", of))),
		h.Input(h.ID(id), h.Name("password"), h.Type("password"), h.Required(), h.MinLength("12"), h.AutoComplete("new-password"),
			h.Aria("describedby", id+"-help"), element.TestID(id)),
		h.P(h.ID(id+"-help"), h.Class("help"), t.Say("users.password_help")),
	}
}

func mistake(t *texts.Texts, of string) g.Node {
	if of == "" {
		return nil
	}
	return element.Banner("bad", h.Role("alert"), element.TestID("problem"), g.Text(t.Term("mistake", of)))
}

// Password is the data of the form for one's own.
type Password struct{ User, Problem string }

// Nodes implements element.Content.
func (v Password) Nodes(t *texts.Texts) g.Node {
	return g.Group{mistake(t, v.Problem), element.Post(
		"/password", h.Class("sign-in"),
		h.Input(h.Type("hidden"), h.AutoComplete("username"), h.Value(v.User)),
		h.Label(h.For("before"), t.Say("password.before")),
		h.Input(h.ID("before"), h.Name("before"), h.Type("password"), h.Required(), h.AutoComplete("current-password"),
			element.TestID("before")),
		newPassword(t, "password", ""),
		h.P(h.Class("help"), t.Say("password.help")),
		h.Button(h.Class("primary"), element.TestID("change-password"), t.Say("users.save")),
	)}
}
