package pages

import (
	"net/url"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
)

// SignIn is the form's data.
type SignIn struct {
	Next string
	// Users reports whether there are users: they are asked for a name and a password before the token is.
	Users bool
	// Elsewhere reports whether one can sign in by a provider.
	Elsewhere bool
	// User is the name that was given, "" for none.
	User string
	// Problem is a text's key.
	Problem string
}

// Nodes implements element.Content.
func (v SignIn) Nodes(t *texts.Texts) g.Node {
	return g.Group{v.elsewhere(t), v.forms(t)}
}

// elsewhere leads to the provider.
func (v SignIn) elsewhere(t *texts.Texts) g.Node {
	if !v.Elsewhere {
		return nil
	}
	to := "/sign-in/oidc?" + url.Values{"next": {v.Next}}.Encode()
	return h.P(h.Class("sign-in"), h.A(h.Class("button primary"), h.Href(to), element.TestID("sign-in-elsewhere"), t.Say("signin.elsewhere")))
}

func (v SignIn) forms(t *texts.Texts) g.Node {
	said := g.If(v.Problem != "", element.Banner("bad", h.ID("problem"), h.Role("alert"), element.TestID("problem"), t.Say(v.Problem)))
	if !v.Users {
		return element.Post("/sign-in", h.Class("sign-in"), said, v.token(t, v.Problem != ""))
	}
	wrong := v.Problem != "" && v.User != ""
	return g.Group{
		element.Post(
			"/sign-in", h.Class("sign-in"), said, v.next(),
			h.Label(h.For("user"), t.Say("users.name")),
			h.Input(h.ID("user"), h.Name("user"), h.Value(v.User), h.Required(), h.MaxLength("80"), h.AutoComplete("username"),
				element.TestID("user")),
			h.Label(h.For("password"), t.Say("users.password")),
			h.Input(h.ID("password"), h.Name("password"), h.Type("password"), h.Required(), h.AutoComplete("current-password"),
				g.If(wrong, g.Group{h.Aria("invalid", "true"), h.Aria("describedby", "problem")}), element.TestID("password")),
			h.Button(h.Class("primary"), element.TestID("sign-in-user"), t.Say("signin.go")),
		),
		element.Fold(t.Text("signin.by_token"), element.Post("/sign-in", h.Class("sign-in"), v.token(t, v.Problem != "" && v.User == ""))),
	}
}

func (v SignIn) next() g.Node { return h.Input(h.Type("hidden"), h.Name("next"), h.Value(v.Next)) }

// token asks for the admin token, and for a name for whom has one.
func (v SignIn) token(t *texts.Texts, wrong bool) g.Node {
	return g.Group{
		v.next(),
		h.Label(h.For("token"), t.Say("signin.token")),
		h.Input(
			h.ID("token"), h.Name("token"), h.Type("password"), h.Required(), h.AutoComplete("current-password"),
			g.If(wrong, g.Group{h.Aria("invalid", "true"), h.Aria("describedby", "problem token-help")}),
			g.If(!wrong, h.Aria("describedby", "token-help")), element.TestID("token"),
		),
		h.P(h.ID("token-help"), h.Class("help"), t.Say("signin.token_help")),
		h.Label(h.For("name"), t.Say("signin.name")),
		h.Input(h.ID("name"), h.Name("name"), h.MaxLength("40"), h.AutoComplete("name"), h.Aria("describedby", "name-help"),
			element.TestID("name")),
		h.P(h.ID("name-help"), h.Class("help"), t.Say("signin.name_help")),
		h.Button(h.Class("primary"), element.TestID("sign-in"), t.Say("signin.go")),
	}
}
