package answer

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"

	"tania/internal/answer/knowledge"
	"tania/internal/bot"
	"tania/internal/language"
)

// Version changes with everything that the bot says and knows.
func (a *Answerer) Version() string { return a.bot.Version }

// Basis is a fingerprint of what an answer to a question rests on: the entries that it was made from, by their sources, and all others that
// could be about the question. In a version of the bot in which it is the same, the answer is what would be answered anew; where one of
// them has changed or gone, or a new one could be a better source, it is another.
func (a *Answerer) Basis(question *language.Reading, sources []string) string {
	prints := a.prints()
	var rests []uint64
	for _, source := range sources {
		rests = append(rests, prints.bySource[source]...)
	}
	for _, h := range a.index.Touching(question) {
		rests = append(rests, prints.of(h))
	}
	slices.Sort(rests)
	sum := sha256.New()
	for _, p := range slices.Compact(rests) {
		_ = binary.Write(sum, binary.BigEndian, p) // a hash takes everything
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12])
}

// prints are the fingerprints of a bot's entries.
type prints struct {
	faq      map[*bot.FAQ]uint64
	passages map[*bot.Passage]uint64
	bySource map[string][]uint64
}

func newPrints(b *bot.Bot) *prints {
	p := &prints{
		faq: make(map[*bot.FAQ]uint64, len(b.FAQ)), passages: make(map[*bot.Passage]uint64, len(b.Knowledge)), bySource: map[string][]uint64{},
	}
	for i := range b.FAQ {
		f := &b.FAQ[i]
		p.faq[f] = printOf(f)
		p.add(knowledge.Hit{FAQ: f})
	}
	for i := range b.Knowledge {
		k := &b.Knowledge[i]
		p.passages[k] = printOf(k)
		p.add(knowledge.Hit{Passage: k})
	}
	return p
}

func (p *prints) add(h knowledge.Hit) {
	source := h.Source()
	p.bySource[source] = append(p.bySource[source], p.of(h))
}

func (p *prints) of(h knowledge.Hit) uint64 {
	if h.FAQ != nil {
		return p.faq[h.FAQ]
	}
	return p.passages[h.Passage]
}

// printOf is the fingerprint of all that an entry says.
func printOf(entry any) uint64 {
	text, _ := json.Marshal(entry) // texts alone, which always encode
	sum := sha256.Sum256(text)
	return binary.BigEndian.Uint64(sum[:])
}
