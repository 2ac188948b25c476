package helpcentre

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/knowledge/source/fetch"
	"tania/internal/knowledge/source/learned"
)

// fetcher may read a server of the test, and does not wait.
func fetcher(t *testing.T, address string) *fetch.Fetcher {
	t.Helper()
	f, err := fetch.New(fetch.Options{
		Private: []string{strings.TrimPrefix(address, "http://")},
		Sleep:   func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func read(t *testing.T, server, path string) (learned.Reading, error) {
	t.Helper()
	p, ok := Find(server + path)
	if !ok {
		t.Fatalf("%s is no help centre", path)
	}
	return Read(t.Context(), fetcher(t, server), p)
}

func simulated(t *testing.T, portals ...chatwootsim.Portal) string {
	t.Helper()
	sim, err := installation.New(chatwootsim.Options{Portals: portals, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	return server.URL
}

func TestEveryPublishedArticleOfEveryLanguageIsRead(t *testing.T) {
	server := simulated(t)
	var first []string
	for _, path := range []string{
		"/hc/help", "/hc/help/", "/hc/help/es", "/hc/help/pt_BR/categories/pedidos", "/hc/help/articles/return-an-item",
	} {
		r, err := read(t, server, path)
		if err != nil || r.Partial {
			t.Fatalf("%s: %+v, %v", path, r, err)
		}
		titles := map[string]string{}
		for _, d := range r.Documents {
			titles[d.Title] = d.Source
		}
		if len(titles) != 6 || titles["Return an item"] != server+"/hc/help/articles/return-an-item" ||
			titles["¿Cuánto tarda el envío?"] == "" || titles["Quanto demora a entrega?"] == "" {
			t.Errorf("%s: %v", path, titles)
		}
		ids := []string{}
		for _, d := range r.Documents {
			ids = append(ids, d.ID)
		}
		if path == "/hc/help" {
			first = ids
			if !strings.Contains(r.Documents[0].Text, "**the next working day**") {
				t.Errorf("%+v", r.Documents[0])
			}
		}
		if len(ids) != len(first) {
			t.Errorf("%s: %v", path, ids)
		}
	}
}

func TestVeryManyArticlesAreReadInPagesUpToTheLimit(t *testing.T) {
	portal := func(articles int) chatwootsim.Portal {
		p := chatwootsim.Portal{Slug: "big", Name: "Big", Locales: []string{"en"}}
		for n := range articles {
			p.Articles = append(p.Articles, chatwootsim.Article{
				Slug: fmt.Sprint("a-", n), Locale: "en", Title: fmt.Sprint("A ", n), Content: "text",
			})
		}
		return p
	}
	r, err := read(t, simulated(t, portal(250)), "/hc/big")
	if err != nil || len(r.Documents) != 250 || r.Partial || len(r.Notes) > 0 {
		t.Errorf("%d documents, %v, %v", len(r.Documents), r.Notes, err)
	}
	r, err = read(t, simulated(t, portal(mostArticles+1)), "/hc/big")
	if err != nil || len(r.Documents) != mostArticles || !r.Partial || len(r.Notes) != 1 {
		t.Errorf("%d documents, %v, %v", len(r.Documents), r.Notes, err)
	}
}

// TestAChatwootWithoutPagesIsRead: one that gives all articles whatever page is asked for, and names neither slug nor count.
func TestAChatwootWithoutPagesIsRead(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept") != "application/json" {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		switch r.URL.Path {
		case "/hc/old":
			http.Redirect(w, r, "/hc/old/en", http.StatusFound)
		case "/hc/old/en":
			_, _ = w.Write([]byte(`{"meta":{"default_locale":"en"},"categories":[{"locale":"es"},{"locale":"en"}]}`))
		case "/hc/old/en/articles", "/hc/old/es/articles":
			asked++
			_, _ = w.Write([]byte(`{"payload":[{"id":1,"title":"A","content":"a","description":"d"},{"id":2,"title":"B","content":null,"status":"published"},
				{"id":3,"title":"C","content":"c","status":"draft"}],"meta":{"articles_count":99}}`))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	r, err := read(t, server.URL, "/hc/old")
	if diff := cmp.Diff(learned.Reading{Documents: []learned.Document{
		{ID: "article-1", Source: server.URL + "/hc/old", Title: "A", Text: "d\n\na"},
	}}, r); err != nil || diff != "" || asked != 3 {
		t.Errorf("%v after %d lists %s", err, asked, diff)
	}
}

// TestAHelpCentreThatFailsIsAnError: what is half read would look like articles that vanished.
func TestAHelpCentreThatFailsIsAnError(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter, second bool){
		"down":           func(w http.ResponseWriter, _ bool) { w.WriteHeader(http.StatusBadGateway) },
		"gone":           func(w http.ResponseWriter, _ bool) { w.WriteHeader(http.StatusNotFound) },
		"another server": func(w http.ResponseWriter, _ bool) { _, _ = w.Write([]byte("<html>Welcome")) },
		"no languages":   func(w http.ResponseWriter, _ bool) { _, _ = w.Write([]byte("{}")) },
		"down half way": func(w http.ResponseWriter, second bool) {
			if second {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			_, _ = w.Write([]byte(`{"payload":[{"id":1,"title":"A","content":"a"}],"meta":{"articles_count":9,"default_locale":"en"}}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer(w, r.URL.Query().Get("page") == "2")
			}))
			t.Cleanup(server.Close)
			if r, err := read(t, server.URL, "/hc/shop"); err == nil {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestWhichAddressesAreOfAHelpCentre(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example/hc/shop":                 "https://a.example/hc/shop ",
		"https://a.example/hc/shop/es":              "https://a.example/hc/shop es",
		"https://a.example/hc/shop/pt_BR/articles":  "https://a.example/hc/shop pt_BR",
		"https://a.example/help/hc/shop/articles/x": "https://a.example/help/hc/shop ",
		"https://a.example/hc/shop/es/hc/other":     "https://a.example/hc/shop es",
		"https://a.example/hc/":                     "",
		"https://a.example/blog":                    "",
		"/hc/shop":                                  "",
		"https://[a/hc/shop":                        "",
	} {
		p, ok := Find(address)
		got := ""
		if ok {
			got = p.root.String() + " " + p.locale
		}
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q", address, got)
		}
	}
}
