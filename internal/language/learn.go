package language

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"tania/internal/tania"
)

// Example is a text, and the languages that it may be written in: one mostly, some or none for what tells nothing ("hotel", "ok").
type Example struct {
	Languages []tania.Language
	Text      string
}

// wanted is how likely each language is to be that of the example.
func (e Example) wanted() (odds [len(detected)]float64) {
	among := e.Languages
	if len(among) == 0 {
		among = detected[:]
	}
	for k, l := range detected {
		if slices.Contains(among, l) {
			odds[k] = 1 / float64(len(among))
		}
	}
	return odds
}

const (
	rounds = 12
	// pace is how far a round's steps go, decay how much of a weight is lost at each.
	pace  = 0.25
	decay = 2e-6
	// atLeast is how many texts a part must occur in.
	atLeast = 3
	// tableSlots is a power of two, of which at most three quarters are filled.
	tableSlots = 1 << 15
	mostParts  = tableSlots * 3 / 4
	// shareOfNone is how often what tells no language is looked at.
	shareOfNone = 0.15
)

// Learn makes the table of Detect from examples: a softmax over the words and their parts, by stochastic gradient descent with a fixed
// seed, of which the parts that say most are kept.
func Learn(examples []Example) ([]byte, error) {
	if len(examples) == 0 {
		return nil, errors.New("language: no examples")
	}
	parts := make([][]uint32, len(examples))
	count := map[uint32]int{}
	for i, e := range examples {
		parts[i] = slices.Clone(new(partReader).partsOf(e.Text))
		for _, p := range slices.Compact(slices.Sorted(slices.Values(parts[i]))) {
			count[p]++
		}
	}
	maps.DeleteFunc(count, func(_ uint32, n int) bool { return n < atLeast })
	w := descend(examples, parts, count, rounds)
	// What says least is left out, and the rest learns once more without it.
	keys := slices.Collect(maps.Keys(w))
	slices.SortFunc(keys, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(w[b].says()*math.Sqrt(float64(count[b])), w[a].says()*math.Sqrt(float64(count[a]))), cmp.Compare(a, b))
	})
	kept := map[uint32]int{}
	for _, k := range keys[:min(len(keys), mostParts)] {
		kept[k] = count[k]
	}
	w = descend(examples, parts, kept, rounds)
	return pack(w), nil
}

type learned struct{ w, g [len(detected)]float64 }

func (l *learned) says() float64 { return slices.Max(l.w[:]) - slices.Min(l.w[:]) }

func descend(examples []Example, parts [][]uint32, among map[uint32]int, rounds int) map[uint32]*learned {
	w := make(map[uint32]*learned, len(among))
	for p := range among {
		w[p] = &learned{}
	}
	var by [len(detected) + 1][]int // by language, and last what tells none
	for i, e := range examples {
		k := len(detected)
		if len(e.Languages) == 1 {
			k = slices.Index(detected[:], e.Languages[0])
		}
		by[k] = append(by[k], i)
	}
	most := max(len(by[0]), len(by[1]), len(by[2]))
	random := rand.New(rand.NewPCG(1, 2))
	var found []*learned
	for range rounds * most * len(detected) {
		// Each language is as likely as another, whatever there is more of.
		among := by[random.IntN(len(detected))]
		if random.Float64() < shareOfNone && len(by[len(detected)]) > 0 {
			among = by[len(detected)]
		}
		i := among[random.IntN(len(among))]
		found = found[:0]
		for _, p := range parts[i] {
			if l := w[p]; l != nil {
				found = append(found, l)
			}
		}
		step(found, examples[i].wanted())
	}
	return w
}

func step(found []*learned, wanted [len(detected)]float64) {
	var sum [len(detected)]float64
	for _, l := range found {
		for k := range sum {
			sum[k] += l.w[k]
		}
	}
	total := 0.0
	top := slices.Max(sum[:])
	for k := range sum {
		sum[k] = math.Exp(sum[k] - top)
		total += sum[k]
	}
	for k := range sum {
		slope := sum[k]/total - wanted[k]
		for _, l := range found {
			g := slope + decay*l.w[k]
			l.g[k] += g * g
			l.w[k] -= pace * g / (math.Sqrt(l.g[k]) + 0.3)
			l.w[k] = min(max(l.w[k], -127*unit), 127*unit)
		}
	}
}

// pack writes the weights as Detect looks them up.
func pack(w map[uint32]*learned) []byte {
	file := make([]byte, tableSlots*slotBytes)
	for _, p := range slices.Sorted(maps.Keys(w)) {
		at := int(p % tableSlots)
		for file[at*slotBytes] != 0 || file[at*slotBytes+1] != 0 {
			at = (at + 1) % tableSlots
		}
		slot := file[at*slotBytes:]
		mark := markOf(p)
		slot[0], slot[1] = byte(mark>>8), byte(mark) //nolint:gosec // its two bytes
		for k, v := range w[p].w {
			slot[2+k] = byte(int8(math.Round(v / unit))) //nolint:gosec // a signed byte
		}
	}
	return file
}
