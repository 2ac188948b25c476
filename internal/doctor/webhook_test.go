package doctor

import (
	"testing"
)

func TestWebhooksAreProtected(t *testing.T) {
	for _, x := range []struct {
		name    string
		pages   map[string]page
		setting string
		status  Status
		words   []string
	}{
		{"by a secret", bot("4.15.1"), "CHATWOOT_WEBHOOK_SECRET=" + secret, OK, []string{"1 set"}},
		{
			"by a secret that an old Chatwoot does not use", bot("4.12.1"), "CHATWOOT_WEBHOOK_SECRET=" + secret, Fail,
			[]string{"4.12.1 does not sign bots' webhooks", "4.13.0", "CHATWOOT_WEBHOOK_TOKEN"},
		},
		{
			"by a secret of an account webhook, signed earlier", user("4.12.1", "agent"), "CHATWOOT_WEBHOOK_SECRET=" + secret, OK,
			[]string{"1 set"},
		},
		{"by a secret, version untold", bot("edge"), "CHATWOOT_WEBHOOK_SECRET=" + secret, OK, []string{"1 set"}},
		{"by a token", bot("4.15.1"), "CHATWOOT_WEBHOOK_TOKEN=" + hookTok, OK, []string{"/chatwoot/webhook?token="}},
		{"by nothing", bot("4.15.1"), "X=y", Warn, []string{"refused (401)"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			expect(t, examine(t, Deps{}, chat(serve(t, x.pages), x.setting)...), "webhook secret", x.status, x.words...)
		})
	}
}

func TestTheRESTTokenAsSecretIsFoundOut(t *testing.T) {
	checks := examine(t, Deps{}, chat(serve(t, bot("4.15.1")), "CHATWOOT_WEBHOOK_SECRET="+apiToken)...)
	expect(t, checks, "configuration", Fail, "the same as CHATWOOT_API_ACCESS_TOKEN")
}

func TestAPrivateAddressIsWarnedOf(t *testing.T) {
	checks := examine(t, Deps{}, chat(serve(t, bot("4.15.1")))...)
	expect(t, checks, "webhook address", Warn, "SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true")

	checks = examine(t, Deps{}, chat(serve(t, bot("4.13.0")))...)
	none(t, checks, "webhook address", Warn)

	// 192.0.2.1 is public as far as Chatwoot is concerned, and reserved for documentation: nothing answers there.
	checks = examine(t, Deps{Transport: dead{}}, "CHATWOOT_BASE_URL=https://192.0.2.1", "HOST=127.0.0.1")
	expect(t, checks, "webhook address", Warn, "listens on 127.0.0.1 only")
	expect(t, checks, "webhook address", Info, "must be public")
}

func TestAnAdministratorsTokenShowsTheWebhooksThemselves(t *testing.T) {
	const all = `"subscriptions":["message_created","message_updated","conversation_updated","conversation_status_changed"]`
	const ours = `{"id":1,"url":"https://192.0.2.7/chatwoot/webhook?token=` + hookTok + `","secret":"` + secret + `",` + all + `}`
	for _, x := range []struct {
		name, webhooks, bots string
		settings             []string
		status               Status
		words                []string
	}{
		{
			"right", `{"payload":{"webhooks":[` + ours + `]}}`, `[]`,
			[]string{"CHATWOOT_WEBHOOK_SECRET=other," + secret},
			OK,
			[]string{"https://192.0.2.7/chatwoot/webhook is known"},
		},
		{"as swagger has the list", `[` + ours + `]`, `[]`, []string{"CHATWOOT_WEBHOOK_SECRET=" + secret}, OK, nil},
		{"another secret", `[` + ours + `]`, `[]`, []string{"CHATWOOT_WEBHOOK_SECRET=other"}, Fail, []string{"not in CHATWOOT_WEBHOOK_SECRET"}},
		{"the token", `[` + ours + `]`, `[]`, []string{"CHATWOOT_WEBHOOK_TOKEN=" + hookTok}, OK, nil},
		{"another token", `[` + ours + `]`, `[]`, []string{"CHATWOOT_WEBHOOK_TOKEN=another-token"}, Fail, []string{"another token"}},
		{
			"nothing points here", `[{"url":"https://else.example/x"}]`, `[{"outgoing_url":"https://else.example/chatwoot"}]`, nil, Warn,
			[]string{"no bot and no webhook"},
		},
		{"a bot points here", `[]`, `[{"name":"Tania","outgoing_url":"https://192.0.2.7/chatwoot/webhook/"}]`, nil, OK, nil},
		{
			"a private address", `[]`, `[{"outgoing_url":"http://10.0.0.5:8787/chatwoot/webhook"}]`, nil, Warn,
			[]string{"10.0.0.5:8787", "SAFE_FETCH"},
		},
		{
			"an event not subscribed", `[{"url":"https://192.0.2.7/chatwoot/webhook","subscriptions":["message_created","conversation_updated"]}]`,
			`[]`, nil, Warn,
			[]string{"message_updated, conversation_status_changed"},
		},
		{"an address that is none", `[{"url":"http://[::1"}]`, `[]`, nil, Warn, []string{"no bot and no webhook"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			pages := user("4.15.1", "administrator")
			pages["/api/v1/accounts/3/webhooks"] = page{body: x.webhooks}
			pages["/api/v1/accounts/3/agent_bots"] = page{body: x.bots}
			expect(t, examine(t, Deps{}, chat(serve(t, pages), x.settings...)...), "webhook address", x.status, x.words...)
		})
	}
}
