package dispatcher

import (
	"bufio"
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tania/internal/language"
	"tania/internal/tania"
)

// train makes weights.bin again from the labelled messages that rules may be written against:
//
//	go test ./internal/dispatcher -run TestWeights -train dev,tuning,heldout,wider,social,blind,blind2,manners,manners2,manners3
var train = flag.String("train", "", "files of testdata, with commas between, from which weights.bin is made anew")

// TestWeights holds the weights to their size, and to saying nothing of a message of words that no label has.
func TestWeights(t *testing.T) {
	if *train != "" {
		learn(t, strings.Split(*train, ","))
		return
	}
	if len(weightsFile) != features*len(weighedRoutes) {
		t.Fatalf("%d bytes", len(weightsFile))
	}
	m := builtin().read(language.Read("xqzt vrbk ploof"))
	defer m.release()
	if route, why, ok := m.weigh(weightsFile); ok {
		t.Errorf("%s (%s)", route, why)
	}
}

type example struct {
	seen  []uint32
	route int // of weighedRoutes, -1 for a plain question
}

const (
	rounds  = 40
	pace    = 1.0
	decay   = 3e-4
	atLeast = 2 // what is seen in one message only is chance
)

// learn fits a softmax over the features by stochastic gradient descent, with a fixed seed.
func learn(t *testing.T, files []string) {
	examples := append(read(t, files), plainQuestions(t)...)
	count := make([]int, features)
	for _, e := range examples {
		for _, f := range e.seen {
			count[f]++
		}
	}
	for i := range examples {
		examples[i].seen = slices.DeleteFunc(examples[i].seen, func(f uint32) bool { return count[f] < atLeast })
	}
	w := make([][len(weighedRoutes)]float64, features)
	dice := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	for round := range rounds {
		rate := pace / (1 + 0.2*float64(round))
		for _, i := range dice.Perm(len(examples)) {
			step(w, examples[i], rate)
		}
	}
	out := make([]byte, 0, features*len(weighedRoutes))
	for _, by := range w {
		for _, v := range by {
			out = append(out, byte(int8(math.Round(max(-127, min(127, v/unit)))))) //nolint:gosec // a signed byte
		}
	}
	if err := os.WriteFile("weights.bin", out, 0o644); err != nil { //nolint:gosec // a source file
		t.Fatal(err)
	}
	t.Logf("learned from %d messages", len(examples))
}

// plainQuestions are those of the other rooms' labelled questions that no rule recognises.
func plainQuestions(t *testing.T) []example {
	var texts []string
	for _, name := range []string{"../cache/testdata/cacheable.jsonl", "../cache/testdata/guards.jsonl", "../cache/testdata/probes.jsonl"} {
		eachLine(t, name, func(line string) {
			var q struct{ Text, A, B string }
			if err := json.Unmarshal([]byte(line), &q); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, q.Text, q.A, q.B)
		})
	}
	for _, name := range []string{"../answer/knowledge/testdata/questions.tsv", "../answer/knowledge/testdata/club-questions.tsv"} {
		eachLine(t, name, func(line string) { texts = append(texts, strings.Split(line, "\t")[1]) })
	}
	slices.Sort(texts)
	var list []example
	d := New(Options{})
	for _, text := range slices.Compact(texts) {
		if why := d.Dispatch(text).Why; text != "" && (why == "" || strings.HasPrefix(why, "weighed")) {
			list = append(list, exampleOf(d.g, text, ""))
		}
	}
	return list
}

func exampleOf(g *grammar, text, route string) example {
	m := g.read(language.Read(text))
	defer m.release()
	e := example{route: slices.Index(weighedRoutes[:], tania.Route(route))}
	for _, seen := range m.features(nil) {
		e.seen = append(e.seen, seen.hash)
	}
	return e
}

func eachLine(t *testing.T, name string, use func(string)) {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if lines.Text() != "" {
			use(lines.Text())
		}
	}
}

func step(w [][len(weighedRoutes)]float64, e example, rate float64) {
	scale := 1 / math.Sqrt(float64(len(e.seen))+1)
	var sum [len(weighedRoutes)]float64
	for _, f := range e.seen {
		for r := range sum {
			sum[r] += w[f][r] * scale
		}
	}
	for r, p := range likelihoods(sum) {
		if r == e.route {
			p--
		}
		for _, f := range e.seen {
			w[f][r] -= rate * (p*scale + decay*w[f][r])
		}
	}
}

func read(t *testing.T, files []string) []example {
	var list []example
	for _, name := range files {
		eachLine(t, filepath.Join("testdata", name+".jsonl"), func(line string) {
			var sample struct{ Text, Route string }
			if err := json.Unmarshal([]byte(line), &sample); err != nil {
				t.Fatal(err)
			}
			list = append(list, exampleOf(builtin(), sample.Text, sample.Route))
		})
	}
	return list
}
