package bot

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/knowledge/source/learned"
)

func loadText(t *testing.T, text string) (*Bot, error) {
	t.Helper()
	return LoadFS(fstest.MapFS{"bot.yaml": {Data: []byte(text)}}, "bot.yaml")
}

func TestSourcesAreNamedInBothForms(t *testing.T) {
	b, err := loadText(t, `name: Ada
sources:
  - https://help.example.com/hc/shop
  - {source: "https://www.example.com/help", every: 90m, depth: 2, private: [wiki.internal, 10.1.0.0/16, "127.0.0.1:3000"]}
  - ./policies/
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Source{
		{Origin: learned.Origin{Address: "https://help.example.com/hc/shop"}, Every: 6 * time.Hour},
		{Origin: learned.Origin{
			Address: "https://www.example.com/help", Depth: 2, Private: []string{"wiki.internal", "10.1.0.0/16", "127.0.0.1:3000"},
		}, Every: 90 * time.Minute},
		{Origin: learned.Origin{Address: "policies"}, Every: 6 * time.Hour},
	}
	if diff := cmp.Diff(want, b.Sources); diff != "" {
		t.Error(diff)
	}
	plain, err := loadText(t, "name: Ada\n")
	if err != nil || plain.Version != b.Version {
		t.Error("what is read, and when, is taken for a change of what is known: the cache would be empty", err)
	}
}

func TestWrongSourcesAreShownWithPlaceAndFix(t *testing.T) {
	for name, c := range map[string]struct{ entry, want string }{
		"nothing":         {"{every: 6h}", "bot.yaml:3:5: sources[0] names no source; fix: write the address"},
		"a password":      {"https://me:secret@a.example/", `sources[0] "https://a.example/" is not an address; fix: write it as in a browser`},
		"no host":         {"https:///x", "is not an address"},
		"no duration":     {"{source: a, every: daily}", `sources[0].every is "daily"; fix: write hours and minutes`},
		"too often":       {"{source: a, every: 10s}", "from 5m to 720h"},
		"too rarely":      {"{source: a, every: 1000h}", "from 5m to 720h"},
		"too deep":        {"{source: a, depth: 11}", "sources[0].depth is 11; fix: write how many links away pages are read, 0 to 10"},
		"no host to read": {"{source: a, private: [\"http://x/\"]}", `sources[0].private[0] "http://x/" is no host`},
		"twice":           {"a\n  - ./a", `sources[1] "a" stands there twice; fix: keep one of them`},
		"an unknown key":  {"{source: a, evry: 6h}", `unknown key "evry"; fix: did you mean every?`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadText(t, "name: Ada\nsources:\n  - "+c.entry+"\n")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%v", err)
			}
			if said, _, _ := strings.Cut(err.Error(), "\n"); strings.Contains(said, "secret@") {
				t.Errorf("shows a password: %s", said)
			}
		})
	}
	_, err := LoadFS(fstest.MapFS{
		"bot.yaml":       {Data: []byte("name: Ada\nbots:\n  - {name: other, file: other/bot.yaml, when: {inboxes: [7]}}\n")},
		"other/bot.yaml": {Data: []byte("name: Eva\nsources: [a]\n")},
	}, "bot.yaml")
	if err == nil || !strings.Contains(err.Error(), "other/bot.yaml:2:10: sources stands in the file of an assigned bot") {
		t.Errorf("%v", err)
	}
	if _, err := loadText(t, "name: Ada\nsources:\n"+strings.Repeat("  - a\n", maxSources+1)); err == nil ||
		!strings.Contains(err.Error(), "more than 50 entries") {
		t.Errorf("%v", err)
	}
}
