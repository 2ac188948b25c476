package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/cache/store"
)

func testPut(t *testing.T, r *rig) {
	empty := r.load(r.here)
	if len(empty.Entries) != 0 || len(empty.Learnt) != 0 {
		t.Fatalf("a new store has %+v", empty)
	}
	f := r.follow(r.there, empty.At)
	a, b := NewEntry("a"), NewEntry("b")
	r.must(r.here.Put(t.Context(), empty.Epoch, a, b))
	got, _ := f.events(1)
	r.same("the event", got, []store.Event{{Kind: store.EventPut, Epoch: empty.Epoch, Entries: []store.Entry{a, b}}})
	for _, s := range []store.Store{r.here, r.there} {
		all := r.load(s)
		r.same("entries", all.Entries, []store.Entry{a, b})
		r.same("epoch", all.Epoch, empty.Epoch)
	}
	r.must(r.here.Put(t.Context(), empty.Epoch)) // nothing, and so nothing to tell of
	r.put(r.there, NewEntry("c"))
	got, _ = f.events(1)
	r.same("the next event is of", got[0].Entries[0].ID, "c")
}

func testChange(t *testing.T, r *rig) {
	e := NewEntry("a")
	r.put(r.here, e)
	r.must(r.here.Touch(t.Context(), hits(map[string]int64{"a": 3})))
	e.State, e.Answer, e.Vector, e.Blamers = store.StateQuarantined, "Otra.", nil, nil
	r.put(r.there, e)
	all := r.load(r.here)
	r.same("hits", hitsOf(all), map[string]int64{"a": 3})
	r.same("entries", withoutUse(all.Entries), []store.Entry{e})
}

func testTexts(t *testing.T, r *rig) {
	var list []store.Entry
	for i, text := range []string{
		"", "ñandú ¿cuánto? 50 €", "日本語 العربية עברית", "👩‍👩‍👧‍👦 \U0001F1EA\U0001F1F8 z̷̢͑", "a\x00b\x01\x1f\x7f",
		"line\nline\r\n\ttab\u2028\u2029",
		`"quoted" \ 'single' <b>&amp;</b> {{x}}`, "\ufffd\ufeff\U0010ffff", strings.Repeat("larga ", 20_000), "', DROP TABLE entries; --",
	} {
		e := NewEntry(fmt.Sprint("t", i))
		e.Question, e.Answer, e.Sources, e.Scope.Audience = text, text, []string{text}, text
		switch i {
		case 0:
			e.Vector = nil
		case 1:
			e.Vector = []byte("\n\x00\r\n{}\xff")
		}
		list = append(list, e)
	}
	at := r.load(r.here).At
	r.put(r.here, list...)
	r.same("loaded", r.load(r.there).Entries, list)
	f := r.follow(r.there, at)
	var followed []store.Entry
	for len(followed) < len(list) {
		for _, e := range f.next().events {
			followed = append(followed, e.Entries...)
		}
	}
	r.same("followed", followed, list)
	odd := "日\x00本 \n'\""
	e := NewEntry(odd)
	r.put(r.here, e)
	r.must(r.here.Touch(t.Context(), hits(map[string]int64{odd: 1})))
	r.must(r.here.Learn(t.Context(), "scope", map[string]int64{odd: 2}))
	all := r.load(r.there)
	r.same("hits", hitsOf(all), map[string]int64{odd: 1})
	r.same("learnt", all.Learnt, map[string]map[string]int64{"scope": {odd: 2}})
	r.must(r.there.Drop(t.Context(), odd))
	r.same("after the drop", r.load(r.here).Entries, list)
}

func testMany(t *testing.T, r *rig) {
	list := Entries(1234)
	f := r.follow(r.there, r.load(r.there).At)
	r.put(r.here, list...)
	r.same("loaded", r.load(r.there).Entries, list)
	seen := map[string]bool{}
	for len(seen) < len(list) {
		for _, event := range f.next().events {
			for _, e := range event.Entries {
				seen[e.ID] = true
			}
		}
	}
	var ids []string
	for _, e := range list[1:] {
		ids = append(ids, e.ID)
	}
	r.must(r.there.Drop(t.Context(), ids...))
	r.same("what is left", r.load(r.here).Entries, list[:1])
}

