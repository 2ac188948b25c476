// Package testsize says how much a test does that does the same many times over. The race detector makes every step some ten times as slow
// and finds a race in few of them; what is rare needs all. So make test runs such tests twice: in part with the detector, whole without.
package testsize

// Of gives how much to do: all of it, or the part that is for the race detector where that is on.
func Of(all, part int) int {
	if raced {
		return part
	}
	return all
}
