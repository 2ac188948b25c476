package config

import (
	"net/url"

	"tania/internal/oidc"
	"tania/internal/setting"
)

// OIDC is how people sign in to the dashboard by a provider of OpenID Connect.
type OIDC struct {
	// Issuer is the provider's address as it says it itself, with or without a slash at its end; "": there is none.
	Issuer       string
	ClientID     string
	ClientSecret Secret
	// Redirect is the address of /sign-in/oidc/callback, as browsers see it.
	Redirect    *url.URL
	Scopes      []string
	GroupsClaim string
	Roles       []oidc.Grant
}

// oidcPath is where browsers come back to.
const oidcPath = "/sign-in/oidc/callback"

func signInEntries() []entry {
	o := func(c *Config) *OIDC { return &c.OIDC }
	return []entry{
		row("OIDC_ISSUER", "", issuer(), func(c *Config) *string { return &o(c).Issuer },
			"OpenID Connect provider by which people sign in to the dashboard; unset: by name and password, or the admin token, alone"),
		row("OIDC_CLIENT_ID", "", word("the name that the provider has for Tania"), func(c *Config) *string { return &o(c).ClientID },
			"What the provider calls Tania"),
		row("OIDC_CLIENT_SECRET", "", secret("the provider's secret for Tania"), func(c *Config) *Secret { return &o(c).ClientSecret },
			"What proves to the provider that Tania asks; unset for a public client"),
		row("OIDC_REDIRECT_URL", "", address("https://tania.example.com"+oidcPath+" for example", callbackPath),
			func(c *Config) **url.URL { return &o(c).Redirect },
			"The dashboard's address as browsers see it, with "+oidcPath+" behind it; the provider has to know it"),
		row("OIDC_ROLES", "", listOf(grant(), "NAME=ROLE, separated by commas: ana@example.com=operator, @example.com=viewer, a-group=editor, *=viewer"),
			func(c *Config) *[]oidc.Grant { return &o(c).Roles },
			"Who may do what: an e-mail address that the provider has verified, a domain of such, a group, or everybody whom it knows; of several, the one that may most"),
		row("OIDC_GROUPS_CLAIM", "groups", word("the name of a claim"), func(c *Config) *string { return &o(c).GroupsClaim },
			"The claim in which the provider lists a person's groups"),
		row("OIDC_SCOPES", "openid,email,profile", listOf(word("a scope"), "scopes, separated by commas"),
			func(c *Config) *[]string { return &o(c).Scopes },
			"What the provider is asked for; some want one more for groups"),
	}
}

// issuer is an address that is compared as it is written.
func issuer() kind[string] {
	of := address("the provider's address, https://login.example.com for example", func(*url.URL) error { return nil })
	return kind[string]{of.allowed, func(s string) (string, error) {
		_, err := of.parse(s)
		return s, err
	}}
}

func grant() kind[oidc.Grant] { return kind[oidc.Grant]{"NAME=ROLE", oidc.ParseGrant} }

func callbackPath(u *url.URL) error {
	if u.Path != oidcPath {
		return wrong{"does not end in " + oidcPath, "put " + oidcPath + " behind the dashboard's address"}
	}
	return nil
}

// crossCheck finds what is missing beside an issuer.
func (o *OIDC) crossCheck() (ps setting.Problems) {
	missing := func(name, fix string) {
		ps = append(ps, setting.Problem{Name: name, Text: "is not set, and OIDC_ISSUER is", Fix: fix + ", or remove OIDC_ISSUER"})
	}
	if o.Issuer == "" {
		return nil
	}
	if o.ClientID == "" {
		missing("OIDC_CLIENT_ID", "set it to what the provider calls Tania")
	}
	if o.Redirect == nil {
		missing("OIDC_REDIRECT_URL", "set it to the dashboard's address with "+oidcPath+" behind it")
	}
	if len(o.Roles) == 0 {
		missing("OIDC_ROLES", "say who may do what")
	}
	return ps
}
