package same

import (
	"tania/internal/cache/reading"
	"tania/internal/words"
)

// Matching pairs the words of two questions: a[i] is the index in b of the word that word i of a is, or -1.
type Matching struct{ A, B []int }

// Match pairs the words of two questions: the same words first, then the same stems, then misspellings.
func Match(a, b *reading.Question) *Matching {
	both := make([]int, len(a.Words)+len(b.Words))
	for i := range both {
		both[i] = -1
	}
	m := &Matching{A: both[:len(a.Words):len(a.Words)], B: both[len(a.Words):]}
	left := m.pair(a, b, len(a.Words), func(x, y *reading.Word) bool { return x.Text == y.Text })
	left = m.pair(a, b, left, func(x, y *reading.Word) bool { return x.ID == y.ID && x.Stem == y.Stem })
	left = m.pair(a, b, left, misspelt)
	m.pair(a, b, left, func(x, y *reading.Word) bool {
		return x.Text == "1" && reading.Ones[y.Text] || y.Text == "1" && reading.Ones[x.Text]
	})
	return m
}

// pair pairs words that are not yet, the first with the first, and gives how many are left.
func (m *Matching) pair(a, b *reading.Question, left int, same func(x, y *reading.Word) bool) int {
	if left == 0 {
		return 0
	}
	left = 0
	for i := range a.Words {
		if m.A[i] >= 0 {
			continue
		}
		left++
		for j := range b.Words {
			if m.B[j] < 0 && same(&a.Words[i], &b.Words[j]) {
				m.A[i], m.B[j] = j, i
				left--
				break
			}
		}
	}
	return left
}

// misspelt reports whether one word is probably the other, with a letter wrong.
func misspelt(x, y *reading.Word) bool {
	a, b := x.Text, y.Text
	if len(a) > len(b) {
		a, b = b, a
	}
	if !maybeOne(x, y, a, b) {
		return false
	}
	slip, at := words.SlipBetween(a, b)
	sounding := slip == words.Replaced && len(a) >= 4 && firstSound(a[at:at+1]) == firstSound(b[at:at+1])
	if sounding || reading.Mistyped(a, b) {
		return true
	}
	if x.Name && y.Name || len(a) < 4 {
		return false
	}
	return soundAlike(a, b, slip)
}

// maybeOne reports whether two words, a being the shorter text, can be one at all: two words of the language are not.
func maybeOne(x, y *reading.Word, a, b string) bool {
	if !plainWord(x) || !plainWord(y) || reading.IsNumber(a) {
		return false
	}
	if len(b)-len(a) > 2 || len(b) > 30 || firstSound(a) != firstSound(b) {
		return false
	}
	return !(confusables[a] && confusables[b] || exclude(x.Poles, y.Poles) || prefixed(a, b))
}

// soundAlike reports whether two words sound the same, or nearly so where they are long; slip is that between their letters.
func soundAlike(a, b string, slip words.Slip) bool {
	var bufA, bufB [32]byte
	sa, sb := sounds(a, bufA[:0]), sounds(b, bufB[:0])
	switch {
	case string(sa) == string(sb):
		return true
	case len(a) >= 9:
		slip, _ = words.SlipBetween(string(sa), string(sb))
		return slip != words.NoSlip
	}
	return len(a) >= 7 && len(a) == len(b) && slip != words.NoSlip
}

// sounds writes a word as it sounds, letters that are mixed up as one.
func sounds(s string, out []byte) []byte {
	for i := 0; i < len(s); i++ {
		c, next := s[i], byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		if c == 'h' {
			continue
		}
		if c == 'q' && next == 'u' {
			i++
		}
		c = soundOf(c, next)
		if len(out) > 0 && out[len(out)-1] == c {
			continue
		}
		out = append(out, c)
	}
	return out
}

// soundOf is a letter as it sounds before the next one.
func soundOf(c, next byte) byte {
	soft := next == 'e' || next == 'i'
	switch c {
	case 'v', 'w':
		return 'b'
	case 'z', 'x':
		return 's'
	case 'c':
		if soft {
			return 's'
		}
		return 'k'
	case 'q':
		return 'k'
	case 'g':
		if soft {
			return 'j'
		}
	case 'y':
		return 'i'
	case 'm':
		if next == 'b' || next == 'p' || next == 'v' {
			return 'n'
		}
	}
	return c
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
