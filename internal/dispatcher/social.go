package dispatcher

import (
	"strings"
	"unicode"

	"tania/internal/tania"
)

// social are the symbols of what people say besides their business.
type social struct {
	greeting, thanks, farewell symbol
	// wish is a farewell that may also follow a greeting ("have a nice day"), wishing what greets or takes leave by its place.
	wish, wishing symbolSet
	// pleasant are those three and what may stand beside them: "ok", "amigo", the customer's name.
	pleasant symbolSet
	// yes before thanks accepts an offer.
	yes symbolSet
	// courtesy is what may stand around a question without asking anything, plain the words that have no meaning of their own.
	courtesy, plain symbolSet
	// negation turns round what is asked.
	negation symbolSet
	// joins are words at which a sentence goes on over the end of a line.
	joins symbolSet
}

func (g *grammar) socialSymbols() social {
	s := social{greeting: g.symbol("GREETING"), thanks: g.symbol("THANKS"), farewell: g.symbol("FAREWELL")}
	for _, name := range []string{"GREETING", "THANKS", "FAREWELL", "FILLER"} {
		s.pleasant.add(g.symbol(name))
	}
	s.yes.add(g.symbol("YES"))
	s.wish.add(g.symbol("WISH"))
	for _, name := range []string{"NICE", "FAREWELL", "DAYTIME"} {
		s.wishing.add(g.symbol(name))
	}
	for _, name := range []string{"GREETING", "THANKS", "FAREWELL", "PAL", "INTRO"} {
		s.courtesy.add(g.symbol(name))
	}
	s.plain.add(g.symbol("PLAIN"))
	s.negation.add(g.symbol("NOT"))
	for _, name := range []string{"CON", "TALK"} {
		s.joins.add(g.symbol(name))
	}
	return s
}

// pleasantry gives the route of a message that is nothing but a greeting, thanks or a farewell; the last said of the
// three in the usual order of a conversation counts. "Yes, thank you" accepts an offer and is none.
func (m *message) pleasantry() (tania.Route, bool) {
	for _, pleasant := range m.pleasant[:len(m.tokens)] {
		if !pleasant {
			return "", false
		}
	}
	s := &m.g.social
	for _, p := range []struct {
		symbol symbol
		route  tania.Route
	}{{s.farewell, tania.RouteFarewell}, {s.thanks, tania.RouteThanks}, {s.greeting, tania.RouteGreeting}} {
		var set symbolSet
		set.add(p.symbol)
		if m.hasAnywhere(set) && (p.symbol != s.farewell || !m.opensWithWishes()) {
			return p.route, p.route != tania.RouteThanks || !m.hasAnywhere(s.yes)
		}
	}
	return "", false
}

// opensWithWishes reports whether a message opens a conversation, and wishes well: "hello, happy Monday". Who takes leave says so.
func (m *message) opensWithWishes() bool {
	s := &m.g.social
	var greeting, farewell, thanks symbolSet
	greeting.add(s.greeting)
	farewell.add(s.farewell)
	thanks.add(s.thanks)
	if !m.has(0, greeting) || m.has(0, s.wishing) || m.hasAnywhere(thanks) {
		return false
	}
	for at := range m.tokens {
		if m.has(at, farewell) && !m.has(at, s.wish) {
			return false
		}
	}
	return true
}

// Emoji that say something by themselves.
const (
	greetingEmoji = "👋🙋🤗"
	thanksEmoji   = "🙏🙌❤💕💖💗💙💚💛🧡💜🤝😊😍🥰😘👏🫶" // not 👍 and ✅, which answer a question
	upsetEmoji    = "😡🤬😠👎💢😤🖕🙄😒"
)

// readEmoji reads a message without words.
func readEmoji(text string, c *Choice) {
	found := func(emoji string) bool {
		return strings.ContainsFunc(text, func(r rune) bool {
			return !unicode.IsSpace(r) && r != '\ufe0f' && strings.ContainsRune(emoji, r)
		})
	}
	switch {
	case found(upsetEmoji):
		c.OfferHuman, c.Why = true, "an upset emoji"
	case found(greetingEmoji):
		c.Route, c.Why = tania.RouteGreeting, "an emoji that greets"
	case found(thanksEmoji):
		c.Route, c.Why = tania.RouteThanks, "an emoji that thanks"
	}
}
