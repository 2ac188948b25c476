package bot

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestAReaderReadsAsOneWithoutMemory, whatever changed since it read last, and forgets what is in no bot any more.
func TestAReaderReadsAsOneWithoutMemory(t *testing.T) {
	fsys := fstest.MapFS{
		"bot.yaml":         {Data: []byte("knowledge: [a.md]\nbots: [{name: support, when: {inboxes: [7]}, file: s/bot.yaml}]\n")},
		"a.md":             {Data: []byte("# Times\n\nFrom nine.\n\n# Prices\n\nFive euros.\n")},
		"learned/s/b.md":   {Data: []byte("---\nsource: \"https://a.example\"\ntitle: \"Returns\"\n---\n\nWithin 30 days.\n")},
		"s/bot.yaml":       {Data: []byte("knowledge: [c.md]\n")},
		"s/c.md":           {Data: []byte("# Times\n\nFrom nine.\n\n# Prices\n\nFive euros.\n")},
		"s/learned/x/d.md": {Data: []byte("---\nsource: \"https://b.example\"\ntitle: \"Repairs\"\n---\n\nOn Mondays.\n")},
	}
	var r Reader
	for n, change := range []struct{ file, text string }{
		{},
		{},
		{"a.md", "# Times\n\nFrom ten.\n"},
		{"learned/s/b.md", "---\nsource: \"https://a.example\"\ntitle: \"Other\"\n---\n\nWithin 30 days.\n"},
		{"s/c.md", ""},
	} {
		if change.file != "" {
			fsys[change.file] = &fstest.MapFile{Data: []byte(change.text)}
		}
		want, err := LoadFS(fsys, "bot.yaml")
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.LoadFS(fsys, "bot.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Knowledge, got.Knowledge); diff != "" || got.Version != want.Version || len(got.Knowledge) == 0 {
			t.Errorf("reading %d: %s", n, diff)
		}
		if diff := cmp.Diff(want.Assignments[0].Bot.Knowledge, got.Assignments[0].Bot.Knowledge); diff != "" {
			t.Errorf("reading %d, of the assigned bot: %s", n, diff)
		}
	}
	for n := range 2 * roundsKept {
		fsys["a.md"] = &fstest.MapFile{Data: fmt.Appendf(nil, "# Times\n\nFrom ten, %d.\n", n)}
		if _, err := r.LoadFS(fsys, "bot.yaml"); err != nil {
			t.Fatal(err)
		}
	}
	if most := roundsKept + 4; len(r.known) > most {
		t.Errorf("%d documents are remembered of a bot with 4", len(r.known))
	}
}
