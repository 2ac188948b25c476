package knowledge

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/tania"
)

// library opens one in a folder of the test's own, or in the file of one that was closed.
func library(t testing.TB, path string) *Library {
	t.Helper()
	if path == "" {
		path = filepath.Join(t.TempDir(), "library")
	}
	l, err := OpenLibrary(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func inLibrary(t testing.TB, l *Library, faq []bot.FAQ, passages []bot.Passage) *Index {
	t.Helper()
	x, err := l.Index(faq, passages, tania.Spanish)
	if err != nil {
		t.Fatal(err)
	}
	if x.shelf == nil {
		t.Fatal("it is in memory")
	}
	return x
}

// TestALibraryFindsWhatMemoryFinds compares both with the questions of three businesses: what is before the model, what is surely
// answered, and how many entries touch a question.
func TestALibraryFindsWhatMemoryFinds(t *testing.T) {
	for _, name := range []string{"workshop", "home", "clinic"} {
		b := business(t, name)
		asked := slices.Concat(b.dev, b.heldOut)
		all := append(slices.Clip(b.passages), crowd(t, 2000)...)
		memory, shelf := New(b.faq, all, tania.Spanish), inLibrary(t, library(t, ""), b.faq, all)
		before, _ := beforeTheModel(memory, asked, 8000)
		now, missed := beforeTheModel(shelf, asked, 8000)
		right, wrong := surely(memory, slices.Concat(asked, b.unanswerable))
		rightNow, wrongNow := surely(shelf, slices.Concat(asked, b.unanswerable))
		recall, share := touching(shelf, asked)
		t.Logf("%s: before the model %.3f (%.3f in memory), right %.3f (%.3f), wrong %.3f (%.3f), touching %.3f of %.3f",
			name, now, before, rightNow, right, wrongNow, wrong, recall, share)
		if now < before-0.02 {
			t.Errorf("%s: before the model %.3f in a library, %.3f in memory; missed %q", name, now, before, missed)
		}
		if rightNow < right-0.05 || wrongNow > wrong+0.02 {
			t.Errorf("%s: right %.3f and wrong %.3f in a library, %.3f and %.3f in memory", name, rightNow, wrongNow, right, wrong)
		}
		if recall < 0.95 || share > 0.28 {
			t.Errorf("%s: %.3f of the answers touch their question, and %.3f of all; want 0.95 and at most 0.28", name, recall, share)
		}
	}
}

// surely gives the parts of questions that Best answers rightly and wrongly.
func surely(x *Index, asked []customerAsks) (right, wrong float64) {
	for _, q := range asked {
		h, sure := x.Best(language.Read(q.text), embedding.Vector{})
		if !sure {
			continue
		}
		if slices.Contains(q.want, h.Source()) {
			right++
		} else {
			wrong++
		}
	}
	return right / float64(len(asked)), wrong / float64(len(asked))
}

// sourcesOf are those that a text is about, the first so many.
func sourcesOf(x *Index, text string, most int) (sources []string) {
	for _, h := range x.Rank(language.Read(text), "", embedding.Vector{}) {
		if len(sources) == most {
			break
		}
		sources = append(sources, h.Source())
	}
	return sources
}

func TestVersionsShareALibrary(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library")
	l := library(t, path)
	passages := append(crowd(t, 3000), bot.Passage{Source: "zeppelin", Title: "Paseos", Text: "El paseo en zepelín sale a las nueve."})
	first := inLibrary(t, l, nil, passages)
	changed := slices.Clone(passages)
	changed[3000].Text = "El paseo en submarino sale a las diez."
	second := inLibrary(t, l, nil, changed)
	gone := inLibrary(t, l, nil, passages[:3000])
	for _, c := range []struct {
		name  string
		x     *Index
		text  string
		first bool
	}{
		{"the first version has what it had", first, "¿hay zepelín?", true},
		{"the second has it no more", second, "¿hay zepelín?", false},
		{"the second has what is new", second, "¿hay submarino?", true},
		{"the first has not", first, "¿hay submarino?", false},
		{"a version without it has neither", gone, "¿hay submarino?", false},
	} {
		found := sourcesOf(c.x, c.text, 1)
		if got := len(found) == 1 && found[0] == "zeppelin"; got != c.first {
			t.Errorf("%s: %q", c.name, found)
		}
	}
	want := sourcesOf(second, "¿hay submarino a las diez?", 20)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	again := library(t, path)
	x := inLibrary(t, again, nil, changed)
	if diff := cmp.Diff(want, sourcesOf(x, "¿hay submarino a las diez?", 20)); diff != "" {
		t.Error("after a restart: " + diff)
	}
}

// TestALibraryDropsWhatNobodyHas: what earlier versions had does not stay for ever, and whoever goes on with one of them has it all.
func TestALibraryDropsWhatNobodyHas(t *testing.T) {
	l := library(t, "")
	var first *Index
	for i := range 6 {
		passages := crowd(t, 1500)
		for j := range passages {
			passages[j].Text += fmt.Sprint(" edición", i)
		}
		x := inLibrary(t, l, nil, passages)
		if i == 0 {
			first = x
		}
	}
	if n := l.index.Len(); n > 2*1500+1500+1000 {
		t.Errorf("the library has %d passages of a bot with 1,500", n)
	}
	if found := sourcesOf(first, "edición0", 10); len(found) != 10 {
		t.Errorf("the first version finds %q", found)
	}
}

// TestCustomersAskWhileVersionsCome has the race detector look on.
func TestCustomersAskWhileVersionsCome(t *testing.T) {
	l, b := library(t, ""), business(t, "workshop")
	x := inLibrary(t, l, b.faq, b.passages)
	var asking sync.WaitGroup
	for range 3 {
		asking.Go(func() {
			for _, q := range b.dev {
				r, none := language.Read(q.text), embedding.Vector{}
				if len(x.Rank(r, "", none)) == 0 || len(x.Touching(r)) == 0 && len(x.Weigh(r, "", none, 3)) > 0 {
					t.Errorf("nothing is found for %q", q.text)
				}
			}
		})
	}
	for i, other := range crowd(t, 6) {
		next := inLibrary(t, l, b.faq, append(slices.Clip(b.passages), other))
		if err := next.Learn(t.Context(), &matters{}); err != nil {
			t.Errorf("version %d: %v", i, err)
		}
	}
	asking.Wait()
}

// TestALongPassageIsKnownToItsEnd: words far behind are found by another form of theirs.
func TestALongPassageIsKnownToItsEnd(t *testing.T) {
	passages := append(crowd(t, 500), bot.Passage{
		Source: "long", Title: "Normas",
		Text: strings.Repeat("Aquí se cuenta otra cosa larga que no viene al caso. ", 60) + "Los hurones pagan.",
	})
	x := inLibrary(t, library(t, ""), nil, passages)
	if h := x.Search(language.Read("¿puedo ir con mi hurón?"), 1); len(h) != 1 || h[0].Source() != "long" {
		t.Errorf("found %+v", h)
	}
}
