package knowledge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/tania"
)

// matters makes vectors of texts by the first of its words that is in one; a text that has none is about nothing else's matter.
type matters struct {
	words []string
	known map[string]bool
	down  error
}

func (m *matters) vector(text string) embedding.Vector {
	numbers := make([]float32, len(m.words)+8)
	for i, word := range m.words {
		if strings.Contains(text, word) {
			numbers[i] = 1
			return embedding.Quantise(numbers)
		}
	}
	numbers[len(m.words)+len(text)%8] = 1
	return embedding.Quantise(numbers)
}

func (m *matters) Known(text string) (embedding.Vector, bool) { return m.vector(text), m.known[text] }

func (m *matters) All(_ context.Context, texts []string) ([]embedding.Vector, error) {
	if m.down != nil {
		return nil, m.down
	}
	made := make([]embedding.Vector, len(texts))
	for i, text := range texts {
		made[i] = m.vector(text)
	}
	return made, nil
}

// shelves are passages of which only the last says anything of sleds.
func shelves(count int) *Index {
	list := make([]bot.Passage, count)
	for i := range list {
		list[i] = bot.Passage{Source: fmt.Sprint("shelf ", i), Title: fmt.Sprint("Shelf ", i), Text: fmt.Sprint("Boards ", i)}
	}
	list[count-1].Text = "Sleds"
	return New(nil, list, tania.English)
}

func first(x *Index, m *matters, text string) string {
	return x.Rank(language.Read(text), "", m.vector(text))[0].Source()
}

func TestEntriesAreFoundByWhatTheyMean(t *testing.T) {
	x, m := shelves(40), &matters{words: []string{"Sleds"}}
	if got := first(x, m, "Trineos, o Sleds"); got != "shelf 39" {
		t.Fatalf("by words %s is first", got)
	}
	asked := "Trineos"
	same := func() string {
		return x.Rank(language.Read(asked), "", m.vector("Sleds"))[0].Source()
	}
	if got := same(); got == "shelf 39" {
		t.Error("before anything is learned it is found")
	}
	if err := x.Learn(t.Context(), m); err != nil || same() != "shelf 39" {
		t.Errorf("%s is first, %v", same(), err)
	}
}

func TestAServerThatIsAwayLeavesWhatIsKnown(t *testing.T) {
	for _, c := range []struct {
		known int
		want  bool
	}{{39, true}, {20, false}} {
		x, m := shelves(40), &matters{words: []string{"Sleds"}, down: errors.New("busy"), known: map[string]bool{}}
		for i := range c.known {
			m.known[partsOf(x.hitAt(39 - i))[0]] = true
		}
		if err := x.Learn(t.Context(), m); !errors.Is(err, m.down) {
			t.Errorf("with %d known: %v", c.known, err)
		}
		if found := x.Rank(language.Read("Trineos"), "", m.vector("Sleds"))[0].Source() == "shelf 39"; found != c.want {
			t.Errorf("with %d of 40 known it is found: %v", c.known, found)
		}
	}
}

func TestEachQuestionOfAnFAQHasItsVector(t *testing.T) {
	x := New([]bot.FAQ{
		{ID: "hours", Questions: []string{"When?", "At what time?"}, Answer: bot.Text{tania.English: "At nine.", tania.Spanish: "A las nueve."}},
		{ID: "pay", Keywords: []string{"pay", "card"}, Answer: bot.Text{bot.AnyLanguage: "Visa."}},
	}, nil, tania.English)
	for i, want := range [][]string{{"When?", "At what time?", "When?\nAt nine.", "When?\nA las nueve."}, {"pay, card\nVisa."}} {
		if got := partsOf(x.hitAt(i)); !slices.Equal(got, want) {
			t.Errorf("%d: %q, want %q", i, got, want)
		}
	}
}

// TestWhatIsMeantIsOfferedAndAloneAnswersNothing asks for sleds in a word that no entry has.
func TestWhatIsMeantIsOfferedAndAloneAnswersNothing(t *testing.T) {
	x, m := shelves(40), &matters{words: []string{"Sleds"}}
	if err := x.Learn(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	asked := language.Read("Trineos")
	if hits := x.Likely(asked, "", embedding.Vector{}, 0, 3); len(hits) > 0 {
		t.Errorf("by words %s is offered", hits[0].Source())
	}
	hits := x.Likely(asked, "", m.vector("Sleds"), 0, 3)
	if len(hits) == 0 || hits[0].Source() != "shelf 39" {
		t.Errorf("by what is meant %v are offered", hits)
	}
	if h, sure := x.Best(asked, m.vector("Sleds")); sure {
		t.Errorf("it is answered from %s, which has no word of it", h.Source())
	}
}

// TestWhatIsMeantMakesWordsSure has a question share one word with two entries alike, of which it means one.
func TestWhatIsMeantMakesWordsSure(t *testing.T) {
	list := shelved(40)
	list[3] = bot.FAQ{ID: "sleds", Questions: []string{"How much is renting Sleds?"}, Answer: bot.Text{tania.English: "Five a day."}}
	list[9] = bot.FAQ{ID: "skates", Questions: []string{"How much is renting Skates?"}, Answer: bot.Text{tania.English: "Three a day."}}
	x, m := New(list, nil, tania.English), &matters{words: []string{"Sleds", "Skates"}}
	if err := x.Learn(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	asked := language.Read("how much is renting a luge?")
	if h, sure := x.Best(asked, embedding.Vector{}); sure {
		t.Errorf("by words it is answered from %s", h.Source())
	}
	for _, want := range []string{"Sleds", "Skates"} {
		if h, sure := x.Best(asked, m.vector(want)); !sure || h.Source() != "faq:"+strings.ToLower(want) {
			t.Errorf("meaning %s: %s, sure %t, %.2f", want, h.Source(), sure, h.Score)
		}
	}
}

// shelved are entries of an FAQ that ask for boards.
func shelved(count int) []bot.FAQ {
	list := make([]bot.FAQ, count)
	for i := range list {
		list[i] = bot.FAQ{
			ID: fmt.Sprint("board", i), Questions: []string{fmt.Sprint("Where is board ", i, "?")},
			Answer: bot.Text{tania.English: fmt.Sprint("On shelf ", i, ".")},
		}
	}
	return list
}
