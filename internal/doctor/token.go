package doctor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tania/internal/tania"
)

const tokenCheck = "Chatwoot token" //nolint:gosec // the name of a check

// whereTokens says where Chatwoot shows tokens.
const whereTokens = "copy it again: a bot's is under Settings > Bots, a user's under Profile settings > Access token"

// profile is what GET /api/v1/profile says of a user.
type profile struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Accounts []struct {
		ID   int64  `json:"id"`
		Role string `json:"role"`
	} `json:"accounts"`
}

// token finds out whose the token is and what it may do. The profile is a user's only: a bot is refused there in words
// of its own (AccessTokenAuthHelper), which is how it is recognised.
func (x *examination) token(ctx context.Context) {
	if x.config.Chatwoot.Token == "" {
		x.fail(tokenCheck, "CHATWOOT_API_ACCESS_TOKEN is not set", "make a bot in Chatwoot under Settings > Bots and copy its access token")
		return
	}
	a, err := x.api(ctx, "/api/v1/profile")
	if err != nil {
		text, fix := trouble(err, "CHATWOOT_BASE_URL")
		x.fail(tokenCheck, "not checked: "+text, fix)
		return
	}
	var p profile
	said := a.errorText()
	switch {
	case a.status == http.StatusOK && a.into(&p) && p.ID > 0:
		x.kind = tokenUser
		x.userToken(ctx, p)
	case a.status == http.StatusUnauthorized && strings.Contains(said, "not authorized for bots"):
		x.kind = tokenBot
		x.botToken(ctx)
	case a.status == http.StatusUnauthorized && strings.Contains(said, "sign in"):
		x.fail(tokenCheck, "Chatwoot did not see the token: a proxy before it removes the header Api-Access-Token",
			"let the header through (nginx: underscores_in_headers on, and no proxy_set_header that empties it)")
	default:
		x.refused(a)
	}
}

// refused tells why Chatwoot does not take the token at all. It reports false when the answer is not a refusal it knows.
func (x *examination) refused(a *answer) bool {
	said := a.errorText()
	switch {
	case strings.Contains(said, "Invalid Access Token"):
		x.fail(tokenCheck, "Chatwoot does not know CHATWOOT_API_ACCESS_TOKEN", whereTokens)
	case strings.Contains(said, "suspended"):
		x.fail(tokenCheck, "Chatwoot says: "+said, "ask whoever runs this Chatwoot to lift the suspension")
	case strings.Contains(said, "not authorized to access this account"):
		x.fail(tokenCheck, fmt.Sprintf("the token has no access to the account %d", x.config.Chatwoot.Account),
			"set CHATWOOT_ACCOUNT_ID to the number after /accounts/ in the dashboard's address, or use a bot of that account")
	case a.status == http.StatusForbidden:
		x.fail(tokenCheck, "Chatwoot refuses the API: "+said, "choose a plan with API access, or ask whoever runs this Chatwoot")
	default:
		x.fail(tokenCheck, fmt.Sprintf("Chatwoot answers %d: %s", a.status, said), "see Chatwoot's log, and check CHATWOOT_BASE_URL")
		return false
	}
	return true
}

// botToken checks a bot's token against the account, by a conversation that cannot exist.
func (x *examination) botToken(ctx context.Context) {
	account := x.config.Chatwoot.Account
	if account == 0 {
		x.warn(tokenCheck, "is an agent bot's; CHATWOOT_ACCOUNT_ID is not set, so its account is not checked",
			"set it to the number after /accounts/ in the dashboard's address")
		return
	}
	a, err := x.api(ctx, fmt.Sprintf("/api/v1/accounts/%d/conversations/2147483647", account))
	if err != nil {
		text, fix := trouble(err, "CHATWOOT_BASE_URL")
		x.fail(tokenCheck, "its account is not checked: "+text, fix)
		return
	}
	limits := "may answer, hand over, assign and label; may not list messages (the history comes from webhooks alone), contacts, teams or agents"
	switch {
	case a.status == http.StatusNotFound:
		x.ok(tokenCheck, "is an agent bot's and works; it %s", limits)
	case strings.Contains(a.errorText(), "not authorized for bots"):
		x.warn(tokenCheck, "is an agent bot's; this Chatwoot does not let bots read conversations or labels, so a handoff sets no label, and a human who steps in is seen by webhook only",
			"upgrade Chatwoot to "+showsBots.String()+" or later")
	default:
		x.refused(a)
	}
	if !slices.Contains(x.config.Governor.ReplyStatuses, tania.StatusPending) {
		x.warn(tokenCheck, "a bot's conversations are pending, but BOT_REPLY_STATUSES does not hold pending: the bot would stay silent",
			"set BOT_REPLY_STATUSES=pending")
	}
}

// userToken checks a user's token, and what is different with one.
func (x *examination) userToken(ctx context.Context, p profile) {
	account := int64(x.config.Chatwoot.Account)
	role := ""
	var ids []string
	for _, a := range p.Accounts {
		ids = append(ids, fmt.Sprint(a.ID))
		if a.ID == account {
			role = a.Role
		}
	}
	switch {
	case account == 0:
		x.warn(tokenCheck, fmt.Sprintf("is the user %q's (%d); CHATWOOT_ACCOUNT_ID is not set, so its account is not checked", p.Name, p.ID),
			"set it to one of: "+strings.Join(ids, ", "))
	case role == "":
		x.fail(tokenCheck, fmt.Sprintf("is the user %q's (%d), who is not in the account %d", p.Name, p.ID, account),
			"set CHATWOOT_ACCOUNT_ID to one of: "+strings.Join(ids, ", ")+"; or invite the user")
		return
	default:
		x.administrator = role == "administrator"
		x.ok(tokenCheck, "is the user %q's (%d, %s) and works; Tania's messages appear as this user's, and are known by their marker", p.Name,
			p.ID, role)
	}
	if !slices.Contains(x.config.Governor.ReplyStatuses, tania.StatusOpen) {
		x.warn("BOT_REPLY_STATUSES", "without an agent bot on the inbox conversations are open all the time, and the bot would stay silent",
			"set BOT_REPLY_STATUSES=pending,open, or connect an agent bot")
	}
	if account != 0 {
		x.inboxesAndTeams(ctx)
	}
}

// api asks Chatwoot with the token. The header is spelled with hyphens, which proxies let through.
func (x *examination) api(ctx context.Context, path string) (*answer, error) {
	header := http.Header{"Api-Access-Token": {x.config.Chatwoot.Token.Reveal()}}
	return x.ask(ctx, http.MethodGet, x.config.Chatwoot.BaseURL.String()+path, header, nil)
}
