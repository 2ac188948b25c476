package same

import (
	"tania/internal/cache/reading"
)

// prefixes turn a word around, or put another in the place of each other: "in-correcto", "pre-pago" and "pos-pago".
var prefixes = reading.WordSet(`des dis de in im il ir un i anti non re pre pos post sub sobre super over under up down inter intra macro micro mono multi bi ex im e out auto mis mal co contra semi`)

// shortestRest is how long a word behind a prefix is at least.
const shortestRest = 4

// prefixed reports whether one word is the other behind a prefix, or both are one behind two.
func prefixed(a, b string) bool {
	i, j := len(a), len(b)
	for i > 0 && j > 0 && a[i-1] == b[j-1] {
		i--
		j--
	}
	// What is left are prefixes, if the rest is long enough; they may end alike, as "macro" and "micro" do.
	for len(a)-i >= shortestRest {
		if (i == 0 || prefixes[a[:i]]) && (j == 0 || prefixes[b[:j]]) {
			return a[:i] != b[:j]
		}
		i, j = i+1, j+1
	}
	return false
}
