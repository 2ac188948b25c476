package bot

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// placeholders are what texts are filled with.
var placeholders = []string{"{name}", "{bot}", "{business}"}

// filledTexts are the keys of the texts that are filled; in the others placeholders are said as they stand.
var filledTexts = []string{"greeting", "thanks", "farewell", "offer_human"}

// braced finds what looks like a placeholder: a word or a few, in one pair of braces or two.
var braced = regexp.MustCompile(`\{{1,2}\s*[\p{L}_][\p{L}\p{N}_.\- ]{0,40}\}{1,2}`)

// strangePlaceholders names what customers would read as it stands in a text: a placeholder that there is not, or that is not filled there.
func (s *botSource) strangePlaceholders(path string, text textFile, filled bool) (warnings []string) {
	for _, language := range slices.Sorted(maps.Keys(text)) {
		for _, found := range slices.Compact(slices.Sorted(slices.Values(braced.FindAllString(text[language], -1)))) {
			fix := "write the name itself: placeholders are not filled in this text"
			if filled {
				fix = "write " + strings.Join(placeholders, ", ") + ", or take it out"
			}
			if filled && slices.Contains(placeholders, found) {
				continue
			}
			p := s.problem(path+"."+language, "has "+found+", which is said as it stands", "")
			warnings = append(warnings, p.Name+": "+p.Text+"; "+fix)
		}
	}
	return warnings
}
