package proposal

import (
	"strings"

	"tania/internal/lazyregexp"
	"tania/internal/words"
)

var (
	// link is an address of the web, with its scheme or with a path.
	link = lazyregexp.New(`(?i)(?:https?://|\bwww\.)[^\s<>]+|\b(?:[a-z\d-]+\.)+[a-z]{2,6}/[^\s<>]+`)
	// profile is the page of a person, or of a business, at a network.
	profile = lazyregexp.New(`(?i)^(?:https?://)?(?:www\.|m\.)?(?:wa\.me|t\.me|(?:api\.)?whatsapp\.com|instagram\.com|facebook\.com|fb\.com|m\.me|linkedin\.com/in|tiktok\.com|twitter\.com|x\.com|calendly\.com)/`)
	// piece is a part of a path.
	piece = lazyregexp.New(`[A-Za-z\d]+`)
	// edition is a word with a year or a short number behind it, as pages are called.
	edition = lazyregexp.New(`(?i)^(?:[a-z]+(?:20)?\d\d|\d{1,4}[a-z]{1,3})$`)
)

// replaceLinks replaces the links to what is one person's and gives what is between them to another.
func (p Persons) replaceLinks(text, mark string, between func(string) string) string {
	var b strings.Builder
	from := 0
	for _, at := range link.FindAllStringIndex(text, -1) {
		b.WriteString(between(text[from:at[0]]))
		address := strings.TrimRight(text[at[0]:at[1]], `.,;:!?)"'`)
		from = at[0] + len(address)
		if p.leadsToOne(address) {
			address = mark
		}
		b.WriteString(address)
	}
	b.WriteString(between(text[from:]))
	return b.String()
}

// leadsToOne reports whether a link is to what is one person's: by an argument, a code, a number, a name or a profile. A link that the
// bot's texts have leads to what is everybody's.
func (p Persons) leadsToOne(address string) bool {
	_, where, found := strings.Cut(address, "://")
	if !found {
		where = address
	}
	if p.tellsLink(where) {
		return false
	}
	if strings.ContainsAny(address, "?@") || plain.MatchString(address) || profile.MatchString(address) {
		return true
	}
	for _, w := range word.FindAllString(where, -1) {
		if p.names[words.Fold(w)] {
			return true
		}
	}
	_, path, _ := strings.Cut(where, "/")
	for _, part := range piece.FindAllString(path, -1) {
		if len(part) >= 5 && mixed(part) && !edition.MatchString(part) || p.told[strings.ToLower(part)] {
			return true
		}
	}
	return false
}

// tellsLink reports whether the bot's texts have a link, given without its scheme.
func (p Persons) tellsLink(where string) bool {
	if p.public == nil {
		return false
	}
	where = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(where, "www."), "/"))
	host, path, _ := strings.Cut(where, "/")
	for said := range p.public {
		said = strings.ToLower(said)
		if path == "" && strings.Contains(said, host) {
			return true
		}
		if path == "" || !strings.Contains(said, path) {
			continue
		}
		for _, other := range link.FindAllString(said, -1) {
			other = strings.TrimRight(other, `.,;:!?)"'/`)
			if other == where || strings.HasSuffix(other, "/"+where) || strings.HasSuffix(other, "www."+where) {
				return true
			}
		}
	}
	return false
}

// mixed reports whether a code has letters and figures.
func mixed(code string) bool {
	return strings.ContainsAny(code, "0123456789") && strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' })
}
