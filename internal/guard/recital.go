package guard

import (
	"strings"
)

// recitedRunes is how much of the instructions a reply may repeat in one piece, in letters and figures: the sentences that tell a model how
// to behave are longer, and what customers are told is not worded like these.
const recitedRunes = 60

// Recital finds a model's instructions in replies. Customers are told what the bot knows, so knowledge is not among what it looks for.
type Recital struct {
	// pieces are the instructions, without anything but letters and figures.
	pieces []string
}

// NewRecital takes the texts that are for the model alone.
func NewRecital(texts ...string) *Recital {
	r := &Recital{}
	for _, text := range texts {
		if piece := plain(text); len([]rune(piece)) >= recitedRunes {
			r.pieces = append(r.pieces, piece)
		}
	}
	return r
}

// In reports whether a reply repeats a long part of the instructions, word for word whatever the punctuation, spacing and letter case.
func (r *Recital) In(reply string) bool {
	said := []rune(plain(reply))
	for from := 0; from+recitedRunes <= len(said); from++ {
		window := string(said[from : from+recitedRunes])
		for _, piece := range r.pieces {
			if strings.Contains(piece, window) {
				return true
			}
		}
	}
	return false
}
