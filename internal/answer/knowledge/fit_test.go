package knowledge

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/tania"
)

var update = flag.Bool("update", false, "write the weights that are fitted")

// example is a question with the entries that may answer it, as the weights are fitted to.
type example struct {
	business string
	all      []features
	right    []bool
	none     [5]float64
	// counts is how much it counts.
	counts     float64
	answerable bool
}

// examples are the questions of the five businesses that are not held out.
func examples(t testing.TB) (list []example) {
	add := func(business string, x *Index, asked []customerAsks) {
		for _, q := range asked {
			if len(q.want) > 1 {
				continue
			}
			r := language.Read(q.text)
			s := x.scene(r, q.before)
			e := example{business: business, none: s.noFeatures(), counts: 1, answerable: len(q.want) > 0}
			var hits []Hit
			hits, e.all = s.candidates(x.foremost(r, q.before, embedding.Vector{}))
			for _, h := range hits {
				e.right = append(e.right, slices.Contains(q.want, h.Source()))
			}
			list = append(list, e)
		}
	}
	x, asked := bakery(t)
	add("bakery", x, questionsOf(asked))
	faq, passages, asked := club(t)
	add("club", New(faq, passages, tania.Spanish), questionsOf(asked))
	for _, name := range []string{"workshop", "home", "clinic"} {
		b := business(t, name)
		add(name, New(b.faq, b.passages, tania.Spanish), slices.Concat(b.dev, b.unanswerable))
	}
	return list
}

func questionsOf(pairs [][2]string) (list []customerAsks) {
	for _, p := range pairs {
		q := customerAsks{text: p[1]}
		if p[0] != "-" {
			q.want = []string{p[0]}
		}
		list = append(list, q)
	}
	return list
}

// unanswered is an example whose entry is missing: no other one answers it.
func (e example) unanswered() example {
	without := example{business: e.business, none: e.none, counts: 0.3}
	most := 0.0
	for i, f := range e.all {
		if !e.right[i] {
			without.all, without.right = append(without.all, f), append(without.right, false)
			most = max(most, f[rankFeature])
		}
	}
	for i := range without.all {
		f := &without.all[i]
		f[rankFeature] /= max(most, 1e-9)
		f[rankFeature+1] = truth(f[rankFeature] >= 1)
	}
	return without
}

const rankFeature = 12

// likelihoods gives how likely each entry is by weights, and that it is none.
func (e example) likelihoods(entry features, none [5]float64) ([]float64, float64) {
	hits, scores := make([]Hit, len(e.all)), make([]float64, len(e.all))
	for i, f := range e.all {
		scores[i] = dot(f[:], entry[:])
	}
	likely(hits, scores, dot(e.none[:], none[:]))
	left := 1.0
	for i, h := range hits {
		scores[i] = h.Score
		left -= h.Score
	}
	return scores, left
}

// fit finds the weights under which what is right is likeliest, by gradient descent, held back from extremes.
func fit(list []example) (entry features, none [5]float64) {
	total := 0.0
	for _, e := range slices.Clone(list) {
		total += e.counts
		if e.answerable {
			list = append(list, e.unanswered())
		}
	}
	for range 1200 {
		var entryStep features
		var noneStep [5]float64
		for _, e := range list {
			likely, no := e.likelihoods(entry, none)
			rights := 0.0
			for _, right := range e.right {
				rights += truth(right)
			}
			for i, f := range e.all {
				off := e.counts * (truth(e.right[i])/max(1, rights) - likely[i])
				for k, v := range f {
					entryStep[k] += off * v
				}
			}
			for k, v := range e.none {
				noneStep[k] += e.counts * (truth(rights == 0) - no) * v
			}
		}
		const pace, pull = 2.0, 0.0005
		for k := range entry {
			entry[k] += pace * (entryStep[k]/total - pull*entry[k])
		}
		for k := range none {
			none[k] += pace * (noneStep[k]/total - pull*none[k])
		}
	}
	return entry, none
}

// verdicts counts what is answered with the entries that are likely from a threshold on.
func verdicts(list []example, entry features, none [5]float64, sure float64) (right, wrong, answerable float64) {
	for _, e := range list {
		answerable += truth(e.answerable)
		likely, _ := e.likelihoods(entry, none)
		if len(likely) == 0 {
			continue
		}
		best := slices.Index(likely, slices.Max(likely))
		right += truth(likely[best] >= sure && e.right[best])
		wrong += truth(likely[best] >= sure && !e.right[best])
	}
	return right, wrong, answerable
}

// TestTheWeightsAreFitted fits the weights of likelihood.go to questions of five businesses. With -update, needed where a list of words or
// a feature changes, it writes weights.go, and logs what is decided of each business by weights that are fitted to the other four.
func TestTheWeightsAreFitted(t *testing.T) {
	list := examples(t)
	entry, none := fit(list)
	if *update {
		write(t, entry, none)
		acrossBusinesses(t, list)
		return
	}
	for k := range entry {
		if math.Abs(entry[k]-byFeature[k]) > 0.02 {
			t.Errorf("feature %d has the weight %.2f, fitted is %.2f: run this test with -update", k, byFeature[k], entry[k])
		}
	}
	for k := range none {
		if math.Abs(none[k]-byAbsence[k]) > 0.02 {
			t.Errorf("absence %d has the weight %.2f, fitted is %.2f: run this test with -update", k, byAbsence[k], none[k])
		}
	}
}

func acrossBusinesses(t *testing.T, list []example) {
	for _, business := range []string{"bakery", "club", "workshop", "home", "clinic"} {
		mine := func(e example) bool { return e.business == business }
		entry, none := fit(slices.DeleteFunc(slices.Clone(list), mine))
		held := slices.DeleteFunc(slices.Clone(list), func(e example) bool { return !mine(e) })
		for _, threshold := range []float64{0.5, 0.6, 0.7, 0.8} {
			right, wrong, all := verdicts(held, entry, none, threshold)
			t.Logf("%s by the others at %.2f: %.3f right, %.3f wrong of %.0f", business, threshold, right/all, wrong/all, all)
		}
	}
}

// perLine is how many weights stand on a line.
const perLine = 14

func write(t *testing.T, entry features, none [5]float64) {
	numbers := func(weights []float64) string {
		var s strings.Builder
		for i, w := range weights {
			switch {
			case i > 0 && i%perLine == 0:
				s.WriteString(",\n\t\t")
			case i > 0:
				s.WriteString(", ")
			}
			fmt.Fprintf(&s, "%.2f", w)
		}
		return s.String()
	}
	text := "// Code generated by go test ./internal/answer/knowledge -run Fitted -update; DO NOT EDIT.\n\npackage knowledge\n\n" +
		"// byFeature are the weights of features, byAbsence those of what tells that no entry answers.\n" +
		"var (\n\tbyFeature = features{\n\t\t" + numbers(entry[:]) + ",\n\t}\n\tbyAbsence = [5]float64{" + numbers(none[:]) + "}\n)\n"
	if err := os.WriteFile("weights.go", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
