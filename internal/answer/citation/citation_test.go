package citation

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestCitationsAreReadAndTakenOut(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		cited, unknown   []int
	}{
		{name: "none", text: "Abrimos a las 9.", want: "Abrimos a las 9."},
		{name: "behind a sentence", text: "Abrimos a las 9 [2].", want: "Abrimos a las 9.", cited: []int{2}},
		{name: "behind the full stop", text: "Abrimos a las 9.[2] Y los lunes. [1]", want: "Abrimos a las 9. Y los lunes.", cited: []int{2, 1}},
		{name: "in the middle", text: "Abrimos a las 9 [2] y cerramos a las 7.", want: "Abrimos a las 9 y cerramos a las 7.", cited: []int{2}},
		{name: "without a space", text: "A las 9[2]y a las 7.[1]¿Algo más?", want: "A las 9 y a las 7. ¿Algo más?", cited: []int{2, 1}},
		{name: "a list in one pair of brackets", text: "Sí [1, 3].", want: "Sí.", cited: []int{1, 3}},
		{name: "one after another", text: "Sí [1][3].", want: "Sí.", cited: []int{1, 3}},
		{name: "with words between", text: "Sí [1], [2] y [3].", want: "Sí.", cited: []int{1, 2, 3}},
		{name: "a range", text: "Sí [1-3].", want: "Sí.", cited: []int{1, 2, 3}},
		{name: "the same one twice", text: "Sí [3]. No [3].", want: "Sí. No.", cited: []int{3}},
		{name: "other brackets", text: "Sí 【2】. No ［3］.", want: "Sí. No.", cited: []int{2, 3}},
		{name: "as OpenAI's assistants write", text: "Sí【4:0†source】【3†tienda.md】.", want: "Sí.", cited: []int{4, 3}},
		{name: "with a word", text: "Sí [Entry 2]. No [fuente: 3].", want: "Sí. No.", cited: []int{2, 3}},
		{name: "as a footnote", text: "Sí[^2].", want: "Sí.", cited: []int{2}},
		{name: "escaped", text: `Sí \[2\].`, want: "Sí.", cited: []int{2}},
		{name: "in bold", text: "**Sí [2]** y **no**[3].", want: "**Sí** y **no**.", cited: []int{2, 3}},
		{name: "in round brackets", text: "Sí (fuente: [2], [3]). No ([1]).", want: "Sí. No.", cited: []int{2, 3, 1}},
		{name: "a closing line", text: "Sí.\n\n**Fuentes:** [1], [2]", want: "Sí.", cited: []int{1, 2}},
		{name: "a line between paragraphs", text: "Sí.\n\n[1]\n\nNo.", want: "Sí.\n\nNo.", cited: []int{1}},
		{name: "a face on its line stays", text: "Sí.\n🙂 [1]", want: "Sí.\n🙂", cited: []int{1}},
		{name: "lines of a list", text: "- Pan [1]\n- Café [2]", want: "- Pan\n- Café", cited: []int{1, 2}},
		{name: "before the sentence", text: "[2] Abrimos a las 9.", want: "Abrimos a las 9.", cited: []int{2}},
		{name: "two before the sentence", text: "[2][1] Abrimos.\n[3] [1] Cerramos.", want: "Abrimos.\nCerramos.", cited: []int{2, 1, 3}},
		{name: "a bibliography", text: "Pan [1] y café [2].\n\n[1] Panes\n[2] Cafés", want: "Pan y café.\n\nPanes\nCafés", cited: []int{1, 2}},
		{name: "one that comes together", text: "Sí [[1]2].", want: "Sí.", cited: []int{1, 2}},
		{name: "an entry that does not exist", text: "Sí [7]. No [2, 9].", want: "Sí. No.", cited: []int{2}, unknown: []int{7, 9}},
		{name: "nothing but a citation", text: "[2]", want: "", cited: []int{2}},

		{name: "a list that counts in brackets", text: "Elija:\n[1] Pan\n[2] Café", want: "Elija:\n[1] Pan\n[2] Café"},
		{name: "a link", text: "Vea [1](https://a.b/c) y [2].", want: "Vea [1](https://a.b/c) y.", cited: []int{2}},
		{name: "a link's words", text: "Vea [el menú [2]](https://a.b/c).", want: "Vea [el menú](https://a.b/c).", cited: []int{2}},
		{name: "a link below the text", text: "Vea [el menú][1].\n\n[1]: https://a.b/c", want: "Vea [el menú][1].\n\n[1]: https://a.b/c"},
		{name: "an address", text: "https://a.b/?id[0]=1&id[1]=2", want: "https://a.b/?id[0]=1&id[1]=2"},
		{name: "code", text: "Ponga `x[1]` y ``a`[2]`` [3].", want: "Ponga `x[1]` y ``a`[2]``.", cited: []int{3}},
		{name: "a block of code", text: "```\nx[1]\n```\nSí [1].", want: "```\nx[1]\n```\nSí.", cited: []int{1}},
		{name: "a year", text: "Desde [1998].", want: "Desde [1998]."},
		{name: "hours", text: "Abierto [9-18].", want: "Abierto [9-18]."},
		{name: "placeholders and choices", text: "[unknown] [x] [ ] [hora] {name}", want: "[unknown] [x] [ ] [hora] {name}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := Reading{Text: c.want, Cited: c.cited, Unknown: c.unknown}
			if diff := cmp.Diff(want, Read(c.text, 4)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACutTextEndsBeforeItsCitation(t *testing.T) {
	for text, want := range map[string]string{
		"Sí [1": "Sí", "Sí [1, ": "Sí", "Sí【": "Sí", "Sí.[": "Sí.", "Sí [1].": "Sí [1].", "Sí [uno": "Sí [uno",
	} {
		if got := Trimmed(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWhatAnEntryQuotesReadsAsNoCitation(t *testing.T) {
	for text, want := range map[string]string{
		"Marque [1] o [2].":         "Marque (1) o (2).",
		"Vea [1](https://a.b), 【3】": "Vea [1](https://a.b), (3)",
		"Sin números [uno].":        "Sin números [uno].",
	} {
		if got := Quoted(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"Abrimos a las 9 [2].", "Sí [1][3], 【2】 y [9].", "[1] a\n[2] b", "`x[1]` [[1]2]", "Sí.\n\nFuentes: [1-3]\n\n[2](https://a.b)",
		"[1]: https://a.b\n[x][1]", "**[1]**\n\n> [2]\n\n([3])", "\\[2\\] ［3］ [^1] [Entry 2 y 3]", "``` [1]\n~~~\n[2]",
	} {
		f.Add(seed, 4)
	}
	f.Fuzz(func(t *testing.T, text string, entries int) {
		entries = max(0, min(entries, 5000))
		got := Read(text, entries)
		for i, n := range got.Cited {
			if n < 1 || n > entries || slices.Contains(got.Cited[:i], n) {
				t.Errorf("cited %v of %d entries", got.Cited, entries)
			}
		}
		for _, n := range got.Unknown {
			if n >= 1 && n <= entries {
				t.Errorf("unknown %v of %d entries", got.Unknown, entries)
			}
		}
		if len(got.Cited)+len(got.Unknown) == 0 && got.Text != text {
			t.Errorf("%q became %q though it cites nothing", text, got.Text)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got.Text) {
			t.Errorf("%q became %q", text, got.Text)
		}
		// Only what stands in brackets goes, with words that lead to it: a letter behind the last bracket stays.
		if at := strings.LastIndexAny(text, "]】］`("); at >= 0 && !strings.HasSuffix(letters(got.Text), letters(text[at:])) {
			t.Errorf("%q became %q", text, got.Text)
		}
		if strings.Count(text, "[")+strings.Count(text, "【")+strings.Count(text, "［") > mostRounds {
			return
		}
		if again := Read(got.Text, entries); len(again.Cited)+len(again.Unknown) > 0 {
			t.Errorf("%q became %q, which cites %v and %v", text, got.Text, again.Cited, again.Unknown)
		}
	})
}

// letters are those of a text, for what must not be lost.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, text)
}
