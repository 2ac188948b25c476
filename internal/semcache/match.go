package semcache

// matching pairs the words of two questions: a[i] is the index in b of the word that word i of a is, or -1.
type matching struct{ a, b []int }

func match(a, b *Question) *matching {
	both := make([]int, len(a.words)+len(b.words))
	for i := range both {
		both[i] = -1
	}
	m := &matching{a: both[:len(a.words):len(a.words)], b: both[len(a.words):]}
	left := m.pair(a, b, len(a.words), func(x, y *word) bool { return x.text == y.text })
	left = m.pair(a, b, left, func(x, y *word) bool { return x.id == y.id && x.stem == y.stem })
	left = m.pair(a, b, left, misspelt)
	m.pair(a, b, left, func(x, y *word) bool { return x.text == "1" && ones[y.text] || y.text == "1" && ones[x.text] })
	return m
}

// pair pairs words that are not yet, the first with the first, and gives how many are left.
func (m *matching) pair(a, b *Question, left int, same func(x, y *word) bool) int {
	if left == 0 {
		return 0
	}
	left = 0
	for i := range a.words {
		if m.a[i] >= 0 {
			continue
		}
		left++
		for j := range b.words {
			if m.b[j] < 0 && same(&a.words[i], &b.words[j]) {
				m.a[i], m.b[j] = j, i
				left--
				break
			}
		}
	}
	return left
}

// misspelt says that one word is probably the other, with a letter wrong.
func misspelt(x, y *word) bool {
	if x.fact || y.fact || x.function || y.function || isNumber(x.text) || isNumber(y.text) {
		return false
	}
	a, b := x.text, y.text
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 3 || len(b)-len(a) > 2 || len(b) > 30 || firstSound(a) != firstSound(b) {
		return false
	}
	// Two words of the language are not one.
	if real[a] && real[b] || exclude(x.poles, y.poles) || prefixed(a, b) {
		return false
	}
	if typed(a, b) || likeLetter(a, b) {
		return true
	}
	if x.name && y.name || len(a) < 4 {
		return false
	}
	var bufA, bufB [32]byte
	sa, sb := sounds(a, bufA[:0]), sounds(b, bufB[:0])
	switch {
	case string(sa) == string(sb):
		return true
	case len(a) >= 9:
		return oneEdit(sa, sb)
	}
	return len(a) >= 7 && len(a) == len(b) && oneEdit([]byte(a), []byte(b))
}

// typed says that a, no longer than b, is b with two letters exchanged or one left out.
func typed(a, b string) bool {
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

// likeLetter says that one letter is another that sounds like it.
func likeLetter(a, b string) bool {
	if len(a) != len(b) || len(a) < 4 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i < len(a) && a[i+1:] == b[i+1:] && firstSound(a[i:i+1]) == firstSound(b[i:i+1])
}

func vowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }

// oneEdit says that a letter is added, left out or another, or two neighbours are exchanged.
func oneEdit(a, b []byte) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || string(a[i+1:]) == string(b[i+1:]) || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == string(b[i+2:])
	}
	return len(b) == len(a)+1 && string(a[i:]) == string(b[i+1:])
}

// sounds writes a word as it sounds, letters that are mixed up as one.
func sounds(s string, out []byte) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		next := byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch c {
		case 'h':
			continue
		case 'v', 'w':
			c = 'b'
		case 'z':
			c = 's'
		case 'c':
			c = 'k'
			if next == 'e' || next == 'i' {
				c = 's'
			}
		case 'q':
			c = 'k'
			if next == 'u' {
				i++
			}
		case 'g':
			if next == 'e' || next == 'i' {
				c = 'j'
			}
		case 'y':
			c = 'i'
		case 'x':
			c = 's'
		case 'm':
			if next == 'b' || next == 'p' || next == 'v' {
				c = 'n'
			}
		}
		if len(out) > 0 && out[len(out)-1] == c {
			continue
		}
		out = append(out, c)
	}
	return out
}

// firstSound is a word's first letter, one for those that are mixed up.
func firstSound(s string) byte {
	switch s[0] {
	case 'c', 'q', 'k':
		return 'k'
	case 'b', 'v', 'w':
		return 'b'
	case 's', 'z':
		return 's'
	case 'g', 'j':
		return 'g'
	case 'y', 'l':
		return 'l'
	case 'h':
		if len(s) > 1 {
			return s[1]
		}
	}
	return s[0]
}
