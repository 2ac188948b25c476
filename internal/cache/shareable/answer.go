package shareable

import (
	"strings"

	"tania/internal/cache/store"
	"tania/internal/lazyregexp"
	"tania/internal/words"
)

// Candidate is an answer that was made for a question that the cache did not have.
type Candidate struct {
	Text string
	// Alone reports whether it was made from knowledge alone, for Request.Alone: without a conversation, and for nobody by name.
	Alone bool
	// Known is false when the answer says that the bot does not know.
	Known   bool
	Sources []string
	// Knowledge is what it was made from; nil: it never changes.
	Knowledge Knowledge
	// Handoff, Truncated, Fallback and Tools say how it was made; OfferHuman that it ends with the offer of a human.
	Handoff, Truncated, Fallback, Tools, OfferHuman bool
	// Category is bot.yaml's, empty: the rules decide.
	Category store.Category
	// Tokens and Cost are what it took; Cost in micro-USD.
	Tokens int64
	Cost   int64
}

var (
	apology      = lazyregexp.New(`\b(?:lo siento|lo sentimos|lamento|lamentamos|(?:pido|pedimos|mil) disculpas|disculp\w*,? (?:por|la|las|los|el|que|pero)|perdon\w*,? (?:por|la|las|los|el|que|pero)|(?:i|we)(?: am| are|['’]m|['’]re) (?:very |so |really )?sorry|sorry,? (?:for|about|that|to|we|i|but)|apologi[sz]e|apologies|unfortunately|desculp\w*,? (?:por|pel[ao]s?|o|a|mas)|sinto muito|sentimos muito|lamentavelmente|lamentablemente|infelizmente|por desgracia|desafortunadamente)\b`)
	quotation    = lazyregexp.New(`«[^»]*»|“[^”]*”|"[^"]*"`)
	anythingElse = lazyregexp.New(`\b(?:algo mas|otra cosa|something else|anything else|algo mais|outra coisa|mas ayuda|more help|help you further|ayudar(?:te|le)? en algo|que mas)\b`)
)

// Answer says why an answer must not be stored, "" if it may.
func Answer(r Request, m Candidate) Refusal {
	switch {
	case strings.TrimSpace(m.Text) == "":
		return RefusalEmpty
	case !m.Alone:
		return RefusalContext
	case m.Handoff:
		return RefusalHandoff
	case m.Truncated:
		return RefusalTruncated
	case m.Fallback:
		return RefusalFallback
	case m.Tools:
		return RefusalTools
	case !m.Known:
		return RefusalUnknown
	case m.OfferHuman:
		return RefusalOffer
	case apology.MatchString(words.Fold(quotation.ReplaceAllString(m.Text, " "))):
		return RefusalApology
	case holdsCustomerData(r, m.Text):
		return RefusalCustomerData
	}
	return ""
}
