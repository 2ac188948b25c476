package reading

import "tania/internal/words"

// Mistyped reports whether a word is the other with two letters exchanged or one left out.
func Mistyped(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	slip, at := words.SlipBetween(a, b)
	switch {
	case slip != words.LeftOut && slip != words.Exchanged:
		return false
	case slip == words.LeftOut && len(a) == 3:
		// "pgo" is no word.
		return at > 0 && at < 3 && vowel(b[at]) && !vowel(a[at]) && !vowel(a[at-1])
	}
	return len(a) >= 4
}

func vowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }
