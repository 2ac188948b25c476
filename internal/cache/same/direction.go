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

// reversed reports whether two words around a small word of direction stand in the other order, and nothing else differs.
func reversed(a, b *reading.Question, m *Matching) bool {
	if !allMatched(a, m.A) || !allMatched(b, m.B) {
		return false
	}
	for i, j := range m.A {
		if j < 0 || a.Words[i].Function {
			continue
		}
		for k := i + 1; k < len(m.A); k++ {
			l := m.A[k]
			if l < 0 || l > j || a.Words[k].Function {
				continue
			}
			ri, rk := a.Words[i].Role, a.Words[k].Role
			// The same roles said in another order are the same.
			if ri != rk && !(ri == b.Words[j].Role && rk == b.Words[l].Role) {
				return true
			}
		}
	}
	return false
}
