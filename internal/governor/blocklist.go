package governor

import (
	"strconv"
	"strings"

	"tania/internal/tania"
)

// blocklist maps entries, normalised, to how they were written.
type blocklist map[string]string

func newBlocklist(entries []string) blocklist {
	list := make(blocklist, len(entries))
	for _, e := range entries {
		if e = strings.TrimSpace(e); e != "" {
			list[normalise(e)] = e
		}
	}
	return list
}

// match gives the entry that a contact is on the list by.
func (b blocklist) match(c *tania.Contact) (string, bool) {
	if len(b) == 0 {
		return "", false
	}
	for _, key := range [...]string{
		strconv.FormatInt(int64(c.ID), 10), normalise(c.Phone), strings.ToLower(c.Email), notAnID(strings.ToLower(c.Identifier)),
	} {
		if entry, ok := b[key]; ok && key != "" {
			return entry, true
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
