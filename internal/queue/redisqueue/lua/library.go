package lua

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// shared is a definition of lib.lua: a local function, or local values and what computes them.
type shared struct {
	names    []string
	function bool
	text     string
}

// library gives the definitions of lib.lua in their order. Each begins with "local" at the beginning of a line, and ends where the next
// begins; the comment before it is of the one before, which does no harm.
var library = sync.OnceValue(func() (list []shared) {
	defined := regexp.MustCompile(`(?m)^local (function )?([\w, ]+)`)
	text := read("lib")
	found := defined.FindAllStringSubmatchIndex(text, -1)
	for i, at := range found {
		end := len(text)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		list = append(list, shared{
			names: strings.Split(strings.TrimSpace(text[at[4]:at[5]]), ", "), function: at[2] >= 0, text: text[at[0]:end],
		})
	}
	return list
})

// needs gives the part of lib.lua that a script calls or reads, itself or through other parts. Redis makes each function of a script again
// with each run: those of all of lib.lua took as long as the work of most scripts. What only a function
// marked lazy needs is made within it, when it is called.
func needs(script string) string { return missing(script, nil) }

// missing is what a text needs of lib.lua and does not have around it.
func missing(text string, around []bool) string {
	list := library()
	needed, has := make([]bool, len(list)), make([]bool, len(list))
	for i := len(list) - 1; i >= 0; i-- { // Lua's functions call only such as stand before them
		outside := around != nil && around[i]
		needed[i] = !outside && list[i].usedBy(text)
		has[i] = outside || needed[i]
		if needed[i] && !list[i].lazy() {
			text += list[i].text
		}
	}
	var b strings.Builder
	for i, s := range list {
		switch {
		case !needed[i]:
		case s.lazy():
			head, body, _ := strings.Cut(s.text, "\n")
			b.WriteString(head + "\n" + missing(body, has) + body)
		default:
			b.WriteString(s.text)
		}
	}
	return b.String()
}

// lazy reports whether what only this function needs is made when it is called.
func (s shared) lazy() bool {
	head, _, _ := strings.Cut(s.text, "\n")
	return s.function && strings.HasSuffix(head, "-- lazy")
}

var asides = regexp.MustCompile(`--.*|'[^'\n]*'`)

// usedBy reports whether a text calls a function, or reads a value, of this definition.
func (s shared) usedBy(text string) bool {
	text = asides.ReplaceAllString(text, "")
	return slices.ContainsFunc(s.names, func(name string) bool {
		if s.function {
			return regexp.MustCompile(`(^|[^\w.])` + name + `\(`).MatchString(text)
		}
		return regexp.MustCompile(`(^|[^\w.])` + name + `\b`).MatchString(text)
	})
}
