package doctor

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"tania/internal/config"
)

const webhookPath = "/chatwoot/webhook"

// webhookProtection looks how webhooks are told from forgeries, and whether this Chatwoot can do that.
func (x *examination) webhookProtection() {
	const name = "webhook secret"
	c := x.config.Chatwoot
	signs, whose := signsBots, "bots'"
	if x.kind == tokenUser {
		signs, whose = signsAccounts, "account"
	}
	switch {
	case len(c.WebhookSecrets) > 0 && x.version.before(signs):
		x.fail(name, fmt.Sprintf("CHATWOOT_WEBHOOK_SECRET is set, but Chatwoot %s does not sign %s webhooks: all would be refused (401)",
			x.version, whose),
			"upgrade Chatwoot to "+signs.String()+" or later, or use CHATWOOT_WEBHOOK_TOKEN instead")
	case len(c.WebhookSecrets) > 0:
		x.ok(name, "%d set; unsigned webhooks are refused", len(c.WebhookSecrets))
	case c.WebhookToken != "":
		x.ok(name, "none, but a CHATWOOT_WEBHOOK_TOKEN: the address in Chatwoot must end in %s?token=…", webhookPath)
	default:
		x.warn(name, "neither CHATWOOT_WEBHOOK_SECRET nor CHATWOOT_WEBHOOK_TOKEN is set: Chatwoot's webhooks are refused (401); only a program of Tania's own user on this machine may post",
			"set CHATWOOT_WEBHOOK_SECRET to the secret Chatwoot shows with the bot (4.13 and later), or a CHATWOOT_WEBHOOK_TOKEN of your own")
	}
}

// webhookAddress looks whether Chatwoot can and may post to Tania.
func (x *examination) webhookAddress(ctx context.Context) {
	const name = "webhook address"
	base := x.config.Chatwoot.BaseURL
	if base == nil {
		return
	}
	near := private(ctx, base.Hostname())
	if host := x.config.Server.Host; isLoopback(host) && !loopback(ctx, base.Hostname()) {
		x.warn(name, "Tania listens on "+host+" only, and Chatwoot is elsewhere: webhooks arrive only through a proxy on this machine",
			"remove HOST to listen on all addresses, or point a proxy here")
	}
	if x.administrator && x.registered(ctx) {
		return
	}
	switch {
	case x.version.before(guardsPrivate):
		x.info(name, "in Chatwoot the bot's webhook address must be the address of this machine, with %s", webhookPath)
	case near:
		x.warn(name, "Chatwoot has a private address; if Tania's is private too, Chatwoot 4.14 and later does not post webhooks to it",
			"set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true in Chatwoot's environment, or give the bot a public https address ending in "+webhookPath)
	default:
		x.info(name, "the bot's webhook address in Chatwoot must be public, with %s (4.14 and later refuses private ones)", webhookPath)
	}
}

// hook is a bot or an account webhook as Chatwoot lists them.
type hook struct {
	Name          string        `json:"name"`
	OutgoingURL   string        `json:"outgoing_url"`
	URL           string        `json:"url"`
	Secret        config.Secret `json:"secret"`
	Subscriptions []string      `json:"subscriptions"`
}

// registered looks at the bots and webhooks of the account, which an administrator may list. It reports whether it could.
func (x *examination) registered(ctx context.Context) bool {
	var ours []hook
	for _, list := range []string{"webhooks", "agent_bots"} {
		a, err := x.api(ctx, fmt.Sprintf("/api/v1/accounts/%d/%s", x.config.Chatwoot.Account, list))
		var hooks []hook
		if err != nil || a.status != http.StatusOK || !listIn(a.body, &hooks) {
			return false
		}
		for _, h := range hooks {
			if h.OutgoingURL != "" {
				h.URL = h.OutgoingURL
			}
			if u, err := url.Parse(h.URL); err == nil && strings.TrimRight(u.Path, "/") == webhookPath {
				ours = append(ours, h)
			}
		}
	}
	if len(ours) == 0 {
		x.warn("webhook address", "no bot and no webhook of the account points to "+webhookPath,
			"add one in Chatwoot under Settings > Bots or Settings > Integrations > Webhooks")
		return true
	}
	for _, h := range ours {
		x.judge(ctx, h)
	}
	return true
}

// judge looks at one webhook that points to Tania.
func (x *examination) judge(ctx context.Context, h hook) {
	const name = "webhook address"
	u, err := url.Parse(h.URL)
	if err != nil {
		return
	}
	shown := u.Scheme + "://" + u.Host + u.Path
	c := x.config.Chatwoot
	wrong := false
	if private(ctx, u.Hostname()) && !x.version.before(guardsPrivate) {
		wrong = true
		x.warn(name, shown+" is a private address, which Chatwoot 4.14 and later refuses",
			"set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true in Chatwoot's environment, or use a public address")
	}
	if len(h.Subscriptions) > 0 {
		var lacking []string
		for _, event := range []string{"message_created", "message_updated", "conversation_updated", "conversation_status_changed"} {
			if !slices.Contains(h.Subscriptions, event) {
				lacking = append(lacking, event)
			}
		}
		if len(lacking) > 0 {
			wrong = true
			x.warn(name, shown+" is not subscribed to "+strings.Join(lacking, ", "), "tick them at the webhook in Chatwoot")
		}
	}
	if len(c.WebhookSecrets) > 0 && h.Secret != "" && !slices.Contains(c.WebhookSecrets, h.Secret) {
		wrong = true
		x.fail(name, shown+" is signed with a secret that is not in CHATWOOT_WEBHOOK_SECRET: its webhooks are refused (401)",
			"copy the secret from Chatwoot")
	}
	if given := u.Query().Get("token"); len(c.WebhookSecrets) == 0 && c.WebhookToken != "" && given != c.WebhookToken.Reveal() {
		wrong = true
		x.fail(name, shown+" has another token than CHATWOOT_WEBHOOK_TOKEN, or none: its webhooks are refused (401)",
			"end the address in Chatwoot in ?token= and the token")
	}
	if !wrong {
		x.ok(name, "%s is known to Chatwoot", shown)
	}
}

// private reports whether a host is, or resolves to, an address that is not public.
func private(ctx context.Context, host string) bool {
	return slices.ContainsFunc(resolve(ctx, host), func(a netip.Addr) bool {
		return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified()
	})
}

func loopback(ctx context.Context, host string) bool {
	return slices.ContainsFunc(resolve(ctx, host), netip.Addr.IsLoopback)
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// resolve gives a host's addresses, none when it has none.
func resolve(ctx context.Context, host string) []netip.Addr {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr.Unmap()}
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil
	}
	for i := range found {
		found[i] = found[i].Unmap()
	}
	return found
}
