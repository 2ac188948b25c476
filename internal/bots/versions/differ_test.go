package versions

import (
	"maps"
	"testing"
)

// TestContentsAreToldApart: by their directories where they differ, and by their texts where those are the same.
func TestContentsAreToldApart(t *testing.T) {
	base := Files{"bot.yaml": "name: Ada\n", "learned/s/a.md": "30 days", "learned/s/b.md": "two days"}
	packed := func(change func(Files)) []byte {
		files := maps.Clone(base)
		change(files)
		content, err := pack("bot.yaml", files)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	was := packed(func(Files) {})
	for name, c := range map[string]struct {
		change            func(Files)
		same, sameLearned bool
	}{
		"nothing":           {func(Files) {}, true, true},
		"what was taught":   {func(f Files) { f["taught.yaml"] = "faq: []\n" }, true, true},
		"another text":      {func(f Files) { f["learned/s/a.md"] = "60 days" }, false, false},
		"a file more":       {func(f Files) { f["learned/s/c.md"] = "x" }, false, false},
		"a file less":       {func(f Files) { delete(f, "learned/s/b.md") }, false, false},
		"bot.yaml alone":    {func(f Files) { f["bot.yaml"] = "name: Eva\n" }, false, true},
		"a file by another": {func(f Files) { f["learned/s/z.md"] = f["learned/s/a.md"]; delete(f, "learned/s/a.md") }, false, false},
	} {
		now := packed(c.change)
		if got := same(was, now); got != c.same {
			t.Errorf("%s: the contents are the same: %v", name, got)
		}
		if got := sameLearned(was, now); got != c.sameLearned {
			t.Errorf("%s: what was learned is the same: %v", name, got)
		}
	}
	if same(was, nil) || same(nil, was) || !same(nil, nil) {
		t.Error("no content is another than one")
	}
}
