package reading

import (
	"tania/internal/tania"
)

// role is what a small word before it makes of a word: where something goes to, where it comes from.
type role uint8

const (
	// Bare words have none.
	Bare role = iota
	// Goal is where something goes to.
	Goal
	// Source is where it comes from.
	Source
	means
	// Priced is what stands behind a price or a reason: "for", "por".
	Priced
	standard
	stead
	earlier
	later
	roles
)

// RoleWords are the small words that give what follows a role.
var RoleWords = func() map[string]role {
	m := map[string]role{}
	for r, list := range map[role]string{
		Goal: `a al ao aos to para hacia hasta ate into towards toward pra till until`, Source: `de del desde from do da dos das off`,
		means:  `con with com`,
		Priced: `por for by pelo pela pelos pelas`, standard: `than`, stead: `instead rather`, earlier: `antes before`,
		later: `despues after depois`,
	} {
		for w := range WordSet(list) {
			m[w] = r
		}
	}
	return m
}()

// Comparatives compare two sides, whose order counts.
var Comparatives = WordSet(`mas menos mejor peor mayor menor mais melhor pior maior`)

// assignRoles gives each word the role that the small word before it says, until the next one.
func assignRoles(ws []Word, t tania.Language) {
	now, fresh, compared := Bare, false, false
	for i := range ws {
		w := &ws[i]
		r := RoleWords[w.Text]
		switch {
		case t == tania.English && w.Text == "a":
			r = Bare
		case Comparatives[w.Text]:
			compared = true
		case w.Text == "que" && compared:
			r = standard
		case (w.Text == "vez" || w.Text == "lugar") && i > 0 && (ws[i-1].Text == "en" || ws[i-1].Text == "em"):
			r = stead
		}
		switch {
		case r == Source && fresh:
			// "a la de ahorros", "antes de pagar"
		case r != Bare:
			now, fresh = r, true
		case !w.Function:
			fresh = false
		}
		w.Role = now
	}
}
