package reading

import (
	"slices"
	"strings"
)

// WithoutCourtesy takes greetings, thanks and what only leads to the question off both ends, unless too little is left.
func WithoutCourtesy(parts []string) []string {
	rest := parts
	for again := true; again && len(rest) > 0; {
		again = false
		for n := min(longestCourtesy, len(rest)); n > 0; n-- {
			if leading[strings.Join(rest[:n], " ")] {
				rest, again = rest[n:], true
				break
			}
			if trailing[strings.Join(rest[len(rest)-n:], " ")] {
				rest, again = rest[:len(rest)-n], true
				break
			}
		}
	}
	// "Hi, pal" asks what "pal" does not.
	if asks := slices.ContainsFunc(rest, func(p string) bool { return !FunctionWords[p] && !Addresses[p] }); !asks || len(rest) < 2 {
		return parts
	}
	return rest
}
