package knowledge

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/tania"
)

// customerAsks is what a customer asks: the sources of the entries that answer it, what was asked before.
type customerAsks struct {
	want         []string
	text, before string
}

// enterprise is a business and what its customers ask. What is held out decides, all of a veterinary clinic's: it was written before the
// index was last tuned, and nobody looked at it meanwhile.
type enterprise struct {
	faq      []bot.FAQ
	passages []bot.Passage
	// dev and heldOut are what its entries answer; unanswerable is looked at where dev is.
	dev, heldOut, unanswerable []customerAsks
}

func business(t testing.TB, name string) (b enterprise) {
	t.Helper()
	for _, f := range table(t, "testdata/"+name+".tsv") {
		if strings.HasPrefix(f[0], "p:") {
			b.passages = append(b.passages, bot.Passage{Source: f[0], Title: f[1], Text: f[2]})
			continue
		}
		b.faq = append(b.faq, bot.FAQ{
			ID: f[0], Questions: strings.Split(f[1], "|"), Answer: bot.Text{tania.Spanish: f[2]},
			Keywords: strings.FieldsFunc(strings.Join(f[3:], ""), func(r rune) bool { return r == ';' }),
		})
	}
	for _, f := range table(t, "testdata/"+name+"-questions.tsv") {
		if strings.HasPrefix(f[0], "!") {
			continue
		}
		q := customerAsks{text: strings.ReplaceAll(f[1], `\n`, "\n")}
		for want := range strings.SplitSeq(f[0], ",") {
			if !strings.HasPrefix(want, "p:") {
				want = "faq:" + want
			}
			q.want = append(q.want, want)
		}
		if len(f) > 2 {
			q.before = f[2]
		}
		switch {
		case f[0] == "-":
			b.unanswerable = append(b.unanswerable, customerAsks{text: q.text})
		case name != "vet":
			b.dev = append(b.dev, q)
		default:
			b.heldOut = append(b.heldOut, q)
		}
	}
	return b
}

// beforeTheModel gives the share of questions all of whose entries are among the first that fit into a number of characters.
func beforeTheModel(x *Index, asked []customerAsks, room int) (share float64, missed []string) {
	for _, q := range asked {
		left, seen := room, map[string]bool{}
		for _, h := range x.Rank(language.Read(q.text), q.before, embedding.Vector{}) {
			if left -= size(h); left < 0 {
				break
			}
			seen[h.Source()] = true
		}
		if slices.ContainsFunc(q.want, func(s string) bool { return !seen[s] }) {
			missed = append(missed, strings.Join(q.want, ",")+": "+q.text)
		}
	}
	return 1 - float64(len(missed))/float64(max(1, len(asked))), missed
}

// TestTheFAQKeepsItsRoomAmongLearnedPages gives the model's room of 8,000 characters to a business's entries among passages that others
// wrote; the first row gives a quarter of what it knows. Of two questions in a message both entries have to be there.
func TestTheFAQKeepsItsRoomAmongLearnedPages(t *testing.T) {
	rooms := []struct{ others, room int }{{0, 2300}, {170, 8000}, {1000, 8000}, {20_000, 8000}}
	for name, least := range map[string][]float64{
		"workshop": {0.95, 0.96, 0.96, 0.93}, "home": {0.95, 0.96, 0.96, 0.93}, "clinic": {0.95, 0.96, 0.94, 0.92},
	} {
		b := business(t, name)
		for i, c := range rooms {
			x := New(b.faq, append(slices.Clip(b.passages), crowd(t, c.others)...), tania.Spanish)
			seen, missedSeen := beforeTheModel(x, b.dev, c.room)
			share, missed := beforeTheModel(x, b.heldOut, c.room)
			t.Logf("%s among %d others: %.3f of %d questions held out, %.3f of %d others; missed there: %q",
				name, c.others, share, len(b.heldOut), seen, len(b.dev), missedSeen)
			if len(b.heldOut) > 0 && share < least[i] || len(b.dev) > 0 && seen < least[i] {
				t.Errorf("%s among %d others: want %.2f; missed: %q", name, c.others, least[i], missed)
			}
		}
	}
}
