package bot_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"tania/internal/bot"
)

func TestWhatTheBotTellsEverybodyIsAllItsTexts(t *testing.T) {
	b, err := bot.LoadFS(fstest.MapFS{
		"bot.yaml": {Data: []byte("name: Ana\nbusiness: Luna\npersona: Be kind.\ntexts: {thanks: Con gusto}\n" +
			"knowledge: [shop.md]\nfaq:\n  - {questions: [Where?], answer: Calle 45, url: 'https://luna.example/where'}\n")},
		"shop.md": {Data: []byte("# Shop\n\nBehind the park.\n")},
	}, "bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Collect(b.Public())
	said := strings.Join(all, "\n")
	for _, want := range []string{
		"Ana", "Luna", "Be kind.", "Con gusto", "Where?", "Calle 45", "https://luna.example/where", "Shop", "Behind the park.",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	for n := range all {
		got := 0
		for range b.Public() {
			if got++; got > n {
				break
			}
		}
		if got != n+1 {
			t.Errorf("%d texts were given where %d were asked for", got, n+1)
		}
	}
}
