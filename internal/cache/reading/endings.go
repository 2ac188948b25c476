package reading

import "strings"

// EndsIn reports whether a word has one of some endings, and at least so many bytes before it.
func EndsIn(w string, before int, endings ...string) bool {
	for _, e := range endings {
		if len(w) >= before+len(e) && strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}
