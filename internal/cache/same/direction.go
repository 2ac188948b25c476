package same

import (
	"tania/internal/cache/reading"
	"tania/internal/tania"
)

// turned reports whether what one question moves from here to there the other moves from there to here.
func turned(a, b *reading.Question, m *Matching) bool {
	var left, came uint16
	for i, j := range m.A {
		if j < 0 {
			continue
		}
		x, y := &a.Words[i], &b.Words[j]
		if x.Function || x.Role == y.Role {
			continue
		}
		if a.Facts.Tables == tania.English && (x.Role == reading.Goal && y.Role == reading.Source || x.Role == reading.Source &&
			y.Role == reading.Goal) {
			return true
		}
		left |= 1 << x.Role
		came |= 1 << y.Role
	}
	// A word left a role and another came to it.
	return left&came&^1 != 0
}

// swapped reports whether two words beside each other stand in the other order.
func swapped(a, b *reading.Question, m *Matching) bool {
	for i := 0; i+1 < len(m.A); i++ {
		j := m.A[i]
		if j > 0 && m.A[i+1] == j-1 && plainWord(&a.Words[i]) && plainWord(&a.Words[i+1]) {
			return true
		}
	}
	return false
}

// plainWord reports whether a word neither says how something is asked nor counts as a fact.
func plainWord(w *reading.Word) bool { return !w.Function && !w.Fact }
