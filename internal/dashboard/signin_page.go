package dashboard

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func (v signInView) nodes(t *texts) g.Node {
	wrong := v.Problem != ""
	return post(
		"/sign-in", h.Class("sign-in"),
		g.If(wrong, banner("bad", h.ID("problem"), h.Role("alert"), testID("problem"), t.say(v.Problem))),
		h.Input(h.Type("hidden"), h.Name("next"), h.Value(v.Next)),
		h.Label(h.For("token"), t.say("signin.token")),
		h.Input(
			h.ID("token"), h.Name("token"), h.Type("password"), h.Required(), h.AutoComplete("current-password"),
			g.If(wrong, g.Group{h.Aria("invalid", "true"), h.Aria("describedby", "problem token-help")}),
			g.If(!wrong, h.Aria("describedby", "token-help")), testID("token"),
		),
		h.P(h.ID("token-help"), h.Class("help"), t.say("signin.token_help")),
		h.Label(h.For("name"), t.say("signin.name")),
		h.Input(h.ID("name"), h.Name("name"), h.MaxLength("40"), h.AutoComplete("name"), h.Aria("describedby", "name-help"), testID("name")),
		h.P(h.ID("name-help"), h.Class("help"), t.say("signin.name_help")),
		h.Button(h.Class("primary"), testID("sign-in"), t.say("signin.go")),
	)
}
