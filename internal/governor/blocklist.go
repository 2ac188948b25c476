package governor

import (
	"strconv"
	"strings"

	"tania/internal/tania"
)

// blocklist has the entries in two kinds: exact ones, normalised, with how they were written, and patterns.
type blocklist struct {
	exact    map[string]string
	patterns []string
}

func newBlocklist(entries []string) blocklist {
	list := blocklist{exact: make(map[string]string, len(entries))}
	for _, e := range entries {
		switch e = strings.TrimSpace(e); {
		case strings.Contains(e, "*"):
			list.patterns = append(list.patterns, strings.ToLower(e))
		case e != "":
			list.exact[normalise(e)] = e
		}
	}
	return list
}

// match gives the entry that a contact with an address in an inbox is on the list by.
func (b blocklist) match(c *tania.Contact, address string) (string, bool) {
	if len(b.exact)+len(b.patterns) == 0 {
		return "", false
	}
	for _, key := range [...]string{
		strconv.FormatInt(int64(c.ID), 10), normalise(c.Phone), strings.ToLower(c.Email), notAnID(strings.ToLower(c.Identifier)),
		notAnID(strings.ToLower(address)),
	} {
		if key == "" {
			continue
		}
		if entry, ok := b.exact[key]; ok {
			return entry, true
		}
		for _, pattern := range b.patterns {
			if glob(pattern, key) {
				return pattern, true
			}
		}
	}
	return "", false
}

// normalise gives phones as + and digits and all else in lower case.
func normalise(s string) string {
	if strings.HasPrefix(s, "+") {
		return normalisePhone(s)
	}
	return strings.ToLower(s)
}

// normalisePhone leaves the digits, without the mobile digit that WhatsApp puts into numbers of Mexico (+52 1) and
// Argentina (+54 9) and that people leave out.
func normalisePhone(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if len(digits) == len("5215512345678") && (strings.HasPrefix(digits, "521") || strings.HasPrefix(digits, "549")) {
		digits = digits[:2] + digits[3:]
	}
	return "+" + digits
}

// notAnID empties identifiers that could be taken for a contact's id.
func notAnID(identifier string) string {
	if strings.Trim(identifier, "0123456789") == "" {
		return ""
	}
	return identifier
}
