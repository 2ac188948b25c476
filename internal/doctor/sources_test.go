package doctor

import (
	"os"
	"testing"
	"time"

	"tania/internal/config"
	"tania/internal/knowledge/source/learned"
)

func TestSourcesNeedAFolderThatCanBeWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("bot.yaml", []byte("name: Ada\nsources: [https://help.example.com/hc/shop, policies]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	checks := func() []Check {
		t.Helper()
		c, err := config.Load([]string{"PORT=0"}, "")
		x := begin(c, Deps{ConfigError: err})
		x.sources()
		return x.checks
	}
	expect(t, checks(), "sources", OK, "2 are read on schedule into learned", "tania bot sources")
	unlock, err := learned.Store{Dir: learned.Folder, Now: time.Now}.Lock("tania serve")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, checks(), "sources", Info, "now tania serve (process")
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(learned.Folder); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(learned.Folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, checks(), "sources", Fail, learned.Folder, "take sources out of bot.yaml")
	if err := os.WriteFile("bot.yaml", []byte("name: Ada\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := checks(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
