package cacheeval

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// Print writes tables for people: streams, guards, gate, and the misses.
func (r Report) Print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	percent := func(a, b int) string { return fmt.Sprintf("%.1f %%", 100*float64(a)/float64(max(1, b))) }
	for _, s := range []struct {
		name    string
		streams Streams
	}{{"NO REPEAT", r.NoRepeat}, {"ZIPF", r.Zipf}} {
		_, _ = fmt.Fprintf(w, "%s\tqueries\trefused\thits\tof admitted\twrong\tsemantic hits\twrong\tverifications\t\n", s.name)
		for _, name := range slices.Sorted(maps.Keys(s.streams.Sets)) {
			o := s.streams.Sets[name]
			_, _ = fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%d (%s)\t%d\t%d (%s)\t%d\t\n", name, o.Queries, percent(o.Refused, o.Queries),
				percent(o.Hits, o.Queries),
				percent(o.Hits, o.Queries-o.Refused), o.Wrong, percent(o.Wrong, o.Hits), o.SemanticHits, o.SemanticWrong,
				percent(o.SemanticWrong, o.SemanticHits), o.Verifications)
		}
		m := s.streams.Macro
		_, _ = fmt.Fprintf(w, "mean of sets\t\t\t%.1f %%\t%.1f %%\t%.2f %%\t\t%.2f %%\t\t\n\t\n", 100*m.HitRate, 100*m.AdmittedHitRate,
			100*m.FalseRate, 100*m.SemanticFalseRate)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	w = tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "GUARDS\tdifferent\tserved\tsame\tserved\t")
	for _, name := range slices.Sorted(maps.Keys(r.Guards)) {
		g := r.Guards[name]
		_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t\n", name, g.Different, g.DifferentServed, g.Same, g.SameServed)
	}
	_, _ = fmt.Fprintln(w, "\t\nGATE\tmessages\tadmitted\t")
	for _, why := range slices.Sorted(maps.Keys(r.Cacheable)) {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t\n", why, r.Cacheable[why].N, r.Cacheable[why].Admitted)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, m := range r.Misses {
		if m.Kind == "pair" {
			_, _ = fmt.Fprintf(out, "%s, served %v (%s%s %.3f): %q | %q\n", m.Category, m.Served, m.Refusal, m.Veto, m.Score, m.A, m.B)
			continue
		}
		_, _ = fmt.Fprintf(out, "%s, admitted %v (%s): %q\n", m.Why, m.Served, m.Refusal, m.Text)
	}
	return nil
}
