package bot

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestWhatWasLearnedIsKnown(t *testing.T) {
	article := "---\nsource: \"https://a.example/returns\"\ntitle: \"Returns\"\n---\n\nWithin 30 days.\n\n## Shoes\nUnworn.\n\n## Shoes\nIn their box.\n"
	fsys := fstest.MapFS{
		"bot.yaml":                      {Data: []byte("knowledge: [., {title: Own, text: Ours.}]\n")},
		"a.md":                          {Data: []byte("# A\nx\n")},
		"learned/shop/returns.md":       {Data: []byte(article)},
		"learned/shop/same.md":          {Data: []byte("---\nsource: \"b.docx\"\ntitle: \"T\"\n---\n\n# T\n## U\nu\n")},
		"learned/shop/.source.json":     {Data: []byte("{")},
		"learned/shop/.new-123.md":      {Data: []byte("half")},
		"learned/shop/spoilt.md":        {Data: []byte("text without its head")},
		"learned/shop/.git/config.md":   {Data: []byte("x")},
		"learned/shop/long.md":          {Data: make([]byte, 600<<10)},
		"learned/shop/without-text.md":  {Data: []byte("---\nsource: \"c\"\ntitle: \"C\"\n---\n\n")},
		"learned/shop/not-of-ours.html": {Data: []byte("x")},
	}
	b, err := LoadFS(fsys, "bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := []Passage{
		{Source: "a.md#A", Title: "A", Text: "x"},
		{Source: "bot.yaml#Own", Title: "Own", Text: "Ours."},
		{Source: "https://a.example/returns", Title: "Returns", Text: "Within 30 days.", URL: "https://a.example/returns"},
		{Source: "https://a.example/returns#Shoes", Title: "Returns › Shoes", Text: "Unworn.", URL: "https://a.example/returns"},
		{Source: "https://a.example/returns#Shoes (2)", Title: "Returns › Shoes", Text: "In their box.", URL: "https://a.example/returns"},
		{Source: "b.docx#U", Title: "T › U", Text: "u"},
	}
	if diff := cmp.Diff(want, b.Knowledge); diff != "" {
		t.Error(diff)
	}
	if len(b.Warnings) != 2 || !strings.Contains(b.Warnings[0], "long.md") || !strings.Contains(b.Warnings[1], "spoilt.md") {
		t.Errorf("%q", b.Warnings)
	}
}

func TestWhatWasLearnedNeverStopsTheStart(t *testing.T) {
	fsys := fstest.MapFS{"bot.yaml": {Data: []byte("knowledge: [{text: Ours.}]\n")}}
	for n := range 9 {
		var b strings.Builder
		for i := range 6000 {
			fmt.Fprintf(&b, "# %d\ntext\n\n", i)
		}
		fsys[fmt.Sprintf("learned/s/%d.md", n)] = &fstest.MapFile{
			Data: fmt.Appendf(nil, "---\nsource: \"%d\"\ntitle: \"T\"\n---\n\n%s", n, b.String()),
		}
	}
	b, err := LoadFS(fsys, "bot.yaml")
	if err != nil || len(b.Knowledge) != maxPassages || b.Knowledge[0].Text != "Ours." || len(b.Warnings) != 1 {
		t.Errorf("%v, %d passages, %q", err, len(b.Knowledge), b.Warnings)
	}
}

func TestABotWithoutAFileKnowsWhatWasLearned(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "learned", "s"), 0o700); err != nil {
		t.Fatal(err)
	}
	content := []byte("---\nsource: \"https://a.example\"\ntitle: \"T\"\n---\n\ntext\n")
	if err := os.WriteFile(filepath.Join(dir, "learned", "s", "a.md"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	b := BuiltIn(os.DirFS(dir))
	if len(b.Knowledge) != 1 || b.Version == Default().Version || len(b.Warnings) > 0 {
		t.Errorf("%+v %q", b.Knowledge, b.Warnings)
	}
	if b := BuiltIn(os.DirFS(filepath.Join(dir, "elsewhere"))); len(b.Knowledge) > 0 || len(b.Warnings) > 0 || b.Version != Default().Version {
		t.Errorf("%+v %q", b.Knowledge, b.Warnings)
	}
}
