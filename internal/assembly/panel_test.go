package assembly

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	cachestore "tania/internal/cache/store"
	"tania/internal/operator"
)

// listedCache is a cache of operators that has these entries.
type listedCache struct {
	operator.Cache
	entries []cachestore.Entry
}

func (l listedCache) List(context.Context, int) ([]cachestore.Entry, error) { return l.entries, nil }

func TestTheCachesPageHasTheNewestUseFirst(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)
	entry := func(id, question string, created, used time.Time) cachestore.Entry {
		return cachestore.Entry{ID: id, Question: question, Created: created, Use: cachestore.Use{Used: used}}
	}
	p := cachePanel{Cache: listedCache{entries: []cachestore.Entry{
		entry("a", "used first", at, at.Add(time.Hour)), entry("b", "never used, made between", at.Add(2*time.Hour), time.Time{}),
		entry("c", "used last", at, at.Add(3*time.Hour)), entry("d", "never used", at, time.Time{}),
	}}}
	for filter, want := range map[string][]string{
		"":      {"used last", "never used, made between", "used first"},
		"NEVER": {"never used, made between", "never used"},
	} {
		list, total, err := p.List(t.Context(), filter, 3)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range list {
			got = append(got, e.Question)
		}
		if diff := cmp.Diff(want, got); diff != "" || total != map[string]int{"": 4, "NEVER": 2}[filter] {
			t.Errorf("%q: %d in all (-want +got):\n%s", filter, total, diff)
		}
	}
}
