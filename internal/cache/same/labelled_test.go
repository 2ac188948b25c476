package same

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

// labelledPair is two questions, and whether they have one answer.
type labelledPair struct {
	Lang     tania.Language `json:"lang"`
	Category string         `json:"category"`
	A        string         `json:"a"`
	B        string         `json:"b"`
	Same     int            `json:"same"`
}

func readPairs(t *testing.T, path string, least int) (pairs []labelledPair) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var p labelledPair
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, p)
	}
	if len(pairs) < least {
		t.Fatalf("%s has %d pairs, want at least %d", path, len(pairs), least)
	}
	return pairs
}

// keptApart are pairs that say the same and are vetoed: a call of the model too many, and no wrong answer. Each is named, so that no
// more are added unseen.
var keptApart = map[string]bool{
	"¿Puedo ir a las 9 pm?": true, "Can I come at 9 pm?": true, "¿No tienen envío gratis?": true, "¿No hacen envíos?": true,
	"Vocês não têm frete grátis?": true, "¿Tienen envío gratis?": true,
}

// leftToTheModel are pairs that differ in what no rule knows.
var leftToTheModel = map[string]bool{
	"Do you sell half price tickets?": true, "Which items are refundable?": true, "¿Cuándo entra en vigor el descuento?": true,
	"reset password": true, "menú vegetariano": true,
	"¿Los vecinos avisan a la empresa o la empresa avisa a los vecinos de las fugas?": true,
}

// TestLabelledPairsAreVetoedWhereTheyDiffer: those that differ in a number, a date, a negation, a direction, an
// opposite or their language all are, whichever of the two is asked second; those that say the same are not.
func TestLabelledPairsAreVetoedWhereTheyDiffer(t *testing.T) {
	// Another thing, or another of its attributes, is for the model to tell, but where a name or the asking word says it.
	atLeast := map[string]int{"entity": 16, "attribute": 4}
	vetoed := map[string]int{}
	for path, least := range map[string]int{"guards": 366, "reversed/tuned": 108, "reversed/heldout": 162, "reversed/last": 60} {
		for _, p := range readPairs(t, "../testdata/"+path+".jsonl", least) {
			a, b := reading.Read(p.A, p.Lang), reading.Read(p.B, p.Lang)
			there, back := FindVeto(a, b, Match(a, b)), FindVeto(b, a, Match(b, a))
			switch {
			case there != back:
				t.Errorf("%q, %q: veto %q, and %q the other way", p.A, p.B, there, back)
			case p.Same == 1:
				if (there != "") != keptApart[p.A] {
					t.Errorf("%s: %q, %q say the same: veto %q", p.Category, p.A, p.B, there)
				}
			case atLeast[p.Category] > 0:
				if there != "" {
					vetoed[p.Category]++
				}
			case (there == "") != leftToTheModel[p.A]:
				t.Errorf("%s: %q, %q differ: veto %q", p.Category, p.A, p.B, there)
			}
		}
	}
	for category, least := range atLeast {
		if vetoed[category] < least {
			t.Errorf("%s: %d vetoed, want at least %d", category, vetoed[category], least)
		}
	}
}
