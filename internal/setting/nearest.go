package setting

import "tania/internal/words"

// Nearest gives the candidate that a mistyped word most likely meant, "" if none is near: at most three letters
// wrong, and at most a quarter of them.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", 4
	for _, c := range candidates {
		if d := words.Distance(word, c, bestDistance); d < bestDistance && d*4 <= max(len(word), len(c)) {
			best, bestDistance = c, d
		}
	}
	return best
}
