package knowledge

import (
	_ "embed"
	"strconv"
	"strings"
)

//go:embed related.txt
var relatedWords string

// fieldMark begins the name of a field, so that no word is one.
const fieldMark = "~"

// related gives the fields of related.txt that a folded word belongs to.
var related = fields(relatedWords)

func fields(list string) map[string][]string {
	of := map[string][]string{}
	n := 0
	for line := range strings.Lines(list) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		n++
		name := fieldMark + strconv.Itoa(n)
		for _, word := range strings.Fields(line) {
			if in := of[word]; len(in) == 0 || in[len(in)-1] != name {
				of[word] = append(in, name)
			}
		}
	}
	return of
}
