package language

import (
	"regexp"
	"slices"
	"testing"
)

// tokenForm is what a token is, and compoundForm what one is with ordinals and dates in one piece.
var (
	tokenForm    = regexp.MustCompile(`\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+(?:['’´` + "`" + `][\p{L}\p{M}]+)*|[%$€£#+]`)
	compoundForm = regexp.MustCompile(`[0-9]+(?:(?:st|nd|rd|th|er|ro|ra|do|da|to|ta|mo|ma|vo|va|no|na|o|a)\b|(?:[.,:/][0-9]+)*)|\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+(?:['’´` + "`" + `][\p{L}\p{M}]+)*|[%$€£#+]`)
)

func FuzzTokensAreWhatTheirFormSays(f *testing.F) {
	for _, s := range []string{"it's 1,000.5 o'clock: 12:30, 'tis d'’água #5 +3€ 4.", "٣٫٤ ½ x²", "a`b``c", "\xff1.\xff2", "1.,2 a'’b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := slices.Collect(Tokens(s)), tokenForm.FindAllString(s, -1); !slices.Equal(got, want) {
			t.Errorf("Tokens(%q) = %q, want %q", s, got, want)
		}
	})
}

func TestCompoundsHaveOrdinalsAndDatesInOne(t *testing.T) {
	for _, text := range []string{
		"la 3ra cuota el 5/03 o 05/03/2026", "24/7, 1.5/2 5 /3 5/ 3 5/a 12:30/13:00 1st 2nd 22nd, 3rdx 4kg 5a 6o 7th.", "1,000th 1.5a 3%", "", "/5 5//6 5/6/", "1/", "it's 3 o'clock",
		"12h 3am 10º 2ª 8vo-9no", "$5/mes",
	} {
		if got, want := Read(text).Compounds(), compoundForm.FindAllString(Read(text).Folded(), -1); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
