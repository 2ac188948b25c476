package knowledge

import (
	"fmt"
	"testing"
)

// TestWordsThatLookAlikeAreFoundAmongThousands has a catalogue's numbers, most of which share most of their parts.
func TestWordsThatLookAlikeAreFoundAmongThousands(t *testing.T) {
	s := newSpelling()
	var names []string
	add := func(word string) {
		s.add(word, uint32(len(names)))
		names = append(names, word)
	}
	for i := range 3 * mostSharing / 2 {
		add(fmt.Sprint("articulo", i))
	}
	add("garantia")
	name := func(term uint32) string { return names[term] }
	for asked, want := range map[string]string{"garatia": "garantia", "garantias": "garantia"} {
		if got := s.alike(asked, name); len(got) == 0 || len(got) > mostAlike || name(got[0].term) != want || got[0].weight >= 1 {
			t.Errorf("%s: got %v", asked, got)
		}
	}
	if got := s.alike("garantia", name); len(got) != 1 || got[0].weight < 0.999 {
		t.Errorf("the word itself: got %v", got)
	}
	if got := s.alike("xyz", name); len(got) != 0 {
		t.Errorf("nothing looks like it, got %v", got)
	}
	if got := s.shared([]string{"art", "arti"}); len(got) != 0 {
		t.Errorf("parts of more words than are compared bring %d of them", len(got))
	}
}
