package proposal

import (
	"tania/internal/lazyregexp"
	"tania/internal/pii/postal"
)

// toldAddress is where somebody is said to live, whose words have a number.
var toldAddress = lazyregexp.New(`((?:^|[^\pL])(?i:(?:su|tu|your|seu|sua|teu|his|her|their)\s+(?:(?:nueva|new|novo)\s+)?(?:direcci[óo]n|domicilio|address|endere[çc]o|residencia|residência)(?:\s+de\s+(?:entrega|env[íi]o))?\s*(?:es|is|é|:)|vives? en|you live (?:at|on|in)|(?:voc[êe] )?mora (?:em|na|no))\s*)([^.;!?\n]*\d[^.;!?\n]*)`)

// publicAddress is where a text has an address that the bot tells everybody, nil where it has none.
func (p Persons) publicAddress(text string) (at []int) {
	if p.public == nil {
		return nil
	}
	return postal.Told(text, p.isPublic)
}

// replaceAddresses replaces postal addresses.
func replaceAddresses(text, mark string) string {
	var places [][]int
	for _, found := range postal.Find(text, true) {
		places = append(places, []int{found.Start, found.End})
	}
	text = replaceAt(text, places, func([]int) string { return mark })
	return replaceGroup(toldAddress, text, func(group) string { return mark })
}
