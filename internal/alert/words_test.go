package alert

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"tania/internal/tania"
)

// verbs are what a text puts its values in place of.
var verbs = regexp.MustCompile(`%(?:\.\d)?[dsf]`)

// variable is a name of the environment, which operators of a shop have never seen.
var variable = regexp.MustCompile(`[A-Z]{3,}_[A-Z]{2,}`)

func TestEveryAlertHasWordsInEveryLanguage(t *testing.T) {
	c := loadCatalogue()
	var names []string
	for _, r := range append(rules(settings), storeRule(true), storeRule(false)) {
		names = append(names, r.name)
	}
	for lang, texts := range c {
		for _, name := range names {
			for _, part := range []string{".title", ".text", ".fix"} {
				key := name + part
				text, ok := texts[key]
				if !ok || strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s has no words", lang, key)
				}
				if variable.MatchString(text) {
					t.Errorf("%s: %s names a variable: %q", lang, key, text)
				}
				if got, want := verbs.FindAllString(text, -1), verbs.FindAllString(c[tania.English][key], -1); strings.Join(got,
					"") != strings.Join(want, "") {
					t.Errorf("%s: %s puts in %q, English %q", lang, key, got, want)
				}
			}
		}
		if len(texts) != 3*len(names)+1 {
			t.Errorf("%s: %d texts for %d alerts", lang, len(texts), len(names))
		}
	}
}

func TestAlertsAreWrittenAsInTheReadersCountry(t *testing.T) {
	var s state
	f := well()
	f.queue.Waiting = 1076
	for range minute + 1 {
		s.judge(rules(settings), f, time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC))
	}
	raised := s.raised()
	if len(raised) != 1 {
		t.Fatalf("%+v", raised)
	}
	for lang, want := range map[tania.Language]string{
		tania.Spanish: "Esperan 1,076 conversaciones (límite 100).", tania.English: "1,076 conversations wait (limit 100).",
		tania.Portuguese: "1.076 conversas esperam (limite 100).", "fr": "1,076 conversations wait (limit 100).",
	} {
		if got := raised[0].Text.In(lang); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestWhatStopsTheWorkIsNamed(t *testing.T) {
	for name, want := range map[string]bool{TokenRefused: true, NoWorker: true, CacheHitRate: false, HandoffIncomplete: false} {
		if got := (Alert{Name: name}).Stops(); got != want {
			t.Errorf("%s stops the work: %v", name, got)
		}
	}
}
