// Package choice reads which of several things a customer means who was asked: by number, by place, or by words of one of them.
package choice

import (
	"slices"
	"strconv"
	"strings"

	"tania/internal/language"
	"tania/internal/words"
)

// Picked is what a reply chooses.
type Picked struct {
	// Places are those of what was offered, from 0, ascending.
	Places []int
	// None reports whether the reply says that it is none of them.
	None bool
}

// longestReply is in words: a longer text says something else.
const longestReply = 16

// Read tells what a text picks of what was offered; false where it is no reply to that, but says something of its own. The number after the
// last one stands for none of them.
func Read(text string, offered []string) (Picked, bool) {
	said := read(text)
	switch picks := said.numbers(len(offered)); {
	case said.words > longestReply || len(offered) == 0:
		return Picked{}, false
	case picks == nil:
		return said.withoutNumbers(offered)
	case slices.Equal(picks, []int{len(offered)}):
		return Picked{None: true}, len(said.content) == 0
	case !within(picks, len(offered)) || !said.about(picks, offered):
		return Picked{}, false
	default:
		return Picked{Places: picks}, true
	}
}

// reply is a text by what its words are for.
type reply struct {
	words int
	// places are those that are named, from 0, last for the last one; loose ones are articles too ("una", "one").
	places, loose []int
	all, none     bool
	yes           bool
	content       []string
}

// last is the place of the last one, whichever that is.
const last = -1

func read(text string) reply {
	var r reply
	for _, w := range language.Read(unboxed.Replace(text)).Compounds() {
		r.words++
		r.take(w)
	}
	return r
}

// unboxed takes the box off a digit's emoji.
var unboxed = strings.NewReplacer("\ufe0f", "", "\u20e3", " ")

func (r *reply) take(w string) {
	if n, err := strconv.Atoi(strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz")); err == nil && n > 0 {
		r.places = append(r.places, n-1)
		return
	}
	kind, known := kinds[w]
	switch {
	case !known:
		r.content = append(r.content, w)
	case kind.place != 0:
		r.places = append(r.places, kind.place-1)
	case kind.last:
		r.places = append(r.places, last)
	case kind.loose:
		r.loose = append(r.loose, 0)
	case kind.all:
		r.all = true
	case kind.none:
		r.none = true
	case kind.yes:
		r.yes = true
	}
}

// numbers gives the places that are named, nil where none is.
func (r *reply) numbers(offered int) []int {
	picks := r.places
	if len(picks) == 0 && len(r.content) == 0 && !r.none && !r.all {
		picks = r.loose
	}
	if len(picks) == 0 {
		return nil
	}
	picks = slices.Clone(picks)
	for i, p := range picks {
		if p == last {
			picks[i] = offered - 1
		}
	}
	slices.Sort(picks)
	return slices.Compact(picks)
}

func within(picks []int, offered int) bool {
	return picks[0] >= 0 && picks[len(picks)-1] < offered
}

// withoutNumbers reads a reply that names no place.
func (r *reply) withoutNumbers(offered []string) (Picked, bool) {
	switch bare := len(r.content) == 0; {
	case bare && r.none:
		return Picked{None: true}, true
	case bare && r.all:
		p := Picked{}
		for i := range offered {
			p.Places = append(p.Places, i)
		}
		return p, true
	case bare && r.yes && len(offered) == 1:
		return Picked{Places: []int{0}}, true
	case bare:
		return Picked{}, false
	}
	return r.named(offered)
}

// named finds the one thing offered that has all words of the reply; several that do are told apart by nothing.
func (r *reply) named(offered []string) (Picked, bool) {
	found := -1
	for i, thing := range offered {
		if !r.in(read(thing).content) {
			continue
		}
		if found >= 0 {
			return Picked{}, false
		}
		found = i
	}
	return Picked{Places: []int{found}}, found >= 0
}

// about reports whether the words beside the places are words of what stands there: "el primero de mayo" picks nothing.
func (r *reply) about(picks []int, offered []string) bool {
	var have []string
	for _, p := range picks {
		have = append(have, read(offered[p]).content...)
	}
	return r.in(have)
}

// in reports whether a thing has all words of the reply.
func (r *reply) in(have []string) bool {
	for _, w := range r.content {
		if !slices.ContainsFunc(have, func(h string) bool { return alike(w, h) }) {
			return false
		}
	}
	return true
}

// Words of so many letters may have one typing error, or two.
const (
	oneError  = 4
	twoErrors = 8
)

func alike(a, b string) bool {
	if a == b {
		return true
	}
	switch n := min(len(a), len(b)); {
	case n >= twoErrors:
		return words.Distance(a, b, 2) <= 2
	case n >= oneError:
		return words.Distance(a, b, 1) <= 1
	}
	return false
}
