package learned

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// folder is a store with a clock that tests move.
type folder struct {
	Store
	t   *testing.T
	now time.Time
}

func newFolder(t *testing.T) *folder {
	f := &folder{t: t, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	f.Store = Store{Dir: filepath.Join(t.TempDir(), Folder), Now: func() time.Time { return f.now }}
	return f
}

func (f *folder) update(r Reading) Change {
	f.t.Helper()
	c, _, err := f.Update(Origin{Address: "https://a.example/hc/shop"}, r)
	if err != nil {
		f.t.Fatal(err)
	}
	c.Dir = ""
	return c
}

// texts are the documents that are there, by their titles.
func (f *folder) texts() map[string]string {
	f.t.Helper()
	files, err := filepath.Glob(filepath.Join(f.Dir, "*", "*.md"))
	if err != nil {
		f.t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file) //nolint:gosec // of the test
		if err != nil {
			f.t.Fatal(err)
		}
		d, err := Decode(content)
		if err != nil {
			f.t.Fatalf("%s: %v", file, err)
		}
		found[d.Title] = d.Text
	}
	return found
}

func documents(texts ...string) (r Reading) {
	for _, text := range texts {
		id, text, _ := strings.Cut(text, "=")
		r.Documents = append(r.Documents, Document{ID: id, Source: "https://a.example/" + id, Title: strings.ToUpper(id), Text: text})
	}
	return r
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	f := newFolder(t)
	if diff := cmp.Diff(Change{Added: 3}, f.update(documents("a=1", "b=2", "c=3"))); diff != "" {
		t.Error(diff)
	}
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	files, err := filepath.Glob(filepath.Join(f.Dir, "*", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if err := os.Chtimes(file, old, old); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(Change{Added: 1, Changed: 1, Same: 2}, f.update(documents("a=1", "b=two", "c=3", "d=4"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"A": "1", "B": "two", "C": "3", "D": "4"}, f.texts()); diff != "" {
		t.Error(diff)
	}
	untouched := 0
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.ModTime().Equal(old) {
			untouched++
		}
	}
	if untouched != 2 {
		t.Errorf("%d files were left alone", untouched)
	}
}

func TestWhatVanishedGoesAfterTheGrace(t *testing.T) {
	f := newFolder(t)
	f.update(documents("a=1", "b=2", "c=3"))
	f.now = f.now.Add(time.Hour)
	if diff := cmp.Diff(Change{Same: 1, Missing: 2}, f.update(documents("a=1"))); diff != "" {
		t.Error(diff)
	}
	f.now = f.now.Add(Grace - time.Second)
	if diff := cmp.Diff(Change{Same: 2, Missing: 1}, f.update(documents("a=1", "b=2"))); diff != "" {
		t.Error("b came back: " + diff)
	}
	f.now = f.now.Add(time.Second)
	if diff := cmp.Diff(Change{Same: 1, Missing: 1, Removed: 1}, f.update(documents("a=1"))); diff != "" {
		t.Error("c was missing for the whole grace, b since now: " + diff)
	}
	if diff := cmp.Diff(map[string]string{"A": "1", "B": "2"}, f.texts()); diff != "" {
		t.Error(diff)
	}
}

func TestAnEmptyOrPartialReadingRemovesNothing(t *testing.T) {
	f := newFolder(t)
	f.update(documents("a=1", "b=2"))
	f.now = f.now.Add(2 * Grace)
	if _, _, err := f.Update(Origin{Address: "https://a.example/hc/shop"}, Reading{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v", err)
	}
	partial := documents("a=1")
	partial.Partial = true
	for range 2 {
		if diff := cmp.Diff(Change{Same: 1}, f.update(partial)); diff != "" {
			t.Error(diff)
		}
		f.now = f.now.Add(2 * Grace)
	}
	if len(f.texts()) != 2 {
		t.Errorf("%v", f.texts())
	}
}

func TestSourcesAreRememberedAndKeptApart(t *testing.T) {
	f := newFolder(t)
	for _, address := range []string{"https://a.example/b", "https://a.example-b", "https://b.example/b"} {
		if _, _, err := f.Update(Origin{Address: address, Private: []string{"b.example"}}, documents("a="+address)); err != nil {
			t.Fatal(err)
		}
	}
	origins, err := f.Origins()
	if err != nil || len(origins) != 3 || origins[0].Private[0] != "b.example" {
		t.Errorf("%+v, %v", origins, err)
	}
	if dirs, _ := filepath.Glob(filepath.Join(f.Dir, "*")); len(dirs) != 3 {
		t.Errorf("%v", dirs)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for _, d := range []Document{
		{Source: "https://a.example/x?y=1&z=<2>", Title: `Say "hi": 5 < 6`, Text: "# A\n\n---\nsource: \"b\"\n---\n\nc"},
		{Source: "a.docx", Title: "", Text: "ñ\r\nb"},
		{Source: "a", Title: "two\nlines\n---\nsource: \"c\"", Text: "t"},
	} {
		file, whole := d.encode()
		back, err := Decode(file)
		want := Document{
			Source: d.Source, Title: strings.Join(strings.Fields(d.Title), " "), Text: strings.ReplaceAll(d.Text, "\r\n", "\n"),
		}
		if diff := cmp.Diff(want, back); diff != "" || err != nil || !whole {
			t.Errorf("%v %v %s", whole, err, diff)
		}
	}
	for _, wrong := range []string{"", "text", "---\ntitle: x\n---\n", "---\nsource: x\n---\n", "---\nsource: \"x\"\n"} {
		if d, err := Decode([]byte(wrong)); err == nil {
			t.Errorf("%q is taken for %+v", wrong, d)
		}
	}
}

func TestOfATextThatIsTooLongTheBeginningIsKept(t *testing.T) {
	paragraph := strings.Repeat("ñ", 500)
	long := strings.Repeat(paragraph+"\n\n", MostBytes/1000)
	f := newFolder(t)
	_, notes, err := f.Update(Origin{Address: "https://a.example"}, Reading{
		Documents: []Document{{ID: "a", Source: "https://a.example/a", Title: strings.Repeat("T", 9000), Text: long + "\x00\xff"}},
	})
	if err != nil || len(notes) != 1 || !strings.Contains(fmt.Sprint(notes), "https://a.example/a") {
		t.Errorf("%v, %v", notes, err)
	}
	for _, text := range f.texts() {
		if len(text) < MostBytes*9/10 || len(text) > MostBytes || !strings.HasSuffix(text, "\n\n"+paragraph) {
			t.Errorf("%d bytes", len(text))
		}
	}
}

// TestWhatAnotherMachineLearnedIsBrought: pages whose copies are replaced are read anew, and nothing is deleted.
func TestWhatAnotherMachineLearnedIsBrought(t *testing.T) {
	f := newFolder(t)
	o := Origin{Address: "https://a.example/hc/shop"}
	r := documents("a=1", "b=2")
	for i := range r.Documents {
		r.Documents[i].Mark = Mark{ETag: "x"}
	}
	c, _, err := f.Update(o, r)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Base(c.Dir)
	name := func(id string) string { return dir + "/" + fileOf(Document{ID: id, Title: strings.ToUpper(id)}) }
	text := func(id, text string) string {
		file, _ := Document{ID: id, Source: "https://a.example/" + id, Title: strings.ToUpper(id), Text: text}.encode()
		return string(file)
	}
	if err := f.Bring(map[string]string{name("a"): text("a", "1")}); err != nil {
		t.Fatal(err)
	}
	if marks, err := f.Marks(o); err != nil || marks["a"].ETag != "x" {
		t.Errorf("what is the same is read anew: %v, %v", marks, err)
	}
	if err := f.Bring(map[string]string{name("a"): text("a", "one"), "other-1/c.md": text("c", "3")}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"A": "one", "B": "2", "C": "3"}, f.texts()); diff != "" {
		t.Error(diff)
	}
	if marks, err := f.Marks(o); err != nil || marks["a"].ETag != "" {
		t.Errorf("what was replaced counts as unchanged: %v, %v", marks, err)
	}
	for _, wrong := range []string{"../x.md", "/x.md", ""} {
		if err := f.Bring(map[string]string{wrong: "x"}); err == nil {
			t.Errorf("%q is written", wrong)
		}
	}
}
