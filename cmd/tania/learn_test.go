package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"tania/internal/answer/knowledge"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/config"
	"tania/internal/knowledge/source/learned"
	"tania/internal/language"
)

// TestAHelpCentreIsLearnedOnAFreshMachine: nothing is configured, and the bot knows the articles afterwards.
func TestAHelpCentreIsLearnedOnAFreshMachine(t *testing.T) {
	t.Chdir(t.TempDir())
	sim, err := installation.New(chatwootsim.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	down := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		sim.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Setenv("CHATWOOT_BASE_URL", "")
	address := server.URL + "/hc/help"

	err = learnCmd{Sources: []string{address}}.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "private") {
		t.Fatalf("a private address that nobody named: %v", err)
	}
	t.Setenv("CHATWOOT_BASE_URL", server.URL)
	if err := (learnCmd{Sources: []string{address + "/"}}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	found := func() string {
		t.Helper()
		settings, err := config.Load(os.Environ(), "")
		if err != nil {
			t.Fatal(err)
		}
		hits := knowledge.New(nil, settings.Bot.Knowledge, "en").Search(language.Read("how many days to return an item?"), 1)
		if len(hits) == 0 {
			return ""
		}
		return hits[0].Source()
	}
	if got := found(); got != address+"/articles/return-an-item" {
		t.Fatalf("found %q", got)
	}

	unlock, err := learned.Store{Dir: learned.Folder, Now: time.Now}.Lock("tania serve")
	if err != nil {
		t.Fatal(err)
	}
	if err := (learnCmd{}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "written by tania serve (process") {
		t.Errorf("while another process writes the folder: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}

	down = true
	if err := (learnCmd{}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "stays") {
		t.Errorf("a help centre that is down: %v", err)
	}
	if got := found(); got == "" {
		t.Error("the last copy is lost")
	}
	down = false
	if err := (learnCmd{}).Run(t.Context()); err != nil {
		t.Errorf("what was learned is not read again: %v", err)
	}
}

func TestLearnWithoutAnythingToReadSaysWhatToName(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := (learnCmd{}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "name a source") {
		t.Errorf("got %v", err)
	}
	if err := (learnCmd{Sources: []string{"docs", " "}}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "SOURCE is empty") {
		t.Errorf("an empty source: %v", err)
	}
	var out, errs bytes.Buffer
	asked, _, err := parse([]string{"learn", "https://a.example/hc/b", "c.md", "--private", "10.0.0.0/8"}, &out, &errs)
	c, ok := asked.(*learnCmd)
	if err != nil || !ok || len(c.Sources) != 2 || len(c.Private) != 1 || c.Env != ".env" {
		t.Errorf("%+v, %v", asked, err)
	}
}
