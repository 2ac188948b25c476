package knowledge

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
	for _, c := range []struct {
		text   string
		before []string
		want   string
	}{
		{"and then?", nil, ""},
		{"and then?", []string{"chairs"}, "returns"},
		{"and then?", []string{"chairs", "vans on sundays"}, "sundays"}, // what came last counts most
		{"and the islas?", []string{"chairs"}, "envios"},                // what is asked now counts more than what was
	} {
		got := append(found(t, x, Query{Text: c.text, Before: c.before}), "")
		if got[0] != c.want {
			t.Errorf("%q after %q: got %v, want %q first", c.text, c.before, got, c.want)
		}
	}
}

// TestAWordsOtherFormsCountLess has passages that differ in one ending.
func TestAWordsOtherFormsCountLess(t *testing.T) {
	x := opened(t, filepath.Join(t.TempDir(), "index"))
	defer func() { _ = x.Close() }()
	apply(t, x, Change{Put: []Passage{{ID: "one", Text: "charge"}, {ID: "many", Text: "charges"}, {ID: "other", Text: "sofa"}}})
	for text, want := range map[string][]string{"charge": {"one", "many"}, "charges": {"many", "one"}} {
		if got := found(t, x, Query{Text: text}); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

// TestAPassageGainsByWhatIsLikeIt has two passages that a word is in, one of which is of a kind with a third.
func TestAPassageGainsByWhatIsLikeIt(t *testing.T) {
	x := opened(t, filepath.Join(t.TempDir(), "index"))
	defer func() { _ = x.Close() }()
	apply(t, x, Change{Put: []Passage{
		{ID: "alone", Text: "sofa lamp table curtain"},
		{ID: "akin", Text: "sofa island ferry harbour"},
		{ID: "kin", Text: "sofa sofa island ferry harbour"},
	}})
	if got := found(t, x, Query{Text: "sofa"}); !slices.Equal(got, []string{"kin", "akin", "alone"}) {
		t.Errorf("got %v", got)
	}
}

// TestHeadingsAndNeighbouringWordsWeigh has passages of the same words.
func TestHeadingsAndNeighbouringWordsWeigh(t *testing.T) {
	for want, c := range map[string]struct {
		ask string
		put []Passage
	}{
		"heading": {"lamp", []Passage{{ID: "text", Title: "Sofa", Text: "lamp"}, {ID: "heading", Title: "Lamp", Text: "sofa"}}},
		"beside":  {"lamp oil", []Passage{{ID: "apart", Text: "oil sofa lamp"}, {ID: "beside", Text: "sofa lamp oil"}}},
	} {
		x := opened(t, filepath.Join(t.TempDir(), "index"))
		apply(t, x, Change{Put: c.put})
		if got := found(t, x, Query{Text: c.ask}); got[0] != want {
			t.Errorf("got %v, want %s first", got, want)
		}
		_ = x.Close()
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

// TestSearchesAtOnceFindWhatOneFinds changes the index meanwhile.
func TestSearchesAtOnceFindWhatOneFinds(t *testing.T) {
	x := filled(t, filepath.Join(t.TempDir(), "index"))
	defer func() { _ = x.Close() }()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for text, want := range map[string]string{"chair": "returns", "envios islas": "envios", "vans sundays": "sundays"} {
				for range 20 {
					hits, err := x.Search(Query{Text: text}, 1)
					if err != nil || len(hits) != 1 || hits[0].Passage.ID != want {
						t.Errorf("%s: got %v, %v", text, hits, err)
					}
				}
			}
		})
	}
	for i := range 20 {
		apply(t, x, Change{Put: []Passage{{ID: "lamp", Text: fmt.Sprint("lamp", i)}}})
	}
	all.Wait()
}

// TestWhatNearlyAllHaveIsNotCounted holds the bound on work: a word of more passages than are counted finds none.
func TestWhatNearlyAllHaveIsNotCounted(t *testing.T) {
	h := newHeld()
	for i := range 4 {
		n, _ := h.intern("common")
		h.add(document{id: fmt.Sprint(i), words: []uint32{n}})
	}
	asked := h.asked([]spoken{{words: []string{"common"}}})
	for budget, want := range map[int]int{3: 0, 4: 4, 9: 4} {
		scores := make([]float32, 4)
		left := h.score(asked, scores, budget)
		if found := h.best(scores, 9, nil); len(found) != want || left != budget-want {
			t.Errorf("within %d: %d found, %d left, want %d found", budget, len(found), left, want)
		}
	}
}

// TestTheBestAreFoundAmongMany compares with sorting.
func TestTheBestAreFoundAmongMany(t *testing.T) {
	h := newHeld()
	scores := make([]float32, 5000)
	for i := range scores {
		h.add(document{id: fmt.Sprint(i)})
		scores[i] = float32(i * 7919 % 997)
	}
	h.remove("996")
	hidden := map[uint32]bool{8: true, 9: true}
	var want []ranked
	for n, s := range scores {
		if s > 0 && n != 996 && !hidden[uint32(n)] {
			want = append(want, ranked{doc: uint32(n), score: s})
		}
	}
	slices.SortFunc(want, better)
	for _, most := range []int{1, 60, 4999} {
		if got := h.best(scores, most, hidden); !slices.Equal(got, want[:min(most, len(want))]) {
			t.Errorf("of %d: got %d, others than sorting gives", most, len(got))
		}
	}
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
