package token

import (
	"strings"
	"unicode"

	"tania/internal/cache/reading"
)

// Address is a link or an e-mail address of a text.
type Address struct {
	// At and End are where it begins and ends in the text, in bytes.
	At, End int
	// Mail reports whether it is an e-mail address.
	Mail bool
	// ID is the address without scheme, "www." and what may stand at its end.
	ID string
}

// addressesOf gives the addresses of a text, in their order.
func addressesOf(text string) (found []Address) {
	if !strings.ContainsAny(text, ".@") {
		return nil
	}
	begin := -1
	for i, r := range text {
		if unicode.IsSpace(r) || strings.ContainsRune("<>()[]{}\"'«»“”|*,;`", r) {
			if begin >= 0 {
				found = appendAddress(found, text, begin, i)
			}
			begin = -1
		} else if begin < 0 {
			begin = i
		}
	}
	if begin >= 0 {
		found = appendAddress(found, text, begin, len(text))
	}
	return found
}

func appendAddress(found []Address, text string, at, end int) []Address {
	piece := text[at:end]
	if !strings.ContainsAny(piece, ".@") {
		return found
	}
	trimmed := strings.TrimRight(piece, ".:!?_…")
	end -= len(piece) - len(trimmed)
	cutFront := len(trimmed) - len(strings.TrimLeft(trimmed, ".:¿¡_-"))
	at, piece = at+cutFront, trimmed[cutFront:]
	// "correo:ana@example.com", "web:example.com"
	if head, rest, ok := strings.Cut(piece, ":"); ok && !strings.HasPrefix(rest, "//") && !strings.Contains(head, ".") && !isScheme(head) {
		at, piece = at+len(head)+1, rest
	}
	id, mail, ok := addressID(piece)
	if !ok {
		return found
	}
	return append(found, Address{at, end, mail, id})
}

func isScheme(s string) bool { return s == "mailto" || s == "tel" || strings.HasPrefix(s, "http") }

// addressID is what an address is compared by.
func addressID(piece string) (id string, mail, ok bool) {
	low := strings.ToLower(strings.TrimPrefix(piece, "mailto:"))
	_, rest, scheme := strings.Cut(low, "://")
	if scheme {
		low = rest
	}
	if local, host, at := strings.Cut(low, "@"); at && !scheme {
		return low, true, local != "" && strings.Contains(host, ".") && isHost(host, false)
	}
	bare, www := strings.CutPrefix(low, "www.")
	host, path, hasPath := strings.Cut(bare, "/")
	host, query, _ := strings.Cut(host, "?")
	if !isHost(host, !scheme && !www && !hasPath) {
		return "", false, false
	}
	id = host
	if path = strings.TrimRight(path, "/"); path != "" {
		id += "/" + path
	}
	if query != "" {
		id += "?" + query
	}
	return id, false, true
}

// isHost reports whether a text is the name of a server; bare, it ends in a domain that is well known.
func isHost(host string, bare bool) bool {
	labels := strings.Split(host, ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || strings.ContainsFunc(l, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' }) {
			return false
		}
	}
	last := labels[len(labels)-1]
	if Digits(last) != "" || len(last) < 2 {
		return false
	}
	return !bare || len(labels[0]) > 1 && domains[last] && labels[len(labels)-2] != ""
}

var domains = reading.WordSet(`com net org info biz shop store app io dev ai co online site tech cloud example test eu uk us ca
		mx es ar cl pe br pt uy py ve ec bo cr gt
	hn sv ni pa do cu pr fr it de nl ch be at ie au nz in jp cn tv gob gov edu mil cat gal eus tienda lat travel help support agency live me`)

// Host is the server of a link.
func Host(id string) string {
	h, _, _ := strings.Cut(id, "/")
	h, _, _ = strings.Cut(h, "?")
	return h
}
