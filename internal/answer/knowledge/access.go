package knowledge

// size is how many entries there are.
func (x *Index) size() int { return len(x.faq) + len(x.articles) }

// hitAt names the entry at a place.
func (x *Index) hitAt(place int) Hit {
	if place < len(x.faq) {
		return Hit{FAQ: &x.faq[place], place: place + 1}
	}
	return Hit{Passage: &x.articles[place-len(x.faq)], place: place + 1}
}

// same reports whether two hits are of one entry.
func (h Hit) same(other Hit) bool { return h.FAQ == other.FAQ && h.Passage == other.Passage }

// sizeOf is how long all that an entry says is, in bytes.
func (x *Index) sizeOf(h Hit) int {
	if h.Passage != nil {
		return len(h.Passage.Title) + len(h.Passage.Text)
	}
	return x.entries[h.place-1].size
}

// entryAt is the entry at a place.
func (x *Index) entryAt(place int) *entry {
	if place < len(x.entries) {
		return x.entries[place]
	}
	return x.shelf.entry(x, place)
}

// entryOf is a hit's entry, nil where it is none of the index's.
func (x *Index) entryOf(h Hit) *entry {
	if h.place > 0 {
		return x.entryAt(h.place - 1)
	}
	for i := range x.faq {
		if &x.faq[i] == h.FAQ {
			return x.entryAt(i)
		}
	}
	for i := range x.articles {
		if &x.articles[i] == h.Passage {
			return x.entryAt(len(x.faq) + i)
		}
	}
	return nil
}

// term gives the number of a term, false where no entry has it.
func (x *Index) term(name string) (int, bool) {
	if x.shelf != nil {
		return x.shelf.view.Mark(name)
	}
	t, ok := x.terms[name]
	return t, ok
}

// weightOf is a term's: the rarer it is, the more it weighs.
func (x *Index) weightOf(t int) float64 {
	if x.shelf != nil {
		return x.shelf.weight(t, x.size())
	}
	return x.weight[t]
}

// countSensed counts the entries that have a sense of senses.txt.
func (x *Index) countSensed(sense string) int {
	if x.shelf != nil {
		return x.shelf.count(sense)
	}
	return x.sensed[sense]
}

// meaning gives the entries that have a field of related.txt or a sense of senses.txt.
func (x *Index) meaning(mark string) []int {
	if x.shelf != nil {
		return x.shelf.with(mark)
	}
	return x.meant[mark]
}
