package dispatcher

import (
	_ "embed"
	"math"

	"tania/internal/tania"
)

// What no rule recognises is weighed: every word, pair of words and concept of a message speaks for a route or against it, by how often it
// did in the labelled messages. The weights are made by weigh_test.go. Rules come first, since they say why; the weights find what is said
// in words that nobody thought of.
//
//go:embed weights.bin
var weightsFile []byte

// weighedRoutes are the routes that are weighed against a plain question.
var weighedRoutes = [...]tania.Route{tania.RouteHandoff, tania.RouteFrustration, tania.RouteSensitive}

// sure is the probability from which a route is chosen. A false handoff costs an agent's time, and a missed one a customer.
var sure = [len(weighedRoutes)]float64{0.75, 0.75, 0.70}

const (
	// features is how many weights a route has; what is seen in a message is hashed to them.
	features = 1 << 16
	// fewest is how many words are weighed: one alone ("valor") may be the name of anything.
	fewest = 3
	// most bounds the words that are weighed.
	most = 400
	// unit is what a weight of 1 in the file stands for.
	unit = 1.0 / 16
)

// weights are those of the routes by feature, in units.
type weights []byte

func (w weights) of(feature uint32) (by [len(weighedRoutes)]float64) {
	for r := range by {
		by[r] = float64(int8(w[int(feature)*len(by)+r])) * unit //nolint:gosec // a signed byte
	}
	return by
}

// weigh gives the likeliest of the weighed routes where it is sure, and the words that spoke most for it.
func (m *message) weigh(w weights) (route tania.Route, why string, ok bool) {
	if len(m.tokens) < fewest {
		return "", "", false
	}
	var sum [len(weighedRoutes)]float64
	var buf [192]feature
	list := m.features(buf[:0])
	scale := 1 / math.Sqrt(float64(len(list))+1)
	for _, f := range list {
		for r, v := range w.of(f.hash) {
			sum[r] += v * scale
		}
	}
	best, most := -1, 0.0
	for r, p := range likelihoods(sum) {
		if p >= sure[r] && p > most {
			best, most = r, p
		}
	}
	if best < 0 {
		return "", "", false
	}
	return weighedRoutes[best], m.heaviest(w, list, best), true
}

// likelihoods makes probabilities of the routes' weights; what is left to 1 is that of a plain question, which weighs 0.
func likelihoods(sum [len(weighedRoutes)]float64) (p [len(weighedRoutes)]float64) {
	total := 1.0
	for r, s := range sum {
		p[r] = math.Exp(s)
		total += p[r]
	}
	for r := range p {
		p[r] /= total
	}
	return p
}

// heaviest gives the words of the feature that spoke most for a route.
func (m *message) heaviest(w weights, list []feature, route int) string {
	var heavy feature
	top := 0.0
	for _, f := range list {
		if v := w.of(f.hash)[route]; v > top {
			heavy, top = f, v
		}
	}
	return m.words(heavy.from, heavy.to)
}

// feature is something seen in a message, and at which words.
type feature struct {
	hash     uint32
	from, to int
}

// The kinds of features.
const (
	word byte = iota
	beginning
	pair
	skipped
	concept
	question
)

// features lists what is to be seen in a message, each once.
func (m *message) features(list []feature) []feature {
	add := func(hash uint32, from, to int) {
		if seen, bit := &m.seen[hash/64], uint64(1)<<(hash%64); *seen&bit == 0 {
			*seen |= bit
			list = append(list, feature{hash, from, to})
		}
	}
	for i := range min(len(m.tokens), most) {
		text := m.tokens[i].text
		add(hash(word, text), i, i+1)
		for _, n := range [...]int{4, 6} {
			if len(text) > n {
				add(hash(beginning, text[:n]), i, i+1)
			}
		}
		if i > 0 {
			add(hash(pair, m.tokens[i-1].text, text), i-1, i+1)
		}
		if i > 1 {
			add(hash(skipped, m.tokens[i-2].text, text), i-2, i+1)
		}
		for at := m.heads[i]; at >= 0; at = m.spans[at].next {
			if s := m.spans[at]; s.symbol >= builtinSymbols {
				add(hash(concept, m.g.labels[s.symbol]), i, i+int(s.length))
			}
		}
	}
	if m.asks {
		add(hash(question), 0, 0)
	}
	for _, f := range list {
		m.seen[f.hash/64] = 0
	}
	return list
}

// hash is FNV-1a, folded to the number of features.
func hash(kind byte, parts ...string) uint32 {
	h := (uint32(2166136261) ^ uint32(kind)) * 16777619
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint32(p[i])) * 16777619
		}
		h = (h ^ ' ') * 16777619
	}
	return (h ^ h>>16) % features
}
