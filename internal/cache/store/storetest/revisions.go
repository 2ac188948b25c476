package storetest

import (
	"errors"
	"sync"
	"testing"

	"tania/internal/cache/store"
)

func testRevisions(t *testing.T, r *rig) {
	e := NewEntry("a")
	r.put(r.here, e)
	epoch := r.load(r.here).Epoch
	changed := func(s store.Store, rev int, entries ...store.Entry) error {
		e.Rev, e.Blame = rev, rev
		return s.Put(t.Context(), epoch, append(entries, e)...)
	}
	r.must(changed(r.there, 1))
	r.must(changed(r.here, 2))
	for _, rev := range []int{1, 2, 4} {
		if err := changed(r.there, rev, NewEntry("beside")); !errors.Is(err, store.ErrChanged) {
			t.Errorf("revision %d behind 2: %v, want ErrChanged", rev, err)
		}
	}
	all := r.load(r.there)
	if len(all.Entries) != 1 || all.Entries[0].Rev != 2 || all.Entries[0].Blame != 2 {
		t.Errorf("the store has %+v", all.Entries)
	}
	r.must(r.here.Drop(t.Context(), "a"))
	if err := changed(r.there, 3); !errors.Is(err, store.ErrChanged) {
		t.Errorf("a change of what was dropped: %v, want ErrChanged", err)
	}
	// Many change at a time: each change is made on the one before.
	r.must(changed(r.here, 0))
	const writers, each = 6, 5
	var wg sync.WaitGroup
	for w := range writers {
		s := []store.Store{r.here, r.there}[w%2]
		wg.Go(func() {
			for done := 0; done < each; {
				all, err := s.Load(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				n := all.Entries[0]
				n.Rev, n.Blame = n.Rev+1, n.Blame+1
				switch err := s.Put(t.Context(), epoch, n); {
				case err == nil:
					done++
				case !errors.Is(err, store.ErrChanged):
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if got := r.load(r.here).Entries[0]; got.Blame != writers*each || got.Rev != writers*each {
		t.Errorf("after %d changes: blame %d, revision %d", writers*each, got.Blame, got.Rev)
	}
}
