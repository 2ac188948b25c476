package semcache

import "tania/internal/words"

// matching pairs the words of two questions: a[i] is the index in b of the word that word i of a is, or -1.
type matching struct{ a, b []int }

func match(a, b *Question) *matching {
	m := &matching{a: make([]int, len(a.words)), b: make([]int, len(b.words))}
	for i := range m.a {
		m.a[i] = -1
	}
	for j := range m.b {
		m.b[j] = -1
	}
	pair := func(same func(x, y *word) bool) {
		for i := range a.words {
			if m.a[i] >= 0 {
				continue
			}
			for j := range b.words {
				if m.b[j] < 0 && same(&a.words[i], &b.words[j]) {
					m.a[i], m.b[j] = j, i
					break
				}
			}
		}
	}
	pair(func(x, y *word) bool { return x.text == y.text })
	pair(func(x, y *word) bool { return x.stem == y.stem })
	pair(misspelt)
	return m
}

// misspelt says that one word is probably the other, with a letter wrong.
func misspelt(x, y *word) bool {
	if x.fact || y.fact || x.function || y.function || isNumber(x.text) || isNumber(y.text) || prefixed(x.text, y.text) || opposites[x.text][y.text] {
		return false
	}
	short, long := len(x.text), len(y.text)
	if short > long {
		short, long = long, short
	}
	switch {
	case short < 4 || long-short > 2 || long > 30 || sound(x.text) != sound(y.text):
		return false
	case short >= 9:
		return words.Distance(x.text, y.text) <= 2
	case short == long && short < 6:
		// Another letter makes another word; two exchanged do not.
		return transposed(x.text, y.text)
	}
	return words.Distance(x.text, y.text) <= 1
}

func transposed(a, b string) bool {
	for i := 0; i+1 < len(a); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

// sound is a word's first letter, one for those that are mixed up.
func sound(s string) byte {
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
