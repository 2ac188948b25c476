package words

// baseLetters are, from À on to ÿ, the letters without their accents, and a point for what has no other base: the signs, and letters that
// are no accented ones, as ß and ø.
const baseLetters = "AAAAAA.CEEEEIIII.NOOOOO..UUUUY..aaaaaa.ceeeeiiii.nooooo..uuuuy.y"

const firstBased, lastBased = 'À', 'ÿ'

// Base gives an accented letter of Latin-1 without its accent, in its case; ok is false for every other character, of which norm.NFKD knows
// more. These are all that the three languages write, and the table takes about a hundredth of its time.
func Base(r rune) (letter byte, ok bool) {
	if r < firstBased || r > lastBased {
		return 0, false
	}
	letter = baseLetters[r-firstBased]
	return letter, letter != '.'
}
