package knowledge

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var shop = []Passage{
	{ID: "delivery", Source: "help", Title: "Delivery", Text: "We deliver in the city within two days.", Language: "en"},
	{ID: "sundays", Source: "help", Title: "Delivery", Headings: []string{"Sundays"}, Text: "Vans rest then.", Language: "en"},
	{ID: "returns", Source: "help", Title: "Returns", Text: "A chair can be returned within thirty days.", Language: "en"},
	{ID: "envios", Source: "help", Title: "Envíos", Text: "Los envíos a las islas tardan una semana.", Language: "es"},
}

func opened(t *testing.T, path string) *Index {
	t.Helper()
	x, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func filled(t *testing.T, path string) *Index {
	t.Helper()
	x := opened(t, path)
	apply(t, x, Change{Put: shop, Mark: "1"})
	return x
}

func apply(t *testing.T, x *Index, c Change) {
	t.Helper()
	if err := x.Apply(c); err != nil {
		t.Fatal(err)
	}
}

func found(t *testing.T, x *Index, q Query) []string {
	t.Helper()
	hits, err := x.Search(q, 10)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range hits {
		ids = append(ids, h.Passage.ID)
	}
	return ids
}

func TestSearchFindsByWordsOfTextTitleAndHeadings(t *testing.T) {
	x := filled(t, filepath.Join(t.TempDir(), "index"))
	defer func() { _ = x.Close() }()
	for text, want := range map[string]string{
		"Can I return two chairs?":   "returns",
		"¿cuánto tarda un ENVIO?":    "envios",
		"is there a van on Sundays?": "sundays",
	} {
		if got := found(t, x, Query{Text: text}); len(got) == 0 || got[0] != want {
			t.Errorf("%q: got %v, want %s first", text, got, want)
		}
	}
	if got := found(t, x, Query{Text: "zzz ¿? and the"}); got != nil {
		t.Errorf("found %v for no word of any passage", got)
	}
}

func TestAFollowUpHasItsSubjectFromBefore(t *testing.T) {
	x := filled(t, filepath.Join(t.TempDir(), "index"))
	defer func() { _ = x.Close() }()
	if got := found(t, x, Query{Text: "and the islas?", Before: []string{"within which days can a chair be returned?"}}); got[0] != "envios" &&
		got[0] != "returns" || !slices.Contains(got, "returns") {
		t.Errorf("got %v", got)
	}
	if got := found(t, x, Query{Text: "and then?", Before: []string{"chairs"}}); got == nil || got[0] != "returns" {
		t.Errorf("got %v, want returns by what was asked before", got)
	}
}

func TestWhatWasShownIsNotFoundAgain(t *testing.T) {
	x := filled(t, filepath.Join(t.TempDir(), "index"))
	defer func() { _ = x.Close() }()
	got := found(t, x, Query{Text: "delivery", Shown: []string{"delivery", "never there"}})
	if slices.Contains(got, "delivery") || !slices.Contains(got, "sundays") {
		t.Errorf("got %v", got)
	}
}

func TestAChangeIsFoundAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	x := filled(t, path)
	changed := shop[2]
	changed.Text = "Sofas only."
	apply(t, x, Change{Put: []Passage{changed}, Remove: []string{"envios", "unknown"}, Mark: "2"})
	for range 2 {
		if got := found(t, x, Query{Text: "chair"}); got != nil {
			t.Errorf("the old text is found: %v", got)
		}
		if got := found(t, x, Query{Text: "sofas"}); !slices.Equal(got, []string{"returns"}) {
			t.Errorf("got %v", got)
		}
		if p, ok, err := x.Passage("returns"); err != nil || !ok || p.Hash() != changed.Hash() {
			t.Errorf("passage %v, %v, %v", p, ok, err)
		}
		if _, ok, _ := x.Passage("envios"); ok || x.Len() != 3 || x.Mark() != "2" {
			t.Errorf("%d passages, mark %q, removed one there: %v", x.Len(), x.Mark(), ok)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		x = opened(t, path)
	}
	_ = x.Close()
}

func TestAnIndexBelongsToOneProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	x := filled(t, path)
	if second, err := Open(path); err == nil {
		_ = second.Close()
		t.Error("it was opened twice")
	}
	_ = x.Close()
	_ = opened(t, path).Close()
}

// TestADamagedFileGoesBackToWhatIsWhole breaks each byte of the last change in turn, and cuts the file there.
func TestADamagedFileGoesBackToWhatIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	x := filled(t, path)
	whole := x.end
	apply(t, x, Change{Put: []Passage{{ID: "new", Title: "Lamps", Text: "They glow."}}, Mark: "2"})
	_ = x.Close()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := int(whole); at < len(content); at++ {
		broken := slices.Clone(content)
		broken[at] ^= 0xff
		for _, damaged := range [][]byte{broken, content[:at]} {
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			x := opened(t, path)
			if x.Mark() != "1" {
				t.Fatalf("byte %d: mark %q", at, x.Mark())
			}
			apply(t, x, Change{Put: []Passage{{ID: "new", Title: "Lamps", Text: "They glow."}}, Mark: "2"})
			if got := found(t, x, Query{Text: "lamp"}); !slices.Equal(got, []string{"new"}) {
				t.Fatalf("byte %d: got %v", at, got)
			}
			_ = x.Close()
		}
	}
}

func TestAFileOfChangesStaysSmall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	x := filled(t, path)
	one := x.end
	for n := range 3 * fewGone {
		apply(t, x, Change{Put: []Passage{{ID: "clock", Title: "Clock", Text: fmt.Sprintf("tick%d", n)}}, Mark: fmt.Sprint(n)})
	}
	if limit := one + 2*fewGone*300; x.end > limit {
		t.Errorf("%d bytes, want at most %d", x.end, limit)
	}
	last := fmt.Sprintf("tick%d", 3*fewGone-1)
	for range 2 {
		if got := found(t, x, Query{Text: last}); !slices.Equal(got, []string{"clock"}) || x.Len() != 5 {
			t.Errorf("got %v of %d passages", got, x.Len())
		}
		if gone := len(x.held.docs) - x.Len(); gone > x.Len()+fewGone {
			t.Errorf("%d passages that are gone", gone)
		}
		_ = x.Close()
		x = opened(t, path)
	}
	_ = x.Close()
}

func TestAPassageLongerThanTheFileReadsIsRefused(t *testing.T) {
	x := filled(t, filepath.Join(t.TempDir(), "index"))
	defer func() { _ = x.Close() }()
	if err := x.Apply(Change{Put: []Passage{{ID: "long", Text: strings.Repeat("x", mostText+1)}}}); err == nil || x.Mark() != "1" {
		t.Errorf("it was taken: %v, mark %q", err, x.Mark())
	}
}
