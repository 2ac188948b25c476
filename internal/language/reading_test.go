package language

import (
	"regexp"
	"slices"
	"sync"
	"testing"

	"tania/internal/tania"
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
		"la 3ra cuota el 5/03 o 05/03/2026", "24/7, 1.5/2 5 /3 5/ 3 5/a 12:30/13:00 1st 2nd 22nd, 3rdx 4kg 5a 6o 7th.", "1,000th 1.5a 3%", "",
		"/5 5//6 5/6/", "1/", "it's 3 o'clock",
		"12h 3am 10º 2ª 8vo-9no", "$5/mes",
	} {
		if got, want := Read(text).Compounds(), compoundForm.FindAllString(Read(text).Folded(), -1); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWordsAreWrittenOutAndWithoutLinks(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                   {},
		"I don’t pay $5, xq no":              {"i", "do", "not", "pay", "5", "porque", "no"},
		"Mira www.tienda.es o ana@tienda.es": {"mira", "o"},
		"(https://tienda.es) ¡HOLAAA!":       {"hola"},
		"vea C:\\fotos\\uno.jpg y dígame":    {"vea", "y", "digame"},
	} {
		if got := Read(text).Words(); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestAReadingIsOneForAllWhoAskAtOnce(t *testing.T) {
	const text = "¿Cuánto cuesta el envío?"
	r := Read(text)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if r.Language() != tania.Spanish || r.Folded() != "¿cuanto cuesta el envio?" || len(r.Tokens()) != 4 || len(r.Compounds()) != 4 ||
				len(r.Words()) != 4 {
				t.Error("somebody reads otherwise")
			}
		})
	}
	group.Wait()
	words, tokens, compounds := r.Words(), r.Tokens(), r.Compounds()
	if &words[0] != &r.Words()[0] || &tokens[0] != &r.Tokens()[0] || &compounds[0] != &r.Compounds()[0] {
		t.Error("what was read is read again")
	}
}

func TestLanguageAtIsAsSureAsIsAsked(t *testing.T) {
	for text, want := range map[string]map[float64]tania.Language{
		"¿cuánto cuesta el envío?": {1: tania.Spanish, likely: tania.Spanish, 400: tania.Spanish},
		"ofertas de este mes":      {likely: tania.Portuguese, 400: ""},
		"ok":                       {likely: ""},
	} {
		for odds, lang := range want {
			if got := Read(text).LanguageAt(odds); got != lang {
				t.Errorf("%q, %v to 1: %q, want %q", text, odds, got, lang)
			}
		}
	}
}

func TestWatchHearsOfEachTextUntilItIsStopped(t *testing.T) {
	var heard []string
	stop := Watch(func(text string) { heard = append(heard, text) })
	Read("uno")
	Read("dos")
	stop()
	Read("tres")
	if !slices.Equal(heard, []string{"uno", "dos"}) {
		t.Errorf("heard %q", heard)
	}
}
