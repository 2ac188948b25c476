package doctor

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// chatwoot looks whether Chatwoot is where CHATWOOT_BASE_URL says; token checks make sense only then.
func (x *examination) chatwoot(ctx context.Context) bool {
	const name = "Chatwoot"
	base := x.config.Chatwoot.BaseURL
	if base == nil {
		x.fail(name, "CHATWOOT_BASE_URL is not set", "set it to Chatwoot's address, https://chat.example.com for example")
		return false
	}
	a, err := x.ask(ctx, http.MethodGet, base.String()+"/api", nil, nil)
	if err != nil {
		text, fix := trouble(err, "CHATWOOT_BASE_URL")
		x.fail(name, fmt.Sprintf("%s: %s", base, text), fix)
		return false
	}
	if a.status >= 300 && a.status < 400 {
		x.redirected(base, a)
		return false
	}
	var said struct {
		Version       string `json:"version"`
		QueueServices string `json:"queue_services"`
		DataServices  string `json:"data_services"`
	}
	if a.status != http.StatusOK || !a.into(&said) || said.Version == "" && said.QueueServices == "" {
		return x.otherwiseChatwoot(ctx, a)
	}
	x.version = parseVersion(said.Version)
	switch {
	case !x.version.known():
		x.ok(name, "%s answers in %d ms, and does not tell its version", base, a.took.Milliseconds())
	case x.version.before(signsAccounts):
		x.warn(name, fmt.Sprintf("%s answers; it is version %s, which lacks typing dots by a bot and signed webhooks", base, x.version),
			"upgrade Chatwoot to "+showsBots.String()+" or later")
	default:
		x.ok(name, "%s answers in %d ms; it is version %s", base, a.took.Milliseconds(), x.version)
	}
	for service, state := range map[string]string{
		"Redis (queue_services)":   said.QueueServices,
		"database (data_services)": said.DataServices,
	} {
		if state != "" && state != "ok" {
			x.warn(name, "it says that its "+service+" is "+state, "see to Chatwoot's own services: without them it sends no webhooks")
		}
	}
	x.clock(a)
	return true
}

// redirected tells the address to use instead. A redirected POST would arrive as a GET, so following is not a fix.
func (x *examination) redirected(base *url.URL, a *answer) {
	to, err := base.Parse(a.header.Get("Location"))
	fix := "set CHATWOOT_BASE_URL to the address that answers itself"
	text := fmt.Sprintf("%s redirects (%d)", base, a.status)
	if err == nil && to.Host != "" {
		better := to.Scheme + "://" + to.Host + strings.TrimSuffix(strings.TrimRight(to.Path, "/"), "/api")
		text += " to " + to.Scheme + "://" + to.Host
		if better != base.String() {
			fix = "set CHATWOOT_BASE_URL=" + better
		}
	}
	x.fail("Chatwoot", text, fix)
}

// otherwiseChatwoot recognises a Chatwoot that does not show /api by the way it asks for a sign-in.
func (x *examination) otherwiseChatwoot(ctx context.Context, first *answer) bool {
	const name = "Chatwoot"
	base := x.config.Chatwoot.BaseURL
	switch {
	case first.status >= 500:
		x.fail(name, fmt.Sprintf("%s answers %d: Chatwoot, or a proxy before it, is down", base, first.status), "start Chatwoot, and see its log")
		return false
	case first.header.Get("Cf-Mitigated") != "":
		x.fail(name, fmt.Sprintf("%s is behind a Cloudflare challenge, which programs cannot pass", base),
			"let requests to /api/ through without a challenge")
		return false
	}
	a, err := x.ask(ctx, http.MethodGet, base.String()+"/api/v1/profile", nil, nil)
	if err == nil && a.status == http.StatusUnauthorized && strings.Contains(a.errorText(), "sign in") {
		x.ok(name, "%s answers, and does not tell its version", base)
		x.clock(a)
		return true
	}
	x.fail(name, fmt.Sprintf("%s answers %d %s, but is not a Chatwoot", base, first.status, first.header.Get("Content-Type")),
		"set CHATWOOT_BASE_URL to the address Chatwoot's dashboard has in the browser, without /app")
	return false
}

// clock compares our time with Chatwoot's: a signature older than five minutes is refused.
func (x *examination) clock(a *answer) {
	theirs, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		x.info("clock", "not checked: Chatwoot's answer has no date")
		return
	}
	ahead := a.at.Sub(theirs)
	text := fmt.Sprintf("this machine is %s ahead of Chatwoot", ahead.Round(time.Second))
	if ahead < 0 {
		text = fmt.Sprintf("this machine is %s behind Chatwoot", (-ahead).Round(time.Second))
	}
	const fix = "set both clocks by NTP"
	switch off := ahead.Abs(); {
	case off > 5*time.Minute:
		x.fail("clock", text+": every signature would be refused as stale or from the future", fix)
	case off > 2*time.Minute:
		x.warn("clock", text+"; from five minutes on signatures are refused", fix)
	default:
		x.ok("clock", "agrees with Chatwoot's")
	}
}
