package knowledge

import (
	"fmt"
	"slices"
	"testing"
)

// heldWith has a document of each text's words, and the mark of its place.
func heldWith(texts ...string) *held {
	h := newHeld()
	for i, text := range texts {
		d := document{id: fmt.Sprint(i)}
		for _, word := range terms(text) {
			n, _ := h.intern(word)
			d.words = append(d.words, n)
		}
		h.add(d)
		mark, _ := h.internMark(fmt.Sprint("mark", i))
		h.mark(mark, 1)
	}
	h.settle()
	return h
}

func TestWhatWasSaidEarlierFades(t *testing.T) {
	h := heldWith("chair", "sofa", "lamp")
	weights := map[string]float32{}
	for _, w := range h.asked([]spoken{{words: []string{"chair", "lamp"}}, {words: []string{"sofa", "lamp"}}}) {
		weights[h.names[w.term]] = w.weight
	}
	if weights["chair"] != fading || weights["sofa"] != 1 || weights["lamp"] != 1+fading {
		t.Errorf("words weigh %v", weights)
	}
	scores := make([]float32, 3)
	h.scoreMarks([]spoken{{marks: []string{"mark0"}}, {marks: []string{"mark1", "mark1"}}}, scores)
	if scores[0] <= 0 || scores[0] >= scores[1] || scores[2] != 0 {
		t.Errorf("marks score %v", scores)
	}
	once := make([]float32, 3)
	if h.scoreMarks([]spoken{{marks: []string{"mark1"}}}, once); once[1] != scores[1] {
		t.Errorf("a mark that is asked twice counts %v, once %v", scores[1], once[1])
	}
}

func TestAPassageTakesPartOfItsScoreFromItsLikest(t *testing.T) {
	h := heldWith("island ferry harbour", "lamp table curtain", "island ferry bridge", "sofa")
	found := h.join([]ranked{{doc: 0, score: 1}, {doc: 1, score: 0.9}, {doc: 2, score: 0.89}, {doc: 3, score: 0.1}})
	if got := []uint32{found[0].doc, found[1].doc, found[2].doc, found[3].doc}; !slices.Equal(got, []uint32{0, 2, 1, 3}) {
		t.Errorf("got %v", found)
	}
	if again := h.lend(); slices.Max(again) != 0 {
		t.Error("weights of a search are left for the next")
	}
}

func TestTheBestPassagesLendWhatTheyShare(t *testing.T) {
	h := heldWith("island ferry harbour", "island ferry bridge", "sofa", "lamp", "table")
	asked := h.asked([]spoken{{words: []string{"island"}}})
	var sum float32
	weights := map[string]float32{}
	for _, w := range h.related(asked, []ranked{{doc: 0, score: 1}, {doc: 1, score: 1}}) {
		weights[h.names[w.term]] = w.weight
		sum += w.weight
	}
	if weights["ferry"] <= weights["harbour"] || weights["harbour"] <= 0 || weights["sofa"] != 0 {
		t.Errorf("lent %v", weights)
	}
	if sum < lentWeight*0.99 || sum > lentWeight*1.01 {
		t.Errorf("all that is lent weighs %v of what was asked, want %v", sum, lentWeight)
	}
}
