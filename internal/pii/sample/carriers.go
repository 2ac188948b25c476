package sample

import (
	_ "embed"
	"strings"
)

// carriers are the sentences by what they carry, which stands at @@; those of lookAlikes have in braces what is made: figures by their
// count, or the name of a thing.
var (
	//go:embed carriers.txt
	carriersText string
	carriers     = sections(carriersText)
)

// sections gives the lines that are not empty below each heading.
func sections(text string) map[string][]string {
	all, heading := map[string][]string{}, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "# "); ok {
			heading = name
		} else if line != "" {
			all[heading] = append(all[heading], line)
		}
	}
	return all
}
