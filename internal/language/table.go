package language

import _ "embed"

// partsFile is what the program in the folder train has learned: for each part of a word, by how much it speaks for each language. It is a
// hash table, looked up where it lies: slots of slotBytes, filled from the place of the hash on. A slot has the upper half of the hash, 0
// for an empty one, and then a signed weight in units for each language.
//
//go:embed parts.bin
var partsFile string

const (
	slotBytes = 2 + len(detected)
	// unit is what a weight of 1 in the file stands for, in the logarithm of the odds.
	unit = 1.0 / 24
)

type weightTable string

var table = weightTable(partsFile)

// addTo adds the weights of a part, in units, to those of others; a part that is not in the table has none.
func (t weightTable) addTo(sum *[len(detected)]int, part uint32) {
	slots := uint32(len(t) / slotBytes) //nolint:gosec // a file of some hundred kilobytes
	mark := markOf(part)
	for at := part & (slots - 1); ; at = (at + 1) & (slots - 1) {
		slot := t[at*uint32(slotBytes) : (at+1)*uint32(slotBytes)]
		switch uint16(slot[0])<<8 | uint16(slot[1]) {
		case mark:
			for lang := range sum {
				sum[lang] += int(int8(slot[2+lang])) //nolint:gosec // a signed byte
			}
			return
		case 0:
			return
		}
	}
}

// markOf is what a part is recognised by in its slot.
func markOf(part uint32) uint16 { return max(1, uint16(part>>16)) }
