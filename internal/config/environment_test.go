package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/setting"
)

func TestTheEnvironmentWinsOverDotenvAndEmptyIsUnset(t *testing.T) {
	path := write(t, ".env", "\ufeff# mine\r\nPORT=1000\r\nexport HOST='127.0.0.1'\r\nLOG_LEVEL=debug\nLOG_FORMAT=\n")
	t.Chdir(t.TempDir())
	c, err := Load([]string{"PORT=2000", "LOG_LEVEL=", "LOG_FORMAT=  "}, path)
	if err != nil {
		t.Fatal(err)
	}
	if c.Server.Port != 2000 || c.Server.Host != "127.0.0.1" || c.LogLevel.String() != "DEBUG" || c.LogFormat != "text" {
		t.Errorf("%+v %v %s", c.Server, c.LogLevel, c.LogFormat)
	}
	if !c.Given("HOST") || c.Given("LOG_FORMAT") {
		t.Error("Given does not tell what was set")
	}
}

func TestABrokenDotenvNamesItsLineAndShowsNothingOfIt(t *testing.T) {
	for _, x := range []struct {
		name, content, place string
		port                 int
	}{
		{"no equals sign", "PORT=1000\n# a\n\nOPENAI_API_KEY " + hidden + "\nLOG_FORMAT=json\n", ":4", 1000},
		{"quotation mark never closed", "PORT=1000\nOPENAI_API_KEY=\"" + hidden + "\nHOST=x\n", ":2", 1000},
		{"first line", hidden + "!\nPORT=1000\n", ":1", 8787},
	} {
		t.Run(x.name, func(t *testing.T) {
			path := write(t, ".env", x.content)
			t.Chdir(t.TempDir())
			c, err := Load(nil, path)
			problems, _ := errors.AsType[setting.Problems](err)
			if len(problems) != 1 || problems[0].Name != path+x.place || strings.Contains(err.Error(), hidden) {
				t.Errorf("%v", err)
			}
			if c.Server.Port != x.port {
				t.Errorf("port %d: what stands before the wrong line is to count", c.Server.Port)
			}
		})
	}
}

