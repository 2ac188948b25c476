package dispatcher

import (
	"strings"

	"tania/internal/tania"
)

// social are the symbols of what people say besides their business. The rules of the other routes look over it; what a message of nothing
// else says is read by pleasantry.
type social struct {
	// pleasant are greetings, thanks and farewells, and what may stand beside them: "ok", "amigo", the customer's name.
	pleasant symbolSet
	// courtesy is what may stand around a question without asking anything, plain the words that have no meaning of their own.
	courtesy, plain symbolSet
	// negation turns round what is asked.
	negation symbolSet
	// joins are words at which a sentence goes on over the end of a line.
	joins symbolSet
}

func (g *grammar) socialSymbols() social {
	var s social
	for _, name := range []string{"GREETING", "THANKS", "FAREWELL", "FILLER"} {
		s.pleasant.add(g.symbol(name))
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

// Emoji that say something by themselves.
const (
	greetingEmoji = "👋🙋🤗"
	thanksEmoji   = "🙏🙌❤💕💖💗💙💚💛🧡💜🤝😊😍🥰😘👏🫶" // not 👍 and ✅, which answer a question
	upsetEmoji    = "😡🤬😠👎💢😤🖕🙄😒"
)

// firstEmoji is below all of them, and above the letters of most messages.
const firstEmoji = '\u2000'

// isUpset reports whether a text has an upset emoji.
func isUpset(text string) bool { return hasEmoji(text, upsetEmoji) }

func hasEmoji(text, emoji string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r >= firstEmoji && r != '\ufe0f' && strings.ContainsRune(emoji, r)
	})
}

// readEmoji reads a message without words.
func readEmoji(text string, c *Choice) {
	switch {
	case isUpset(text):
		c.OfferHuman, c.Why = true, "an upset emoji"
	case hasEmoji(text, greetingEmoji):
		c.Route, c.Why = tania.RouteGreeting, "an emoji that greets"
	case hasEmoji(text, thanksEmoji):
		c.Route, c.Why = tania.RouteThanks, "an emoji that thanks"
	}
}
