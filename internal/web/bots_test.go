package web_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tania/internal/bot"
	"tania/internal/bots/sources"
	"tania/internal/bots/versions"
	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/web"
)

// TestOperatorsSeeCompareAndGoBackToVersions does it through the routes, as the commands do.
func TestOperatorsSeeCompareAndGoBackToVersions(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "bot.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	answering := ""
	s := newSite(t, func(o *web.Options) {
		o.Bots = operator.LocalBots(o.Engine, &versions.Follower{
			Store: o.Engine, Source: versions.Source{FS: os.DirFS(dir), Name: "bot.yaml"}, Log: slog.New(slog.DiscardHandler),
			Adopt: func(b *bot.Bot, _ int) { answering = b.Name },
		})
	})
	bots := operator.RemoteBots(s.URL, "")
	if list, err := bots.Versions(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("before the first: %v, %v", list, err)
	}
	for n, name := range []string{"Ana", "Berta"} {
		write("name: " + name + "\nbusiness: Shop\n")
		if v, err := bots.Reload(t.Context()); err != nil || v.Number != n+1 || answering != name {
			t.Fatalf("%s: version %d, %v, and %s answers", name, v.Number, err, answering)
		}
	}
	note, err := s.engine.HoldNote(t.Context(), sources.NoteName, "x", time.Minute)
	if err != nil || !note.Held {
		t.Fatal(err)
	}
	if list, err := bots.Sources(t.Context()); err != nil || list == nil || len(list) != 0 {
		t.Errorf("without sources: %v, %v", list, err)
	}
	known := []sources.Status{{Source: "https://a.example", Documents: 3, Passages: 5, Error: "503"}}
	body, err := json.Marshal(known)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.engine.WriteNote(t.Context(), sources.NoteName, "x", body); err != nil {
		t.Fatal(err)
	}
	if list, err := bots.Sources(t.Context()); err != nil || !reflect.DeepEqual(list, known) {
		t.Errorf("%v, %v", list, err)
	}
	write("nmae: Carla\n")
	_, err = bots.Reload(t.Context())
	if err == nil || !strings.Contains(err.Error(), "422") || !strings.Contains(err.Error(), "bot.yaml:1:1") {
		t.Errorf("a wrong file: %v", err)
	}
	older, err := bots.Version(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	newer, err := bots.Version(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	want := "--- bot.yaml (version 1)\n+++ bot.yaml (version 2)\n@@ -1,2 +1,2 @@\n-name: Ana\n+name: Berta\n business: Shop\n"
	if got := operator.Difference(older, newer); got != want {
		t.Errorf("the difference is %q, want %q", got, want)
	}
	v, err := bots.RollBack(t.Context(), 1, "ines", "she was rude")
	if err != nil || v.Number != 3 || v.Of != 1 || v.By != "ines" || v.Why != "she was rude" {
		t.Errorf("went back: %+v, %v", v, err)
	}
	list, err := bots.Versions(t.Context())
	if err != nil || len(list) != 3 || list[0].Number != 3 || list[1].By != versions.FromFile {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestAVersionThatIsNotThereIsNotGoneBackTo(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Bots = operator.LocalBots(o.Engine, &versions.Follower{Store: o.Engine}) })
	if _, err := s.engine.PublishBot(t.Context(), 0, queue.BotVersion{Bot: versions.Name, By: "x", Content: []byte("?")}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"/admin/bot/versions/9/rollback": 404, "/admin/bot/versions/x/rollback": 400, "/admin/bot/versions/1/rollback": 422,
	} {
		if got := s.do(t, "POST", path, nil, nil); got.status != want {
			t.Errorf("%s: %d %v, want %d", path, got.status, got.body, want)
		}
	}
	if got := s.do(t, "GET", "/admin/bot/versions/1", nil, nil); got.status != 422 {
		t.Errorf("%d %v", got.status, got.body)
	}
	without := newSite(t, nil)
	if got := without.do(t, "POST", "/admin/bot/reload", nil, nil); got.status != 404 {
		t.Errorf("without versions: %d %v", got.status, got.body)
	}
}

// TestADifferenceIsByFile: one that came and one that went are told apart from one that changed.
func TestADifferenceIsByFile(t *testing.T) {
	from := operator.Version{BotVersion: queue.BotVersion{Number: 1}, Files: versions.Files{"a.md": "a\n", "b.md": "b\n"}}
	to := operator.Version{BotVersion: queue.BotVersion{Number: 2}, Files: versions.Files{"b.md": "b\n", "c.md": "c\n"}}
	got := operator.Difference(from, to)
	want := "--- a.md (version 1)\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n--- /dev/null\n+++ c.md (version 2)\n@@ -0,0 +1 @@\n+c\n"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if same := operator.Difference(to, to); same != "" {
		t.Errorf("%q between the same", same)
	}
}
