package dispatcher

import "unicode/utf8"

// A word is corrected from five letters on, by one error; from nine on, by two. Errors are a letter too many, one too few,
// a wrong one, or two neighbours exchanged.
const (
	shortestTypo = 5
	twoErrors    = 9
	longestTypo  = 20
)

// typoIndex finds the words that a word may be a typing error of: each word is entered under itself and under itself
// without one letter. Two words with one error between them meet there.
type typoIndex map[string][]string

func (x typoIndex) add(word string) {
	if len(word) < shortestTypo {
		return
	}
	x.enter(word, word)
	for i := range len(word) {
		x.enter(word[:i]+word[i+1:], word)
	}
}

func (x typoIndex) enter(key, word string) {
	for _, have := range x[key] {
		if have == word {
			return
		}
	}
	x[key] = append(x[key], word)
}

// correct gives the word that is meant; false when there is none.
func (x typoIndex) correct(word string) (string, bool) {
	if len(word) < shortestTypo || len(word) > longestTypo {
		return "", false
	}
	best, found := twoErrors, ""
	try := func(key string) {
		for _, have := range x[key] {
			allowed := 1
			if min(len(word), len(have)) >= twoErrors {
				allowed = 2
			}
			if d := distance(word, have); d <= allowed && (d < best || d == best && have < found) {
				best, found = d, have
			}
		}
	}
	try(word)
	var buf [longestTypo * utf8.UTFMax]byte
	for i := range len(word) {
		key := append(buf[:0], word[:i]...)
		key = append(key, word[i+1:]...)
		try(string(key))
	}
	return found, found != ""
}

// distance counts the errors between two words of at most longestTypo letters and what two errors add.
func distance(a, b string) int {
	if len(b) > longestTypo+2 {
		return len(b)
	}
	var rows [3][longestTypo + 3]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, last, beforeLast := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], beforeLast[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
