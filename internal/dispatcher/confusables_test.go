package dispatcher

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"tania/internal/tania"
)

// dictionaries writes grammar/confusables.txt again. It takes files with one word a line, every inflected form written out. They are made
// from the Debian packages hunspell-es, hunspell-pt-br and hunspell-pt-pt (by unmunch, of hunspell-tools; of Portuguese what both
// countries have, since the affix rules of one alone make words that nobody writes), wamerican-small and wbritish-small:
//
//	for d in es_ES pt_BR pt_PT; do
//		unmunch /usr/share/hunspell/$d.dic /usr/share/hunspell/$d.aff | grep -v '[-0-9 .]' | LC_ALL=C sort -u > /tmp/$d
//	done
//	LC_ALL=C comm -12 /tmp/pt_BR /tmp/pt_PT > /tmp/pt
//	go test ./internal/dispatcher -run TestRealWords \
//		-dictionaries /tmp/es_ES,/tmp/pt,/usr/share/dict/american-english-small,/usr/share/dict/british-english-small
var dictionaries = flag.String("dictionaries", "", "word lists, with commas between, from which grammar/confusables.txt is written anew")

const realHead = `# Words that look like a typing error of a word of the tables, and are words: the dispatcher does not correct them.
# Written by confusables_test.go from the Hunspell dictionaries es_ES (RLA-ES), pt_BR (VERO) and pt_PT (Projecto Natura), all three under the
# Mozilla Public License, and the word lists of SCOWL, which may be used freely. This list stays under the licences of its sources.
`

// TestRealWords holds the list to its rule: each word of it would be misread without it, so that it does not grow stale.
func TestRealWords(t *testing.T) {
	g := builtin()
	if *dictionaries != "" {
		writeReal(t, g, strings.Split(*dictionaries, ","))
		return
	}
	if len(g.confusables) < 500 {
		t.Fatalf("%d words", len(g.confusables))
	}
	for word := range g.confusables {
		if _, misread := g.misread(word); !misread || g.knows(word) {
			t.Errorf("%q need not be listed: write the list anew, see -dictionaries", word)
		}
	}
}

func writeReal(t *testing.T, g *grammar, files []string) {
	list := map[string]struct{}{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			g.noteReal(lines.Text(), list)
		}
		_ = f.Close()
	}
	var out bytes.Buffer
	out.WriteString(realHead)
	width := 0
	for _, word := range slices.Sorted(maps.Keys(list)) {
		if width += len(word) + 1; width > 140 {
			out.WriteByte('\n')
			width = len(word) + 1
		}
		fmt.Fprintf(&out, "%s ", word)
	}
	text := strings.ReplaceAll(out.String(), " \n", "\n")
	if err := os.WriteFile("grammar/confusables.txt", []byte(strings.TrimSpace(text)+"\n"), 0o644); err != nil { //nolint:gosec // a source
		t.Fatal(err)
	}
	t.Logf("%d words", len(list))
}

// TestWordsAreNotCorrected tells words from typing errors by sentences of both.
func TestWordsAreNotCorrected(t *testing.T) {
	d := New(Options{})
	for text, want := range map[string]tania.Route{
		"Gracias por comunicarte con Ferretería El Tornillo.":                        tania.RouteModel,
		"Agradecemos comunicarse con Clínica Dental Sonrisas, en breve le atendemos": tania.RouteModel,
		"No te apures en comunicarte con mi jefe":                                    tania.RouteModel,
		"¿pueden conversas largas gastar la batería?":                                tania.RouteModel,
		"Quiero comunicarme con un asesor":                                           tania.RouteHandoff,
		"pueden comunicarme con ventas":                                              tania.RouteHandoff,
		"comunicarm con un asesor":                                                   tania.RouteHandoff,
		"comuniccarme con ventas":                                                    tania.RouteHandoff,
		"quiero hablr con un acesor":                                                 tania.RouteHandoff,
		"quero falr com um atendnte":                                                 tania.RouteHandoff,
		"can i speek to a representitive":                                            tania.RouteHandoff,
	} {
		if got := d.Dispatch(text); got.Route != want {
			t.Errorf("%q: %s (%s), want %s", text, got.Route, got.Why, want)
		}
	}
	for _, word := range []string{"comunicarte", "comunicarse", "conversas", "suicido", "falas", "butter", "latter", "operado"} {
		if meant := d.g.wordsOf(word); meant[0] != word {
			t.Errorf("%q is a word and was read as %q", word, meant)
		}
	}
}

// noteReal adds a dictionary's word when the grammar would take it for another one.
func (g *grammar) noteReal(word string, list map[string]struct{}) {
	if word == "" || strings.ContainsAny(word, " -'’.0123456789\t") || word != strings.ToLower(word) {
		return
	}
	tokens, _ := tokenize(word, nil)
	if len(tokens) != 1 || g.knows(tokens[0].text) {
		return
	}
	if _, misread := g.misread(tokens[0].text); misread {
		list[tokens[0].text] = struct{}{}
	}
}
