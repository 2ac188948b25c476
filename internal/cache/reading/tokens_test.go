package reading

import (
	"regexp"
	"slices"
	"testing"
)

// inPieces is what tokenise finds: the tokens of Read, but with ordinals and dates in pieces.
var inPieces = regexp.MustCompile(`\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+(?:['’´` + "`" + `][\p{L}\p{M}]+)*|[%$€£#+]`)

func FuzzTokeniseFindsWhatTheExpressionFinds(f *testing.F) {
	for _, s := range []string{"it's 1,000.5 o'clock: 12:30, 'tis d'’água #5 +3€ 4.", "٣٫٤ ½ x²", "a`b``c", "\xff1.\xff2", "1.,2 a'’b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := Tokenise(s), inPieces.FindAllString(s, -1); !slices.Equal(got, want) {
			t.Errorf("tokenise(%q) = %q, want %q", s, got, want)
		}
	})
}
