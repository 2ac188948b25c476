package words

import (
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestBaseIsWhatUnicodeSays(t *testing.T) {
	for r := rune(0); r < 0x2000; r++ {
		want := byte(0)
		if parts := []rune(norm.NFKD.String(string(r))); len(parts) == 2 && parts[0] < unicode.MaxASCII && unicode.Is(unicode.Mn, parts[1]) &&
			r <= unicode.MaxLatin1 && unicode.IsLetter(r) {
			want = byte(parts[0])
		}
		if got, ok := Base(r); got != want && ok || ok != (want != 0) {
			t.Errorf("%q is %q, %v", r, got, ok)
		}
	}
}

// foldSlowly is Fold by Unicode's tables alone.
func foldSlowly(text string) string {
	folded := unaccented(text)
	return string(folded[:shortened(folded)])
}

func FuzzFoldIsOneWhicheverWay(f *testing.F) {
	for _, s := range []string{"¡HOLAAA, Envíos!", "ÉeE", "çÇç n\u0303", "a\u00a0b", "ßø × ñÑñ", "ººª 111 aaa", "…😀", "", "Ý\xff", "\u0130I"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := Fold(text), foldSlowly(text); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	})
}
