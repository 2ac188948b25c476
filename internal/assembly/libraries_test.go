package assembly

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tania/internal/answer/knowledge"
	"tania/internal/bot"
	"tania/internal/language"
	"tania/internal/tania"
)

// learnedBot knows so many passages, of which the last is about hurdy-gurdies.
func learnedBot(passages int) *bot.Bot {
	b := &bot.Bot{Language: tania.English}
	for i := range passages - 1 {
		b.Knowledge = append(b.Knowledge, bot.Passage{Source: fmt.Sprint(i), Title: fmt.Sprintf("Article %d", i), Text: "We repair violins."})
	}
	b.Knowledge = append(b.Knowledge, bot.Passage{Source: "hurdy", Title: "Old instruments", Text: "We tune hurdy-gurdies on Mondays."})
	return b
}

func finds(t *testing.T, x *knowledge.Index) {
	t.Helper()
	if h := x.Search(language.Read("do you tune hurdy-gurdies?"), 1); len(h) != 1 || h[0].Source() != "hurdy" {
		t.Errorf("found %+v", h)
	}
}

// TestProcessesHaveLibrariesOfTheirOwn lets two processes share a data directory, as an API and a worker do.
func TestProcessesHaveLibrariesOfTheirOwn(t *testing.T) {
	dir, b := t.TempDir(), learnedBot(knowledge.Many)
	files := func() (names []string) {
		found, _ := filepath.Glob(filepath.Join(dir, "passages", "bot-*"))
		for _, f := range found {
			if !strings.HasSuffix(f, ".lock") {
				names = append(names, filepath.Base(f))
			}
		}
		return names
	}
	one, other := newLibraries(dir, slog.Default()), newLibraries(dir, slog.Default())
	finds(t, one.index(learnedBot(knowledge.Many-1), ""))
	if len(files()) != 0 {
		t.Errorf("a bot that knows little has %q", files())
	}
	finds(t, one.index(b, ""))
	finds(t, other.index(b, ""))
	finds(t, one.index(b, "ventas/mx"))
	if got := strings.Join(files(), " "); got != "bot-main.1 bot-main.2 bot-ventas%2Fmx.1" {
		t.Errorf("there are %q", got)
	}
	for _, l := range []*libraries{one, other} {
		if err := l.close(); err != nil {
			t.Error(err)
		}
	}
	again := newLibraries(dir, slog.Default())
	finds(t, again.index(b, ""))
	if len(files()) != 3 {
		t.Errorf("after a restart there are %q", files())
	}
	if err := again.close(); err != nil {
		t.Error(err)
	}
}

// TestALibraryWithoutADataDirectoryPasses: a bot that knows much answers where nothing can be kept, and leaves nothing behind.
func TestALibraryWithoutADataDirectoryPasses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	var said bytes.Buffer
	l := newLibraries(file, slog.New(slog.NewTextHandler(&said, nil)))
	finds(t, l.index(learnedBot(knowledge.Many), ""))
	if !strings.Contains(said.String(), "read anew at each start") {
		t.Errorf("the log says %q", &said)
	}
	if err := l.close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
