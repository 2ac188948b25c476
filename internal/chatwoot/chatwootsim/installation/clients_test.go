package installation

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/openapitest"
	"tania/internal/tania"
)

// TestTheRoutesOfOtherClientsFitChatwootsDescription holds contacts, lists, labels, inboxes and the public API against the OpenAPI
// document.
func TestTheRoutesOfOtherClientsFitChatwootsDescription(t *testing.T) {
	user := openapitest.New(t).ForUser()
	s := newShop(t, nil)
	s.writes("Hi")
	const public = "/public/api/v1/inboxes/inbox-13"
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{
			"POST", account + "/contacts",
			`{"inbox_id":13,"name":"Ana","email":"ana@example.com","phone_number":"+5215512345678","custom_attributes":{"a":"b"}}`, 200,
		},
		{"GET", account + "/contacts", "", 200},
		{"GET", account + "/contacts/search?q=ana", "", 200},
		{"GET", account + "/contacts/502", "", 200},
		{"GET", account + "/contacts/999", "", 404},
		{"GET", account + "/contacts/501/conversations", "", 200},
		{"GET", account + "/contacts/502/contactable_inboxes", "", 200},
		{"POST", account + "/contacts/502/labels", `{"labels":["vip"]}`, 200},
		{"GET", account + "/contacts/502/labels", "", 200},
		{"POST", account + "/conversations", `{"inbox_id":13,"contact_id":502,"status":"open","custom_attributes":{"a":"b"}}`, 200},
		{"GET", account + "/conversations?status=all", "", 200},
		{"GET", account + "/conversations/meta?status=all", "", 200},
		{
			"POST", account + "/conversations/filter",
			`{"payload":[{"attribute_key":"status","filter_operator":"equal_to","values":["open"],"query_operator":"AND"}]}`, 200,
		},
		{"GET", account + "/inboxes/13", "", 200},
		{"POST", account + "/labels", `{"title":"vip","description":"Important","color":"#ff0000","show_on_sidebar":true}`, 200},
		{"GET", account + "/labels", "", 200},
		{"GET", public, "", 200},
		{"POST", public + "/contacts", `{"name":"Luis","identifier":"luis-1","source_id":"source-1"}`, 200},
		{"GET", public + "/contacts/source-1", "", 200},
		{"PATCH", public + "/contacts/source-1", `{"name":"Luis M."}`, 200},
		{"POST", public + "/contacts/source-1/conversations", `{"custom_attributes":{"a":"b"}}`, 200},
		{"POST", public + "/contacts/source-1/conversations/3/messages", `{"content":"Hola","echo_id":"e"}`, 200},
		{"GET", public + "/contacts/source-1/conversations/3/messages", "", 200},
		{"GET", public + "/contacts/source-1/conversations", "", 200},
		{"GET", public + "/contacts/source-1/conversations/3", "", 200},
		{"POST", public + "/contacts/source-1/conversations/3/toggle_typing?typing_status=on", "", 200},
		{"POST", public + "/contacts/source-1/conversations/3/update_last_seen", "", 200},
		{"POST", public + "/contacts/source-1/conversations/3/toggle_status", "", 200},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), c.method, s.http.URL+c.path, http.NoBody)
			s.must(err)
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Api-Access-Token", userToken)
			got := s.call(userToken, c.method, c.path, c.body)
			if got.status != c.status {
				t.Fatalf("status %d, want %d: %s", got.status, c.status, got.raw)
			}
			user.Response(t, req, &http.Response{StatusCode: got.status, Header: got.header, Request: req}, []byte(got.raw))
		})
	}
}

// TestWhatContactsMayNotBe are Contact's validations, in Chatwoot's words.
func TestWhatContactsMayNotBe(t *testing.T) {
	s := newShop(t, nil)
	s.call(userToken, "POST", account+"/contacts",
		`{"name":"Ana","email":"ana@example.com","phone_number":"+5215512345678","identifier":"ana"}`)
	for body, want := range map[string]string{
		`{"email":"ANA@example.com"}`:       "Email has already been taken",
		`{"phone_number":"+5215512345678"}`: "Phone number has already been taken",
		`{"phone_number":"55 1234"}`:        "Phone number should be in e164 format",
		`{"identifier":"ana"}`:              "Identifier has already been taken",
		`{"email":"ana"}`:                   "Email Invalid email",
	} {
		if got := s.call(userToken, "POST", account+"/contacts", body); got.status != 422 || got.body["message"] != want {
			t.Errorf("%s: %d %s", body, got.status, got.raw)
		}
	}
	if got := s.call(userToken, "PATCH", account+"/contacts/501", `{"blocked":true,"custom_attributes":{"plan":"gold"}}`); got.status != 200 {
		t.Errorf("%d %s", got.status, got.raw)
	}
	m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Contact: 501, Inbox: 13, Text: "Hi"})
	s.must(err)
	s.settle()
	hooks := s.bot.all()
	sender, _ := hooks[0].event["sender"].(rails.Object)
	if sender["blocked"] != true || at(t, hooks[0].event, "sender.custom_attributes.plan") != "gold" {
		t.Errorf("the webhook of %d: %v", m.ID, sender)
	}
}

