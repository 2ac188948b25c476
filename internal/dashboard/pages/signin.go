package pages

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
)

// SignIn is the form's data.
type SignIn struct {
	Next string
	// Problem is a text's key.
	Problem string
}

// Nodes implements element.Content.
func (v SignIn) Nodes(t *texts.Texts) g.Node {
	wrong := v.Problem != ""
	return element.Post(
		"/sign-in", h.Class("sign-in"),
		g.If(wrong, element.Banner("bad", h.ID("problem"), h.Role("alert"), element.TestID("problem"), t.Say(v.Problem))),
		h.Input(h.Type("hidden"), h.Name("next"), h.Value(v.Next)),
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
	)
}
