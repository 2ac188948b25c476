package semcache

// role is what a small word before it makes of a word: where something goes to, where it comes from.
type role uint8

const (
	bare role = iota
	goal
	source
	means
	priced
	standard
	stead
	earlier
	later
	roles
)

var roleWords = func() map[string]role {
	m := map[string]role{}
	for r, list := range map[role]string{
		goal: `a al ao aos to para hacia hasta ate into towards toward pra till until`, source: `de del desde from do da dos das off`, means: `con with com`,
		priced: `por for by pelo pela pelos pelas`, standard: `than`, stead: `instead rather`, earlier: `antes before`, later: `despues after depois`,
	} {
		for w := range set(list) {
			m[w] = r
		}
	}
	return m
}()

var comparatives = set(`mas menos mejor peor mayor menor mais melhor pior maior`)

// assignRoles gives each word the role that the small word before it says, until the next one.
func assignRoles(ws []word, t tongue) {
	now, fresh, compared := bare, false, false
	for i := range ws {
		w := &ws[i]
		r := roleWords[w.text]
		switch {
		case t == english && w.text == "a":
			r = bare
		case comparatives[w.text]:
			compared = true
		case w.text == "que" && compared:
			r = standard
		case (w.text == "vez" || w.text == "lugar") && i > 0 && (ws[i-1].text == "en" || ws[i-1].text == "em"):
			r = stead
		}
		switch {
		case r == source && fresh:
			// "a la de ahorros", "antes de pagar"
		case r != bare:
			now, fresh = r, true
		case !w.function:
			fresh = false
		}
		w.role = now
	}
}

// turned says that what one question moves from here to there the other moves from there to here.
func turned(a, b *Question, m *matching) bool {
	var left, came uint16
	for i, j := range m.a {
		if j < 0 {
			continue
		}
		x, y := &a.words[i], &b.words[j]
		if x.function || x.role == y.role {
			continue
		}
		if a.facts.tongue == english && (x.role == goal && y.role == source || x.role == source && y.role == goal) {
			return true
		}
		left |= 1 << x.role
		came |= 1 << y.role
	}
	// A word left a role and another came to it.
	return left&came&^1 != 0
}

// swapped says that two words beside each other stand in the other order.
func swapped(a, b *Question, m *matching) bool {
	for i := 0; i+1 < len(m.a); i++ {
		j := m.a[i]
		if j > 0 && m.a[i+1] == j-1 && !a.words[i].function && !a.words[i+1].function && !a.words[i].fact && !a.words[i+1].fact {
			return true
		}
	}
	return false
}

// reversed says that two words around a small word of direction stand in the other order, and nothing else differs.
func reversed(a, b *Question, m *matching) bool {
	if !allMatched(a, m.a) || !allMatched(b, m.b) {
		return false
	}
	for i, j := range m.a {
		if j < 0 || a.words[i].function {
			continue
		}
		for k := i + 1; k < len(m.a); k++ {
			l := m.a[k]
			if l < 0 || l > j || a.words[k].function {
				continue
			}
			ri, rk := a.words[i].role, a.words[k].role
			// The same roles said in another order are the same.
			if ri != rk && !(ri == b.words[j].role && rk == b.words[l].role) {
				return true
			}
		}
	}
	return false
}