func TestConversationsAreFilteredAndListedInPages(t *testing.T) {
	s := newShop(t, nil)
	for n := range 30 {
		s.pass(time.Second)
		id := s.writes(fmt.Sprint("question ", n)).Conversation
		if n%2 == 0 {
			s.must(s.SetStatus(id, 7, tania.StatusOpen, time.Time{}))
		}
		if n%3 == 0 {
			s.must(s.SetLabels(id, []string{"vip"}))
		}
	}
	ids := func(r reply) []int {
		var list []int
		all, _ := r.body["payload"].([]any)
		if data, ok := r.body["data"].(rails.Object); ok {
			all, _ = data["payload"].([]any)
		}
		for _, c := range all {
			list = append(list, int(c.(rails.Object)["id"].(float64)))
		}
		return list
	}
	list := func(query string) []int {
		return ids(s.call(userToken, "GET", account+"/conversations"+query, ""))
	}
	for query, want := range map[string]int{
		"": 15, "?status=all": 25, "?status=all&page=2": 5, "?status=pending": 15,
		"?status=all&labels[]=vip": 10, "?q=question+7": 1, "?status=all&inbox_id=13": 0,
	} {
		if got := list(query); len(got) != want {
			t.Errorf("%q lists %d, want %d", query, len(got), want)
		}
	}
	if got := list("?status=all"); got[0] != 30 || got[24] != 6 {
		t.Errorf("not the latest first: %v", got)
	}
	one := func(key, operator, value, joined string) string {
		return fmt.Sprintf(`{"attribute_key":%q,"filter_operator":%q,"values":[%q],"query_operator":%q}`, key, operator, value, joined)
	}
	for body, want := range map[string][]int{
		one("display_id", "equal_to", "4", "or") + "," + one("display_id", "equal_to", "5",
			""): {5, 4},
		one("status", "equal_to", "open", "and") + "," + one("labels", "equal_to", "vip", "and") + "," +
			one("display_id", "is_less_than", "8", ""): {7, 1},
		one("status", "not_equal_to", "open", "and") + "," + one("display_id", "is_less_than", "3", "or") + "," +
			one("display_id", "equal_to", "9", ""): {9, 2},
		one("labels", "is_present", "", "and") + "," + one("display_id", "is_greater_than", "27",
			""): {28},
		one("assignee_id", "is_not_present", "", "and") + "," + one("created_at", "is_less_than", "2026-06-17T09:00:03.500Z",
			""): {2, 1},
	} {
		if got := ids(s.call(userToken, "POST", account+"/conversations/filter", `{"payload":[`+body+`]}`)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
	for body, want := range map[string]string{
		one("colour", "equal_to", "red", ""):      "Invalid attribute key - [colour]",
		one("status", "sounds_like", "open", ""):  "Invalid operator",
		one("status", "equal_to", "open", "NAND"): "Query operator must be",
	} {
		if got := s.call(userToken, "POST", account+"/conversations/filter", `{"payload":[`+body+`]}`); got.status != 422 ||
			!strings.Contains(got.raw, want) {
			t.Errorf("%s: %d %s", body, got.status, got.raw)
		}
	}
}

// TestThePublicAPIShowsAContactTheirOwnAlone: no notes, no conversations of others, no other inboxes.
func TestThePublicAPIShowsAContactTheirOwnAlone(t *testing.T) {
	s := newShop(t, nil)
	const public = "/public/api/v1/inboxes/inbox-13/contacts"
	s.call("", "POST", public, `{"source_id":"one"}`)
	s.call("", "POST", public, `{"source_id":"two"}`)
	s.call("", "POST", public+"/one/conversations", "")
	s.call("", "POST", public+"/one/conversations/1/messages", `{"content":"Hola"}`)
	s.says(1, `{"content":"Buenas"}`)
	s.says(1, `{"content":"note","private":true}`)
	if got := s.call("", "GET", public+"/one/conversations/1/messages", ""); strings.Count(got.raw, `"content":`) != 2 ||
		strings.Contains(got.raw, "note") {
		t.Errorf("%s", got.raw)
	}
	for _, path := range []string{
		public + "/two/conversations/1", public + "/nobody", "/public/api/v1/inboxes/inbox-11/contacts/one",
		"/public/api/v1/inboxes/none",
	} {
		if got := s.call("", "GET", path, ""); got.status != 404 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	again := s.call("", "POST", public, `{"source_id":"one"}`)
	if first := s.call("", "GET", public+"/one", ""); first.body["id"] != again.body["id"] {
		t.Errorf("%s and %s", first.raw, again.raw)
	}
	s.call("", "POST", public+"/one/conversations/1/toggle_status", "")
	if c, _ := s.Conversation(1); c.Status != tania.StatusResolved {
		t.Errorf("%+v", c)
	}
}

func TestTheHelpCentreIsThereAsJSONAndAsPages(t *testing.T) {
	portal := chatwootsim.Portal{
		Slug: "docs", Name: "Docs", Locales: []string{"es", "en"},
		Categories: []chatwootsim.Category{{Slug: "pagos", Locale: "es", Name: "Pagos"}, {Slug: "pay", Locale: "en", Name: "Pay"}},
	}
	for n := range 60 {
		portal.Articles = append(portal.Articles, chatwootsim.Article{
			Slug: fmt.Sprint("es-", n), Locale: "es", Title: fmt.Sprint("Artículo ", n),
			Content: "**Texto**", Views: int64(n),
		})
	}
	portal.Articles = append(portal.Articles, chatwootsim.Article{
		Slug: "en-1", Locale: "en", Category: "pay", Title: "Cards",
		Content: "Visa & <b>others</b>",
	},
		chatwootsim.Article{Slug: "draft", Locale: "en", Category: "pay", Title: "Draft", Content: "secret", Status: "draft"})
	portal.Articles[3].Category = "pagos"
	s := newShop(t, func(o *chatwootsim.Options) { o.Portals = []chatwootsim.Portal{portal} })
	for path, want := range map[string]string{
		"/hc/docs/es/articles.json":                       "60 of 60, first es-0",
		"/hc/docs/es/articles.json?per_page=25&page=3":    "10 of 60, first es-50",
		"/hc/docs/es/articles.json?per_page=500":          "60 of 60, first es-0",
		"/hc/docs/es/articles.json?sort=views&per_page=1": "1 of 60, first es-59",
		"/hc/docs/es/articles.json?query=art%C3%ADculo+7": "6 of 6, first es-7",
		"/hc/docs/en/articles.json":                       "1 of 1, first en-1",
		"/hc/docs/es/categories/pagos/articles.json":      "1 of 1, first es-3",
		"/hc/docs/en/categories/pay/articles.json":        "1 of 1, first en-1",
	} {
		got := s.call("", "GET", path, "")
		list, _ := got.body["payload"].([]any)
		if len(list) == 0 {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
			continue
		}
		if is := fmt.Sprintf("%d of %v, first %v", len(list), at(t, got.body, "meta.articles_count"),
			at(t, got.body, "payload.0.slug")); is != want {
			t.Errorf("%s: %s, want %s", path, is, want)
		}
	}
	if got := s.call("", "GET", "/hc/docs/articles/en-1.json", ""); got.body["content"] != "Visa & <b>others</b>" ||
		at(t, got.body, "category.slug") != "pay" {
		t.Errorf("%s", got.raw)
	}
	if got := s.call("", "GET", "/hc/docs/articles/en-1", ""); !strings.Contains(got.raw, "Visa &amp; &lt;b&gt;others") {
		t.Errorf("%s", got.raw)
	}
	if got := s.call("", "GET", "/hc/docs/en/articles", ""); !strings.Contains(got.raw, `<a href="/hc/docs/articles/en-1">Cards</a>`) ||
		strings.Contains(got.raw, "Draft") {
		t.Errorf("%s", got.raw)
	}
	if got := s.call("", "GET", "/hc/docs/es/categories.json", ""); at(t, got.body, "payload.0.slug") != "pagos" ||
		at(t, got.body, "payload.0.meta.articles_count") != 1.0 {
		t.Errorf("%s", got.raw)
	}
	if got := s.call("", "GET", "/hc/docs.json", ""); at(t, got.body, "meta.default_locale") != "es" ||
		at(t, got.body, "meta.articles_count") != 61.0 {
		t.Errorf("%s", got.raw)
	}
	for _, path := range []string{
		"/hc/docs/pt/articles.json", "/hc/none/es/articles.json", "/hc/docs/articles/draft.json",
		"/hc/docs/es/categories/pay.json", "/hc/docs/es/x/y/z.json",
	} {
		if got := s.call("", "GET", path, ""); got.status != 404 {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
}
