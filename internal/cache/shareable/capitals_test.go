package shareable

import "testing"

func TestCapitalsTellNothingWhereMostLettersAreCapitals(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "123 ¿?": false, "a": false, "A": true, "aA": false, "aAB": true, "abAB": false,
		"ÁÉ í": true, "á Í": false,
	} {
		if got := shouts(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestOneOfSeveralWordsIsEnoughToMention(t *testing.T) {
	for _, c := range []struct {
		text  string
		words []string
		want  bool
	}{
		{"soy ana", []string{"sou", "soy"}, true},
		{"soy ana", []string{"sou", "i am"}, false},
		{"soy ana", nil, false},
	} {
		if got := mentions(c.text, c.words...); got != c.want {
			t.Errorf("%q of %q: %v", c.text, c.words, got)
		}
	}
}

func TestAParticipleIsKnownInItsPlural(t *testing.T) {
	for word, want := range map[string]bool{"cerrado": true, "cerrados": true, "cerradas": true, "ana": false} {
		if got := participle(word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
}
