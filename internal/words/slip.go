package words

// Slip is the one error of typing by which a word differs from another.
type Slip uint8

const (
	// NoSlip is between words that are the same, or have more than one error between them.
	NoSlip Slip = iota
	// LeftOut is a letter that one of the words has not.
	LeftOut
	// Replaced is a letter in the place of another.
	Replaced
	// Exchanged are two neighbours.
	Exchanged
)

// SlipBetween gives the one error between two folded words, as Distance counts them, and the byte from which on they differ.
func SlipBetween(a, b string) (slip Slip, at int) {
	if Distance(a, b, 1) != 1 {
		return NoSlip, 0
	}
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	switch {
	case len(a) != len(b):
		return LeftOut, at
	case a[at+1:] == b[at+1:]:
		return Replaced, at
	}
	return Exchanged, at
}