func TestAnUnreadableDotenvIsAnError(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir(".env", 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(nil, ".env"); err == nil || !strings.Contains(err.Error(), ".env: cannot be read") {
		t.Errorf("%v", err)
	}
	if _, err := Load(nil, filepath.Join(t.TempDir(), ".env")); err != nil {
		t.Errorf("a missing .env is none: %v", err)
	}
}

func TestADollarThatChangesASecretIsAnError(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Load(nil, write(t, ".env", "ADMIN_TOKEN=abc$defGHI0123456789\n"))
	if err != nil {
		t.Errorf("$ before a small letter is left alone by the file's rules: %v", err)
	}
	_, err = Load(nil, write(t, ".env", "ADMIN_TOKEN=abc$DEF0123456789ab\n"))
	if err == nil || !strings.Contains(err.Error(), "ADMIN_TOKEN=(secret, 19 characters): has a $") {
		t.Errorf("%v", err)
	}
	c, err := Load(nil, write(t, ".env", "ADMIN_TOKEN='abc$DEF0123456789ab'\nX=y\nOPENAI_API_KEY=${X}z\n"))
	if err != nil || c.Server.AdminToken.Reveal() != "abc$DEF0123456789ab" || c.Model.Key.Reveal() != "yz" {
		t.Errorf("%v", err)
	}
}

func TestMistypedNamesAreWarnedOf(t *testing.T) {
	env := write(t, ".env", "QUEUE_MAX_RETRY=3\nCHATWOOT_SECRET=x\nPROT=1\nPOSTGRES_PASSWORD=x\n")
	t.Chdir(t.TempDir())
	c, err := Load([]string{
		"CHATWOOT_WEBHOOK_SECERT=x", "WORKER_CONCURENCY=4", "CHATWOOT_SERVICE_HOST=10.0.0.1", "PATHX=1", "TANIA_BOTT=x",
		"OPEN_AI_API_KEY=x", "OPENAI_ORGANIZATION=x",
	}, env)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range c.Warnings {
		if before, after, ok := strings.Cut(w, "not a variable of Tania"); ok {
			name, _, _ := strings.Cut(before, " ")
			got = append(got, name+after)
		}
	}
	want := []string{
		"CHATWOOT_SECRET and has no effect; remove it",
		"CHATWOOT_WEBHOOK_SECERT: did you mean CHATWOOT_WEBHOOK_SECRET?; rename it",
		"OPEN_AI_API_KEY: did you mean OPENAI_API_KEY?; rename it",
		"PROT: did you mean PORT?; rename it",
		"QUEUE_MAX_RETRY: did you mean QUEUE_MAX_RETRIES?; rename it",
		"TANIA_BOTT: did you mean TANIA_BOT?; rename it",
		"WORKER_CONCURENCY: did you mean WORKER_CONCURRENCY?; rename it",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSettingsWithoutEffectAreWarnedOf(t *testing.T) {
	for _, x := range []struct {
		name    string
		environ []string
		want    []string
	}{
		{"nothing set", nil, nil},
		{"Redis", []string{"REDIS_URL=redis://:pw@localhost:6379"}, nil},
		{"Redis twice", []string{"REDIS_URL=redis://localhost", "REDIS_HOST=localhost"}, []string{"REDIS_URL is used"}},
		{"a Redis password alone", []string{"REDIS_PASSWORD=x"}, []string{"no effect without REDIS_HOST"}},
		{"the specification's own values", []string{"QUEUE_NAME=tania-messages", "CACHE_MAX_ENTRIES=5000", "SEMANTIC_CACHE_ENABLED=false"}, nil},
		{"cache", []string{"SEMANTIC_CACHE_ENABLED=true", "CACHE_MAX_ENTRIES=10", "CACHE_MAX_FALSE_HITS=0.002"}, nil},
		{
			"a budget without prices",
			[]string{"OPENAI_API_KEY=k", "LLM_MONTHLY_BUDGET_USD=5", "OPENAI_FALLBACK_MODELS=m2"},
			[]string{"cannot count gpt-6-luna", "cannot count m2"},
		},
		{"a budget without a model", []string{"LLM_MONTHLY_BUDGET_USD=5"}, nil},
		{"a short ADMIN_TOKEN", []string{"ADMIN_TOKEN=admin"}, []string{"ADMIN_TOKEN is short"}},
		{"a slow model", []string{"OPENAI_API_KEY=k", "OPENAI_TIMEOUT_MS=60000"}, []string{"OPENAI_TIMEOUT_MS is longer"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := mustLoad(t, x.environ...)
			warnings := c.Warnings[1:] // the first is about the missing bot.yaml
			if !strings.Contains(c.Warnings[0], "the built-in bot serves") {
				t.Errorf("%q", c.Warnings)
			}
			if len(warnings) != len(x.want) {
				t.Fatalf("%q, want %q", warnings, x.want)
			}
			for i, w := range x.want {
				if !strings.Contains(warnings[i], w) {
					t.Errorf("%q: want %q in it", warnings[i], w)
				}
			}
		})
	}
}

func TestNearest(t *testing.T) {
	for _, x := range []struct{ word, want string }{
		{"QUEUE_NAMES", "QUEUE_NAME"},
		{"PROT", "PORT"},
		{"HSOT", "HOST"},
		{"PATH", ""},
		{"CHATWOOT_TOKEN", ""},
		{"", ""},
	} {
		if got := setting.Nearest(x.word, []string{"HOST", "PORT", "QUEUE_NAME", "CHATWOOT_WEBHOOK_TOKEN"}); got != x.want {
			t.Errorf("setting.Nearest(%q) = %q, want %q", x.word, got, x.want)
		}
	}
}
