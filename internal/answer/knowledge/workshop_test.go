package knowledge

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/language"
	"tania/internal/tania"
)

// workshopQuestion is what a customer of the workshop asks: the sources of the entries that answer it, what was asked before.
type workshopQuestion struct {
	want         []string
	text, before string
}

// workshop reads a bicycle workshop and what its customers ask that its entries answer. The half that is held out decides: nobody looked
// at it while the index was tuned.
func workshop(t testing.TB) (faq []bot.FAQ, passages []bot.Passage, dev, heldOut []workshopQuestion) {
	t.Helper()
	for _, f := range table(t, "testdata/workshop.tsv") {
		if strings.HasPrefix(f[0], "p:") {
			passages = append(passages, bot.Passage{Source: f[0], Title: f[1], Text: f[2]})
			continue
		}
		faq = append(faq, bot.FAQ{ID: f[0], Questions: []string{f[1]}, Answer: bot.Text{tania.Spanish: f[2]}})
	}
	for i, f := range table(t, "testdata/workshop-questions.tsv") {
		if f[0] == "-" || strings.HasPrefix(f[0], "!") {
			continue
		}
		q := workshopQuestion{text: strings.ReplaceAll(f[1], `\n`, "\n")}
		for want := range strings.SplitSeq(f[0], ",") {
			if !strings.HasPrefix(want, "p:") {
				want = "faq:" + want
			}
			q.want = append(q.want, want)
		}
		if len(f) > 2 {
			q.before = f[2]
		}
		if i%2 == 0 {
			dev = append(dev, q)
		} else {
			heldOut = append(heldOut, q)
		}
	}
	return faq, passages, dev, heldOut
}

// beforeTheModel gives the share of questions all of whose entries are among the first that fit into a number of characters.
func beforeTheModel(x *Index, asked []workshopQuestion, room int) (share float64, missed []string) {
	for _, q := range asked {
		left, seen := room, map[string]bool{}
		for _, h := range x.Rank(language.Read(q.text), q.before) {
			if left -= size(h); left < 0 {
				break
			}
			seen[h.Source()] = true
		}
		if slices.ContainsFunc(q.want, func(s string) bool { return !seen[s] }) {
			missed = append(missed, strings.Join(q.want, ",")+": "+q.text)
		}
	}
	return 1 - float64(len(missed))/float64(len(asked)), missed
}

// TestTheFAQKeepsItsRoomAmongLearnedPages gives the model's room of 8,000 characters to a workshop's entries among passages that others
// wrote; the first row gives a quarter of what the workshop knows. Of two questions in a message both entries have to be there.
func TestTheFAQKeepsItsRoomAmongLearnedPages(t *testing.T) {
	faq, passages, dev, heldOut := workshop(t)
	for _, c := range []struct {
		others, room int
		least        float64
	}{{0, 2300, 0.88}, {170, 8000, 0.95}, {1000, 8000, 0.95}, {20_000, 8000, 0.88}} {
		x := New(faq, append(slices.Clip(passages), crowd(t, c.others)...), tania.Spanish)
		seen, missedSeen := beforeTheModel(x, dev, c.room)
		share, missed := beforeTheModel(x, heldOut, c.room)
		t.Logf("among %d others: %.3f of %d questions held out, %.3f of %d others; missed there: %q",
			c.others, share, len(heldOut), seen, len(dev), missedSeen)
		if share < c.least {
			t.Errorf("among %d others the entries are there for %.3f of the questions, want %.2f; missed: %q", c.others, share, c.least, missed)
		}
	}
}
