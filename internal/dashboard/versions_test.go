package dashboard_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tania/internal/bot"
	"tania/internal/bots/sources"
	"tania/internal/bots/versions"
)

// publish makes a bot.yaml the current version.
func (s *site) publish(text string) {
	s.t.Helper()
	s.publishFiles(map[string]string{"bot.yaml": text})
}

// publishFiles does it with the files beside it.
func (s *site) publishFiles(files map[string]string) {
	s.t.Helper()
	all := fstest.MapFS{}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	f := versions.Follower{
		Store: s.engine, Source: versions.Source{FS: all, Name: "bot.yaml"},
		Adopt: func(*bot.Bot, int) {}, Log: slog.New(slog.DiscardHandler),
	}
	if _, err := f.Reload(s.t.Context(), "for the test"); err != nil {
		s.t.Fatal(err)
	}
}

func TestSourcesAreShownWithTheirState(t *testing.T) {
	s := newIdleSite(t, nil)
	if _, body := s.ask(http.DefaultClient, "GET", "/bot", nil, nil); strings.Contains(body, "sources-title") {
		t.Error("sources are shown where there are none")
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	note, err := json.Marshal([]sources.Status{
		{Source: "https://a.example/hc/b", Read: at, Next: at.Add(time.Hour), Documents: 31, Passages: 57},
		{Source: "<policies>", Error: "is not there & gone", Read: at},
		{Source: "new.md"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if held, err := s.engine.HoldNote(t.Context(), sources.NoteName, "x", time.Minute); err != nil || !held.Held {
		t.Fatal(err)
	}
	if _, err := s.engine.WriteNote(t.Context(), sources.NoteName, "x", note); err != nil {
		t.Fatal(err)
	}
	resp, body := s.ask(http.DefaultClient, "GET", "/bot", nil, nil)
	for _, want := range []string{
		"https://a.example/hc/b", "2026-03-01 13:00:00 UTC", "<td>31</td><td>57</td>", "&lt;policies&gt;", "is not there &amp; gone", "new.md",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s: %s is not shown", resp.Status, want)
		}
	}
}

func TestVersionsAreListedComparedAndGoneBackTo(t *testing.T) {
	s := newIdleSite(t, nil)
	s.publish("name: Ana\nbusiness: Shop\n")
	s.publish("name: Berta\nbusiness: Shop\n")
	resp, body := s.ask(http.DefaultClient, "GET", "/bot", nil, nil)
	if first, last := strings.Index(body, "/bot/versions/3"), strings.Index(body, "/bot/versions/1"); resp.StatusCode != http.StatusOK ||
		first < 0 || last < first {
		t.Errorf("%s, version 3 at %d, version 1 at %d", resp.Status, first, last)
	}
	resp, body = s.ask(http.DefaultClient, "GET", "/bot/versions/3", nil, nil)
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "-name: Ana\n+name: Berta\n") || strings.Contains(body, "go-back") {
		t.Errorf("the current version: %s\n%s", resp.Status, body)
	}
	resp, body = s.ask(http.DefaultClient, "GET", "/bot/versions/2", nil, nil)
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "-name: Berta\n+name: Ana\n") || !strings.Contains(body, "go-back") {
		t.Errorf("an earlier version: %s\n%s", resp.Status, body)
	}
	why := url.Values{"why": {" Berta was rude "}}
	if resp, _ := s.ask(http.DefaultClient, "POST", "/bot/versions/2", why, nil); resp.Header.Get("Location") != "/bot?done=went_back&n=4" {
		t.Errorf("going back: %s to %q", resp.Status, resp.Header.Get("Location"))
	}
	v, err := s.engine.BotVersion(t.Context(), versions.Name, 0)
	if err != nil || v.Number != 4 || v.Of != 2 || v.Why != "Berta was rude" || v.By == "" {
		t.Errorf("%d of %d, by %q, why %q, %v", v.Number, v.Of, v.By, v.Why, err)
	}
	for path, method := range map[string]string{"/bot/versions/9": "GET", "/bot/versions/x": "GET", "/bot/versions/77": "POST"} {
		resp, body := s.ask(http.DefaultClient, method, path, nil, nil)
		if resp.StatusCode != http.StatusNotFound || !strings.Contains(body, "<h1") {
			t.Errorf("%s %s: %s", method, path, resp.Status)
		}
	}
}
