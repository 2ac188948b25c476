package recall

import (
	"os"
	"path/filepath"
	"testing"

	"tania/internal/knowledge"
)

func written(t *testing.T, queries string) string {
	t.Helper()
	dir := t.TempDir()
	documents := `{"id": "a", "title": "Delivery", "text": "On Sundays vans rest."}
{"id": "b", "title": "Returns", "text": "Chairs come back within a month."}
`
	for name, content := range map[string]string{"x_documents.jsonl": documents, "x_queries.dev.jsonl": queries} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func measured(t *testing.T, queries string) (Report, error) {
	t.Helper()
	s, err := Load(written(t, queries))
	if err != nil {
		return Report{}, err
	}
	x, err := knowledge.Open(filepath.Join(t.TempDir(), "index"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	if err := x.Apply(knowledge.Change{Put: s.Documents}); err != nil {
		t.Fatal(err)
	}
	return Evaluate(t.Context(), x, s, nil)
}

func TestRecallIsTheShareOfWhatIsRequired(t *testing.T) {
	r, err := measured(t, `{"id": "1", "sentences": ["Hello", "vans on Sunday?"], "required": ["a", "b"]}
{"id": "2", "sentences": ["a chair"], "required": ["b"]}
`)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Shares{0.75, 0.75}); r.Conversation != want || r.Alone != want || r.Documents != 2 || r.Queries != 2 {
		t.Errorf("got %+v", r)
	}
	if len(r.Misses) != 1 || r.Misses[0].Query != "1" || len(r.Misses[0].Missing) != 1 || r.Misses[0].Missing[0] != "b" {
		t.Errorf("misses %+v", r.Misses)
	}
}

func TestSetsThatSayNothingAreRefused(t *testing.T) {
	for name, queries := range map[string]string{
		"no requirement": `{"id": "1", "sentences": ["vans"], "required": []}`,
		"no sentence":    `{"id": "1", "sentences": [], "required": ["a"]}`,
		"not JSON":       `{`,
		"empty":          "",
	} {
		if r, err := measured(t, queries); err == nil {
			t.Errorf("%s: got %+v", name, r)
		}
	}
	if _, err := Load(t.TempDir()); err == nil {
		t.Error("an empty folder was read")
	}
}
