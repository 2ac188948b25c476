package doctor

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

const missing = "/api/v1/accounts/3/conversations/2147483647"

// bot is a Chatwoot as a bot's token sees it.
func bot(version string) map[string]page {
	return map[string]page{
		"/api":            api(version),
		"/api/v1/profile": {status: 401, body: `{"error":"Access to this endpoint is not authorized for bots"}`},
	}
}

// user is a Chatwoot as a user's token sees it.
func user(version, role string) map[string]page {
	return map[string]page{
		"/api": api(version),
		"/api/v1/profile": {body: `{"id":7,"name":"Ana","email":"a@b.c","access_token":"` + apiToken +
			`","accounts":[{"id":1,"role":"agent"},{"id":3,"role":"` + role + `"}]}`},
	}
}

func chat(site *site, more ...string) []string {
	return append([]string{"CHATWOOT_BASE_URL=" + site.URL, "CHATWOOT_API_ACCESS_TOKEN=" + apiToken, "CHATWOOT_ACCOUNT_ID=3"}, more...)
}

func TestABotsToken(t *testing.T) {
	for _, x := range []struct {
		name   string
		page   page
		status Status
		words  []string
	}{
		{
			"works",
			page{status: 404, body: `{"error":"Resource could not be found"}`},
			OK,
			[]string{"agent bot's and works", "may not list messages"},
		},
		{
			"of an old Chatwoot",
			page{status: 401, body: `{"error":"Access to this endpoint is not authorized for bots"}`},
			Warn,
			[]string{"does not let bots read", "4.14.2"},
		},
		{
			"of another account",
			page{status: 401, body: `{"error":"Bot is not authorized to access this account"}`},
			Fail,
			[]string{"no access to the account 3", "CHATWOOT_ACCOUNT_ID"},
		},
		{"of a suspended account", page{status: 401, body: `{"error":"Account is suspended"}`}, Fail, []string{"Account is suspended"}},
		{
			"without API in its plan",
			page{status: 403, body: `{"error":"API access is not enabled for this account"}`},
			Fail,
			[]string{"API access is not enabled", "plan"},
		},
		{"when Chatwoot stumbles", page{status: 500, body: `<html>` + apiToken + `</html>`}, Fail, []string{"answers 500", "(secret)"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			pages := bot("4.15.1")
			pages[missing] = x.page
			expect(t, examine(t, Deps{}, chat(serve(t, pages))...), tokenCheck, x.status, x.words...)
		})
	}
}

func TestABotsTokenWithTheWrongStatuses(t *testing.T) {
	checks := examine(t, Deps{}, chat(serve(t, bot("4.15.1")), "BOT_REPLY_STATUSES=open")...)
	expect(t, checks, tokenCheck, Warn, "BOT_REPLY_STATUSES=pending")
}

func TestAUsersToken(t *testing.T) {
	site := serve(t, user("4.15.1", "agent"))
	checks := examine(t, Deps{}, chat(site, "BOT_REPLY_STATUSES=pending,open")...)
	expect(t, checks, tokenCheck, OK, `user "Ana"'s (7, agent)`)
	none(t, checks, "BOT_REPLY_STATUSES", Warn)

	checks = examine(t, Deps{}, chat(site)...)
	expect(t, checks, "BOT_REPLY_STATUSES", Warn, "BOT_REPLY_STATUSES=pending,open")

	checks = examine(t, Deps{}, chat(site, "CHATWOOT_ACCOUNT_ID=9")...)
	expect(t, checks, tokenCheck, Fail, "not in the account 9", "one of: 1, 3")

	checks = examine(t, Deps{}, chat(site, "CHATWOOT_ACCOUNT_ID=")...)
	expect(t, checks, tokenCheck, Warn, "CHATWOOT_ACCOUNT_ID is not set", "one of: 1, 3")
}

func TestATokenThatChatwootDoesNotTake(t *testing.T) {
	site := serve(t, bot("4.15.1"))
	checks := examine(t, Deps{}, "CHATWOOT_BASE_URL="+site.URL, "CHATWOOT_API_ACCESS_TOKEN=old")
	expect(t, checks, tokenCheck, Fail, "does not know CHATWOOT_API_ACCESS_TOKEN", "Settings > Bots")

	checks = examine(t, Deps{}, "CHATWOOT_BASE_URL="+site.URL)
	expect(t, checks, tokenCheck, Fail, "CHATWOOT_API_ACCESS_TOKEN is not set")

	checks = examine(t, Deps{}, "CHATWOOT_BASE_URL="+site.URL, "CHATWOOT_API_ACCESS_TOKEN="+apiToken)
	expect(t, checks, tokenCheck, Warn, "CHATWOOT_ACCOUNT_ID is not set")
}

func TestAProxyThatRemovesTheTokenIsNamed(t *testing.T) {
	site := serve(t, bot("4.15.1"))
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Api-Access-Token")
		site.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	checks := examine(t, Deps{}, chat(site, "CHATWOOT_BASE_URL="+proxy.URL)...)
	expect(t, checks, tokenCheck, Fail, "did not see the token", "underscores_in_headers")
}

func TestInboxesAndTeamsMustExist(t *testing.T) {
	pages := user("4.15.1", "agent")
	pages["/api/v1/accounts/3/inboxes"] = page{body: `{"payload":[{"id":11,"name":"Web"},{"id":12,"name":"WhatsApp"}]}`}
	pages["/api/v1/accounts/3/teams"] = page{body: `[{"id":4,"name":"sales"}]`}
	site := serve(t, pages)

	checks := examine(t, Deps{}, chat(site, `CHATWOOT_INBOX_TO_TEAM={"11":4}`, "CHATWOOT_INBOX_ALLOWLIST=11,12")...)
	expect(t, checks, "inboxes", OK)
	expect(t, checks, "teams", OK)

	checks = examine(t, Deps{}, chat(site, `CHATWOOT_INBOX_TO_TEAM={"13":5}`)...)
	expect(t, checks, "inboxes", Fail, "[13]", "11 (Web)")
	expect(t, checks, "teams", Fail, "[5]", "4 (sales)")

	checks = examine(t, Deps{}, chat(serve(t, user("4.15.1", "agent")), `CHATWOOT_INBOX_TO_TEAM={"11":4}`)...)
	expect(t, checks, "teams", Info, "not checked")
}
