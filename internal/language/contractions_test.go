package language

import (
	"strings"
	"testing"

	"tania/internal/words"
)

func TestExpandWritesContractionsOut(t *testing.T) {
	for word, want := range map[string]string{
		"dont": "do not", "don't": "do not", "can't": "can not", "won't": "will not", "i'm": "i am", "they're": "they are", "i'd": "i would",
		"it's": "it is", "it’s": "it is", "don`t": "do not", "did't": "did not", "let's": "let us", "manager's": "manager", "who´s": "who is",
		"y'all": "you all", "xq": "porque", "pq": "porque", "q": "que", "vc": "voce", "porfa": "por favor", "naum": "nao",
		"pedido": "pedido", "o'brien": "obrien", "": "", "'": "", "n't": "nt", "d'agua": "de agua", "'s": "s",
	} {
		if got := strings.Join(Expand(word), " "); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

// TestContractionsAreWrittenAsTextsAreCompared also finds chains: what a contraction stands for is not one itself.
func TestContractionsAreWrittenAsTextsAreCompared(t *testing.T) {
	if len(contractions()) < 100 {
		t.Fatalf("%d contractions", len(contractions()))
	}
	for short, full := range contractions() {
		for _, w := range append([]string{short}, full...) {
			if f := words.Fold(w); f != w {
				t.Errorf("%q is not folded: %q", w, f)
			}
		}
		for _, w := range full {
			if contractions()[w] != nil {
				t.Errorf("%q stands for %q, which is a contraction", short, w)
			}
		}
	}
}
