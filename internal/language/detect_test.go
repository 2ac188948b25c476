package language

import (
	"os"
	"strings"
	"testing"

	"tania/internal/tania"
)

// labelled are the messages of testdata/languages.tsv, of which the table has learned from none.
func labelled(t testing.TB) (messages []Example) {
	t.Helper()
	file, err := os.ReadFile("testdata/languages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		fields := strings.SplitN(strings.TrimSpace(line), "\t", 3)
		messages = append(messages, Example{[]tania.Language{tania.Language(fields[0])}, fields[2]})
	}
	return messages
}

func TestDetectIsRightOnMessagesItHasNotLearnedFrom(t *testing.T) {
	type tally struct{ all, right int }
	var total, long tally
	each := map[tania.Language]*tally{}
	for _, m := range labelled(t) {
		want := m.Languages[0]
		if each[want] == nil {
			each[want] = &tally{}
		}
		counts := []*tally{&total, each[want]}
		if len(strings.Fields(m.Text)) >= 4 {
			counts = append(counts, &long)
		}
		got := Detect(m.Text)
		for _, c := range counts {
			c.all++
			if got == want {
				c.right++
			}
		}
		if got != want {
			t.Logf("%s, not %s: %s", got, want, m.Text)
		}
	}
	share := func(c tally) float64 { return float64(c.right) / float64(c.all) }
	t.Logf("right: %.4f of %d, %.4f of %d with four words or more", share(total), total.all, share(long), long.all)
	if share(total) < 0.975 || share(long) < 0.995 {
		t.Error("it was more before")
	}
	for lang, c := range each {
		if share(*c) < 0.96 {
			t.Errorf("%s: %.4f of %d", lang, share(*c), c.all)
		}
	}
}

func TestDetectSaysNothingOfWhatTellsNothing(t *testing.T) {
	for _, text := range []string{
		"", " ", "ok", "OK!!", "no", "123", "12345678901", "👍", "???", "😂 😂", "hotel", "pdf", "A-1234", "laura@example.com",
		"https://example.com/the-order/where-is-it",
		"www.tienda.es", "привет, где мой заказ", "你好", "xzqw", "3x2", strings.Repeat(" ", 10_000),
	} {
		if got := Detect(text); got != "" {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestDetectTellsTheThreeLanguagesApart(t *testing.T) {
	for text, want := range map[string]tania.Language{
		"hola":                 tania.Spanish,
		"HOLAAAAA":             tania.Spanish,
		"¿y los domingos?":     tania.Spanish,
		"gracias":              tania.Spanish,
		"cuanto sale el envio": tania.Spanish,
		"https://example.com/the-order quiero saber dónde está": tania.Spanish,
		"thanks":                    tania.English,
		"Contact Call Center":       tania.English,
		"i don’t know":              tania.English,
		"dont have it":              tania.English,
		"obrigado":                  tania.Portuguese,
		"vc tem em estoque":         tania.Portuguese,
		"não":                       tania.Portuguese,
		"na\u0303o":                 tania.Portuguese,
		"quanto custa o frete":      tania.Portuguese,
		"quero cancelar meu pedido": tania.Portuguese,
		"quiero cancelar mi pedido": tania.Spanish,
		strings.Repeat("где ", 5) + "where is my order": tania.English,
		strings.Repeat("¿dónde está mi pedido? ", 1000): tania.Spanish,
	} {
		if got := Detect(text); got != want {
			t.Errorf("%q: %q, want %s", text, got, want)
		}
	}
}

// TestDetectAllocatesNothing is about one reader: the pool, from which Detect has its own, drops some under the race detector.
func TestDetectAllocatesNothing(t *testing.T) {
	r := new(partReader)
	if n := testing.AllocsPerRun(100, func() {
		for _, part := range r.partsOf("¿Dónde está mi pedido? It’s not here") {
			table.addTo(new([len(detected)]int), part)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestTheTableIsSmallAndNotFull(t *testing.T) {
	if len(table) != tableSlots*slotBytes || len(table) > 1<<18 {
		t.Errorf("%d bytes", len(table))
	}
	free := 0
	for at := 0; at < len(table); at += slotBytes {
		if table[at] == 0 && table[at+1] == 0 {
			free++
		}
	}
	if free < tableSlots-mostParts {
		t.Errorf("%d free slots", free)
	}
}

func TestLearnWeighsWhatTheExamplesShow(t *testing.T) {
	var examples []Example
	for range 20 {
		examples = append(examples,
			Example{[]tania.Language{tania.Spanish}, "taza"},
			Example{[]tania.Language{tania.English}, "quim"},
			Example{[]tania.Language{tania.Portuguese}, "dedo"},
			Example{nil, "kewl"},
			Example{[]tania.Language{tania.Spanish, tania.Portuguese}, "vovov"},
		)
	}
	file, err := Learn(examples)
	if err != nil {
		t.Fatal(err)
	}
	before := table
	table = weightTable(file)
	t.Cleanup(func() { table = before })
	for text, want := range map[string]tania.Language{
		"taza": tania.Spanish, "quim": tania.English, "dedo": tania.Portuguese, "kewl": "", "vovov": "", "unseen": "",
	} {
		if got := Detect(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if _, err := Learn(nil); err == nil {
		t.Error("nothing was learned from nothing")
	}
}

func BenchmarkDetect(b *testing.B) {
	messages := labelled(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Detect(messages[i%len(messages)].Text)
	}
}

func FuzzDetect(f *testing.F) {
	for _, text := range []string{"", "hola", "¿qué?", "ñ\u0303", "\xff\xfe", "a'b’c", strings.Repeat("x", 100)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		switch got := Detect(text); got {
		case "", tania.Spanish, tania.English, tania.Portuguese:
		default:
			t.Errorf("%q: %q", text, got)
		}
	})
}
