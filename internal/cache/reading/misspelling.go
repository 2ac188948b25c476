package reading

// Mistyped reports whether a, no longer than b, is b with two letters exchanged or one left out.
func Mistyped(a, b string) bool {
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) == len(b):
		return len(a) >= 4 && i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	case len(b) != len(a)+1 || a[i:] != b[i+1:]:
		return false
	case len(a) == 3:
		// "pgo" is no word.
		return i > 0 && i < 3 && vowel(b[i]) && !vowel(a[i]) && !vowel(a[i-1])
	}
	return len(a) >= 4
}

func vowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }
