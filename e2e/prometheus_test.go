package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"tania/internal/chatwoot/chatwootsim"
)

// The files for Prometheus and Grafana.
var (
	prometheusDir = filepath.Join("..", "deploy", "prometheus")
	dashboard     = filepath.Join("..", "deploy", "grafana", "tania.json")
)

func promtool(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command("promtool", args...)
	cmd.Dir = prometheusDir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

type ruleFile struct {
	Groups []struct {
		Rules []struct {
			Alert       string
			Expr        string
			Annotations map[string]string
		}
	}
}

func alertRules(t *testing.T) (f ruleFile) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(prometheusDir, "alerts.yml"))
	if err == nil {
		err = yaml.Unmarshal(source, &f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPromtoolAcceptsTheFilesAndEachAlertFires(t *testing.T) {
	promtool(t, "check", "config", "prometheus.yml")
	promtool(t, "check", "rules", "alerts.yml")
	promtool(t, "test", "rules", "alerts_test.yml")

	// promtool does not say when an alert has no test.
	source, err := os.ReadFile(filepath.Join(prometheusDir, "alerts_test.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var tests struct {
		Tests []struct {
			Name  string
			Rules []struct {
				Alert    string `yaml:"alertname"`
				Expected []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	if err := yaml.Unmarshal(source, &tests); err != nil {
		t.Fatal(err)
	}
	fires, quiet := map[string]bool{}, map[string]bool{}
	for _, test := range tests.Tests {
		for _, r := range test.Rules {
			if len(r.Expected) > 0 {
				fires[r.Alert] = true
			} else if strings.HasPrefix(test.Name, "all is well") {
				quiet[r.Alert] = true
			}
		}
	}
	guide, err := os.ReadFile(filepath.Join("..", "docs", "observability.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range alertRules(t).Groups {
		for _, r := range group.Rules {
			if !fires[r.Alert] || !quiet[r.Alert] {
				t.Errorf("%s: shown to fire %v, shown to be quiet when all is well %v", r.Alert, fires[r.Alert], quiet[r.Alert])
			}
			_, anchor, _ := strings.Cut(r.Annotations["runbook"], "#")
			if !strings.Contains(string(guide), "\n### "+anchor+"\n") {
				t.Errorf("%s: docs/observability.md has no section %q", r.Alert, anchor)
			}
		}
	}
}

// word is whatever looks like a name in PromQL.
var (
	word   = regexp.MustCompile(`\b(?:tania|go|process)_[a-z0-9_]+`)
	quoted = regexp.MustCompile(`"[^"]*"`)
)

func metricsIn(expr string) []string {
	return word.FindAllString(quoted.ReplaceAllString(expr, ""), -1)
}

func TestEveryMetricOfTheRulesAndTheDashboardIsExported(t *testing.T) {
	used := map[string]string{}
	for _, group := range alertRules(t).Groups {
		for _, r := range group.Rules {
			for _, name := range metricsIn(r.Expr) {
				used[name] = r.Alert
			}
		}
	}
	source, err := os.ReadFile(dashboard)
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(source, &board); err != nil {
		t.Fatal(err)
	}
	panels := 0
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			panels++
			for _, name := range metricsIn(target.Expr) {
				used[name] = "the panel " + panel.Title
			}
		}
	}
	if panels < 40 || len(used) < 40 {
		t.Fatalf("%d expressions with %d metrics were found", panels, len(used))
	}

	p := newPair(t)
	p.converse(t, 1, 0)
	// A personal question, and two that differ in a number: a refusal and a veto of the cache.
	for _, text := range []string{"¿Dónde está mi pedido?", "¿Cuánto cuesta el plan de 50 megas?", "¿Cuánto cuesta el plan de 500 megas?"} {
		m, err := p.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		p.await(t, 30*time.Second, "the answer", func() bool { return len(p.sim.BotMessages(m.Conversation)) > 0 })
	}
	exported, absent := map[string]bool{}, []string{}
	t.Cleanup(func() {
		for _, name := range absent {
			t.Logf("%s, of %s, is not exported", name, used[name])
		}
	})
	// An answer is read before its turn is counted.
	await(t, 30*time.Second, "every metric to be exported", func() bool {
		_, web := scrape(t, p.tania.address)
		_, worker := scrape(t, p.worker.address)
		for line := range strings.Lines(web + worker) {
			if !strings.HasPrefix(line, "#") {
				exported[word.FindString(line)] = true
			}
		}
		absent = slices.DeleteFunc(slices.Collect(maps.Keys(used)), func(name string) bool { return exported[name] })
		return len(absent) == 0
	})
	guide, err := os.ReadFile(filepath.Join("..", "docs", "observability.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range exported {
		name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count")
		if strings.HasPrefix(name, "tania_") && !strings.Contains(string(guide), "`"+name) {
			t.Errorf("docs/observability.md does not explain %s", name)
		}
	}
}
