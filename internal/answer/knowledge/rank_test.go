package knowledge

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/tania"
)

// club reads a sports club's entries and what its customers ask, with the entry that answers each. A word in
// the questions is rarely that of the entry.
func club(t testing.TB) (faq []bot.FAQ, passages []bot.Passage, asked [][2]string) {
	t.Helper()
	for _, fields := range table(t, "testdata/club.tsv") {
		if source, ok := strings.CutPrefix(fields[0], "p:"); ok {
			passages = append(passages, bot.Passage{Source: "p:" + source, Title: fields[1], Text: fields[2]})
			continue
		}
		faq = append(faq, bot.FAQ{ID: fields[0], Questions: []string{fields[1]}, Answer: bot.Text{tania.Spanish: fields[2]}})
	}
	for _, fields := range table(t, "testdata/club-questions.tsv") {
		want := fields[0]
		if !strings.HasPrefix(want, "p:") {
			want = "faq:" + want
		}
		asked = append(asked, [2]string{want, fields[1]})
	}
	return faq, passages, asked
}

func table(t testing.TB, name string) (rows [][]string) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		rows = append(rows, strings.Split(strings.TrimSpace(line), "\t"))
	}
	return rows
}

func size(h Hit) int {
	if h.FAQ != nil {
		return utf8.RuneCountInString(h.FAQ.Questions[0]+h.FAQ.Answer[tania.Spanish]) + 12
	}
	return utf8.RuneCountInString(h.Passage.Title+h.Passage.Text) + 1
}

// found gives the share of questions whose entry is among the first that fit into a number of characters.
func found(x *Index, asked [][2]string, room int) (share float64, missed []string) {
	for _, q := range asked {
		left, seen := room, false
		for _, h := range x.Rank(language.Read(q[1]), "", embedding.Vector{}) {
			if left -= size(h); left < 0 {
				break
			}
			seen = seen || h.Source() == q[0]
		}
		if !seen {
			missed = append(missed, q[0]+": "+q[1])
		}
	}
	return 1 - float64(len(missed))/float64(len(asked)), missed
}

// TestTheRightEntryIsBeforeTheModel gives a quarter of what the club knows room in the prompt, as 8,000 characters are of 240 entries, and
// then the half. The club writes in Spanish; half of its customers ask in English or Portuguese.
func TestTheRightEntryIsBeforeTheModel(t *testing.T) {
	faq, passages, asked := club(t)
	x := New(faq, passages, tania.Spanish)
	for room, least := range map[int]float64{2300: 0.94, 4700: 0.96} {
		share, missed := found(x, asked, room)
		t.Logf("in %d characters: %.3f of %d questions", room, share, len(asked))
		if share < least {
			t.Errorf("in %d characters the right entry is there for %.3f of the questions, want %.2f; missed: %q", room, share, least, missed)
		}
	}
}

// crowd makes passages that nobody asks for, of the club's own words and a bakery's: each word is one that follows the one before it
// somewhere there.
func crowd(t testing.TB, count int) []bot.Passage {
	t.Helper()
	next := map[string][]string{}
	var first []string
	for _, name := range []string{"testdata/club.tsv", "testdata/bot.json"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			words := strings.Fields(line)
			first = append(first, words[0])
			for i := 1; i < len(words); i++ {
				next[words[i-1]] = append(next[words[i-1]], words[i])
			}
		}
	}
	chance := rand.New(rand.NewPCG(1, 2))
	passages := make([]bot.Passage, count)
	for i := range passages {
		words := []string{first[chance.IntN(len(first))]}
		for len(words) < 30 {
			follow := next[words[len(words)-1]]
			if len(follow) == 0 {
				follow = first
			}
			words = append(words, follow[chance.IntN(len(follow))])
		}
		passages[i] = bot.Passage{Source: fmt.Sprint("crowd ", i), Title: strings.Join(words[:4], " "), Text: strings.Join(words[4:], " ")}
	}
	return passages
}

// TestTheRightEntryIsBeforeTheModelAmongMany gives the model's room of 8,000 characters to a club whose words others have too.
func TestTheRightEntryIsBeforeTheModelAmongMany(t *testing.T) {
	faq, passages, asked := club(t)
	for count, least := range map[int]float64{200: 0.92, 1000: 0.78} {
		share, missed := found(New(faq, append(slices.Clip(passages), crowd(t, count)...), tania.Spanish), asked, 8000)
		t.Logf("among %d others: %.3f of %d questions", count, share, len(asked))
		if share < least {
			t.Errorf("among %d others the right entry is there for %.3f of the questions, want %.2f; missed: %q", count, share, least, missed)
		}
	}
}

// TestEachQuestionOfAMessageBringsItsEntry asks three things at once.
func TestEachQuestionOfAMessageBringsItsEntry(t *testing.T) {
	faq, passages, asked := club(t)
	x := New(faq, passages, tania.Spanish)
	brought, all := 0, 0
	for i := 0; i+60 < len(asked); i++ {
		three := [][2]string{asked[i], asked[i+31], asked[i+60]}
		front := map[string]bool{}
		for _, h := range x.Rank(language.Read(three[0][1]+". "+three[1][1]+". "+three[2][1]), "", embedding.Vector{})[:25] {
			front[h.Source()] = true
		}
		for _, q := range three {
			all++
			if front[q[0]] {
				brought++
			}
		}
	}
	if share := float64(brought) / float64(all); share < 0.9 {
		t.Errorf("of three questions in a message %.3f have their entry among the first 25 of 70, want 0.9", share)
	}
}

func TestAFollowUpIsRankedWithTheQuestionBefore(t *testing.T) {
	faq, passages, _ := club(t)
	x := New(faq, passages, tania.Spanish)
	place := func(before string) int {
		return slices.IndexFunc(x.Rank(language.Read("¿y para niños?"), before, embedding.Vector{}), func(h Hit) bool { return h.Source() == "faq:artes-marciales" })
	}
	if alone, after := place(""), place("¿enseñan artes marciales?"); after >= alone || after > 2 {
		t.Errorf("karate for children is at place %d, and at %d alone", after, alone)
	}
}

func TestRankGivesEveryEntryOnce(t *testing.T) {
	faq, passages, _ := club(t)
	x := New(faq, passages, tania.Spanish)
	for _, text := range []string{"", "¿?", "xyzzy", "alberca", strings.Repeat("alberca. ", 10_000)} {
		seen := map[string]bool{}
		for _, h := range x.Rank(language.Read(text), text, embedding.Vector{}) {
			seen[h.Source()] = true
		}
		if len(seen) != len(faq)+len(passages) {
			t.Errorf("%.20q: %d entries, want %d", text, len(seen), len(faq)+len(passages))
		}
	}
	if got := New(nil, nil, tania.Spanish).Rank(language.Read("hola"), "", embedding.Vector{}); len(got) != 0 {
		t.Errorf("an empty index ranked %v", got)
	}
}

func BenchmarkRank(b *testing.B) {
	faq, passages, asked := club(b)
	x := New(faq, passages, tania.Spanish)
	for i := 0; b.Loop(); i++ {
		x.Rank(language.Read(asked[i%len(asked)][1]), "", embedding.Vector{})
	}
}