func testDrop(t *testing.T, r *rig) {
	r.put(r.here, NewEntry("a"), NewEntry("b"), NewEntry("c"))
	r.must(r.here.Touch(t.Context(), hits(map[string]int64{"a": 1, "b": 2, "c": 3})))
	f := r.follow(r.there, r.load(r.there).At)
	r.must(r.here.Drop(t.Context()))
	r.must(r.here.Drop(t.Context(), "x"))
	r.must(r.here.Drop(t.Context(), "x", "c", "a", "y", "a"))
	got, _ := f.events(1)
	r.same("the event", got, []store.Event{{Kind: store.EventDrop, IDs: []string{"c", "a"}}})
	all := r.load(r.there)
	r.same("entries", withoutUse(all.Entries), []store.Entry{NewEntry("b")})
	r.same("hits", hitsOf(all), map[string]int64{"b": 2})
	// One that comes again starts over.
	r.must(r.here.Touch(t.Context(), hits(map[string]int64{"a": 5})))
	r.put(r.here, NewEntry("a"))
	r.same("hits", hitsOf(r.load(r.here)), map[string]int64{"b": 2})
}

func testClear(t *testing.T, r *rig) {
	r.put(r.here, NewEntry("a"), NewEntry("b"))
	r.must(r.here.Touch(t.Context(), hits(map[string]int64{"a": 1})))
	r.must(r.here.Learn(t.Context(), "s", map[string]int64{"right": 4}))
	before := r.load(r.here)
	f := r.follow(r.there, before.At)
	epoch, cleared, err := r.here.Clear(t.Context())
	r.must(err)
	if epoch <= before.Epoch || cleared != 2 {
		t.Errorf("epoch %d after %d, %d cleared, want 2", epoch, before.Epoch, cleared)
	}
	got, _ := f.events(1)
	r.same("the event", got, []store.Event{{Kind: store.EventClear, Epoch: epoch}})
	after := r.load(r.there)
	r.same("after", after, store.Snapshot{Epoch: epoch, Learnt: map[string]map[string]int64{"s": {"right": 4}}, At: after.At})
	r.put(r.there, NewEntry("c"))
	again, cleared, err := r.there.Clear(t.Context())
	r.must(err)
	if again <= epoch || cleared != 1 {
		t.Errorf("epoch %d after %d, %d cleared, want 1", again, epoch, cleared)
	}
	none, cleared, err := r.here.Clear(t.Context())
	r.must(err)
	if none <= again || cleared != 0 {
		t.Errorf("epoch %d after %d, %d cleared, want 0", none, again, cleared)
	}
}

func testUses(t *testing.T, r *rig) {
	early, late := time.Date(2026, 3, 4, 5, 6, 7, 891_234_567, time.UTC), time.Date(2026, 3, 4, 9, 0, 0, 0, time.FixedZone("", -5*3600))
	put := NewEntry("a")
	put.Use = store.Use{Hits: 99, Used: late}
	f := r.follow(r.there, r.load(r.there).At)
	r.put(r.here, put, NewEntry("b"), NewEntry("c"))
	got, _ := f.events(1)
	r.same("the entry of the event", got[0].Entries[0], NewEntry("a"))
	r.same("nothing is used yet", r.uses(r.there), map[string]store.Use{})
	r.must(r.here.Touch(t.Context(), map[string]store.Use{
		"a": {Hits: 1, Used: late}, "b": {Hits: 2, Used: early},
		"unknown": {Hits: 1, Used: late},
	}))
	r.must(r.there.Touch(t.Context(), map[string]store.Use{"a": {Hits: 3, Used: early}, "b": {Hits: 1}}))
	want := map[string]store.Use{"a": {Hits: 4, Used: late.UTC()}, "b": {Hits: 3, Used: early.Truncate(time.Millisecond)}}
	for _, s := range []store.Store{r.here, r.there} {
		r.same("uses", r.uses(s), want)
		for _, e := range r.load(s).Entries {
			r.same("the use of "+e.ID+" as loaded", e.Use, want[e.ID])
		}
	}
	r.must(r.here.Drop(t.Context(), "a"))
	r.put(r.here, NewEntry("a"))
	delete(want, "a")
	r.same("after a drop", r.uses(r.there), want)
	_, _, err := r.here.Clear(t.Context())
	r.must(err)
	r.put(r.here, NewEntry("b"))
	r.same("after a clear", r.uses(r.there), map[string]store.Use{})
}

func (r *rig) uses(s store.Store) map[string]store.Use {
	r.t.Helper()
	uses, err := s.Uses(r.t.Context())
	r.must(err)
	return uses
}

// hits makes uses at one time of numbers of hits.
func hits(numbers map[string]int64) map[string]store.Use {
	uses := map[string]store.Use{}
	for id, n := range numbers {
		uses[id] = store.Use{Hits: n, Used: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)}
	}
	return uses
}

// hitsOf are the hits of a snapshot's entries that have some.
func hitsOf(all store.Snapshot) map[string]int64 {
	numbers := map[string]int64{}
	for _, e := range all.Entries {
		if e.Hits != 0 {
			numbers[e.ID] = e.Hits
		}
	}
	return numbers
}

func withoutUse(entries []store.Entry) []store.Entry {
	list := slices.Clone(entries)
	for i := range list {
		list[i].Use = store.Use{}
	}
	return list
}
