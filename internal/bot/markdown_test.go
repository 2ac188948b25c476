package bot

import (
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestADocumentIsDividedAtItsHeadings(t *testing.T) {
	for _, x := range []struct {
		name, source string
		want         []string // "title: text"
	}{
		{"text alone", "Just text.\n", []string{": Just text."}},
		{"text before the first heading", "Intro.\n\n# A\nx\n", []string{": Intro.", "A: x"}},
		{"levels", "# A\na\n## B\nb\n### C\nc\n## D\nd\n# E\ne", []string{"A: a", "A › B: b", "A › B › C: c", "A › D: d", "E: e"}},
		{"a level left out", "# A\n\n### C\nc\n\n## D\nd\n", []string{"A › C: c", "A › D: d"}},
		{"heading without text", "# A\n## B\nb\n", []string{"A › B: b"}},
		{"underlined headings", "A\n===\na\n\nB b\n---\nb\n", []string{"A: a", "A › B b: b"}},
		{"closed and indented headings", "  # A #\na\n", []string{"A: a"}},
		{"markup in a heading", "# **Times** and `costs` [here](x)\na\n", []string{"Times and costs here: a"}},
		{"headings in code", "# A\n```\n# not a heading\n```\nb\n", []string{"A: ```\n# not a heading\n```\nb"}},
		{"empty heading", "# A\na\n#\nb\n", []string{"A: a\n#\nb"}},
		{"front matter", "---\ntitle: x\n---\n# A\na\n", []string{"A: a"}},
		{"comment", "# A\na\n\n<!-- for us:\n\nold price 5 -->\n\nb\n", []string{"A: a\n\n\nb"}},
		{"Windows line ends", "\ufeff# A\r\na\r\n\r\n## B\r\nb\r\n", []string{"A: a", "A › B: b"}},
		{
			"table and list stay whole", "# A\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- x\n- y\n",
			[]string{"A: | a | b |\n|---|---|\n| 1 | 2 |\n\n- x\n- y"},
		},
		{"nothing", "\n\n", nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			var got []string
			for _, s := range splitMarkdown([]byte(x.source)) {
				got = append(got, s.title()+": "+s.text)
			}
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestALongSectionIsDividedBetweenParagraphs(t *testing.T) {
	paragraph := strings.TrimSpace(strings.Repeat("word ", 200))
	parts := portions(paragraph + "\n\n" + paragraph + "\n\nend\n\n" + strings.Repeat("x", 2*portion))
	if len(parts) != 3 || parts[0] != paragraph || !strings.HasSuffix(parts[1], "end") || len(parts[2]) != 2*portion {
		t.Errorf("%d parts", len(parts))
	}
}

func TestAParagraphOfManyPagesIsDivided(t *testing.T) {
	for name, unit := range map[string]string{
		"lines": "one of very many lines, each of them short.\n", "sentences": "Éste es un enunciado sin salto. ",
		"words": "palabra ", "nothing": "ñ",
	} {
		text := strings.TrimSpace(strings.Repeat(unit, 9*portion/utf8.RuneCountInString(unit)))
		var back strings.Builder
		for i, part := range portions(text) {
			if n := utf8.RuneCountInString(part); n > 2*portion || n < portion/2 && i > 0 {
				t.Errorf("%s: a part of %d characters", name, n)
			}
			if unit := strings.TrimSpace(unit); name != "nothing" && (!strings.HasPrefix(part, unit) || !strings.HasSuffix(part, unit)) {
				t.Errorf("%s: a part begins or ends amid one: %q", name, part[:40])
			}
			back.WriteString(part)
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squeeze(back.String()) != squeeze(text) {
			t.Errorf("%s: something is lost", name)
		}
	}
}

func TestKnowledgeIsFoundByFileFolderAndPattern(t *testing.T) {
	fsys := fstest.MapFS{
		"bot/bot.yaml":           {Data: []byte("knowledge: [a.md, k, 'k/*.md', 'more/?.txt']\n")},
		"bot/a.md":               {Data: []byte("# T\nx\n# T\ny\n")},
		"bot/k/b.md":             {Data: []byte("b")},
		"bot/k/deep/c.MD":        {Data: []byte("# C\nc")},
		"bot/k/deep/picture.png": {Data: []byte("\xff")},
		"bot/k/.git/x.md":        {Data: []byte("no")},
		"bot/k/.hidden.md":       {Data: []byte("no")},
		"bot/more/1.txt":         {Data: []byte("one")},
		"bot/more/22.txt":        {Data: []byte("no")},
	}
	sub, err := fsys.Sub("bot")
	if err != nil {
		t.Fatal(err)
	}
	b, err := LoadFS(sub, "bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := []Passage{
		{Source: "a.md#T", Title: "T", Text: "x"},
		{Source: "a.md#T (2)", Title: "T", Text: "y"},
		{Source: "k/b.md", Text: "b"},
		{Source: "k/deep/c.MD#C", Title: "C", Text: "c"},
		{Source: "more/1.txt", Text: "one"},
	}
	if diff := cmp.Diff(want, b.Knowledge); diff != "" {
		t.Error(diff)
	}
}

func FuzzSplitMarkdown(f *testing.F) {
	f.Add([]byte("# A\n\nx\n\n<!-- c\n-->\n## B #\n```\n# C\n"))
	f.Add([]byte("A\n=\n- # x\n> # y\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		for _, s := range splitMarkdown(source) {
			if strings.TrimSpace(s.text) == "" {
				t.Errorf("empty section %q in %q", s.title(), source)
			}
		}
	})
}
