package knowledge

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/tania"
)

// bakery reads the bot and the labelled questions that the thresholds were set with.
func bakery(t testing.TB) (*Index, [][2]string) {
	t.Helper()
	var bot struct {
		FAQ       []bot.FAQ
		Knowledge []bot.Passage
	}
	raw, err := os.ReadFile("testdata/bot.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &bot); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile("testdata/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var questions [][2]string
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		want, text, _ := strings.Cut(line, "\t")
		if want != "-" && !strings.HasPrefix(want, "knowledge/") {
			want = "faq:" + want
		}
		questions = append(questions, [2]string{want, text})
	}
	return New(bot.FAQ, bot.Knowledge, tania.Spanish), questions
}

func TestAnswersAreRightOrNotGiven(t *testing.T) {
	x, questions := bakery(t)
	right, wrong, answerable := 0, 0, 0
	for _, q := range questions {
		want, text := q[0], q[1]
		if want != "-" {
			answerable++
		}
		h, sure := x.Best(language.Read(text), embedding.Vector{})
		switch {
		case sure && h.Source() == want:
			right++
		case sure:
			wrong++
			t.Logf("wrong: %q got %s (%.2f), want %s", text, h.Source(), h.Score, want)
		case want != "-":
			t.Logf("not known: %q, want %s", text, want)
		}
	}
	precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(answerable)
	t.Logf("%d questions, %d with an answer: precision %.3f, recall %.3f", len(questions), answerable, precision, recall)
	if precision < 0.95 {
		t.Errorf("precision %.3f, want at least 0.95", precision)
	}
	if recall < 0.75 {
		t.Errorf("recall %.3f, want at least 0.75", recall)
	}
}

func BenchmarkWeigh(b *testing.B) {
	faq, passages, asked := club(b)
	x := New(faq, passages, tania.Spanish)
	for i := 0; b.Loop(); i++ {
		x.Weigh(language.Read(asked[i%len(asked)][1]), "", embedding.Vector{}, 3)
	}
}
