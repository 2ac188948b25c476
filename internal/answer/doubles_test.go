package answer

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/answer/offline"
)

// TestTwoQuestionsAtOnce asks two things in one message, as customers do: both are answered where both are known and, of one that is not,
// it is said. The furniture shop's were looked at when this was tuned, the veterinary clinic's were not.
func TestTwoQuestionsAtOnce(t *testing.T) {
	for name, least := range map[string]struct{ whole, wrong int }{"home": {17, 1}, "vet": {15, 0}} {
		b, _ := business(t, name)
		a := New(Options{Bot: b, Responder: offline.New(offline.Options{Bot: b})})
		var whole, half, wrong, all int
		for _, f := range rows(t, "doubles.tsv") {
			if f[0] != name {
				continue
			}
			var want []string
			for source := range strings.SplitSeq(f[1], ",") {
				switch {
				case source == "?":
				case strings.HasPrefix(source, "p:"):
					want = append(want, source)
				default:
					want = append(want, "faq:"+source)
				}
			}
			all++
			got := asked(t, a, customerAsks{text: strings.ReplaceAll(f[2], `\n`, "\n")})
			missing := slices.ContainsFunc(want, func(s string) bool { return !slices.Contains(got.Sources, s) })
			switch {
			case slices.ContainsFunc(got.Sources, func(s string) bool { return !slices.Contains(want, s) }):
				wrong++
				t.Logf("wrong: %q %v", f[2], got.Sources)
			case missing || got.Known != (len(want) == 2):
				half++
				t.Logf("half: %q %v, %q", f[2], got.Sources, got.Text)
			default:
				whole++
			}
		}
		t.Logf("%s: %d of %d whole, %d half, %d wrong", name, whole, all, half, wrong)
		if whole < least.whole || wrong > least.wrong || all != 20 {
			t.Errorf("%s: %d of %d are answered whole and %d wrongly; want %d and at most %d", name, whole, all, wrong, least.whole, least.wrong)
		}
	}
}
