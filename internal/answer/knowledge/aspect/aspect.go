// Package aspect tells what a question asks of a thing: its price, how long, how often, where. "¿Cuánto cuesta el baño?" and "¿cada cuándo
// lo baño?" are about the same thing, and what answers the one does not answer the other. Folded words come in.
package aspect

import (
	"strings"

	"tania/internal/lazyregexp"
)

// Set is a set of aspects, a bit each.
type Set uint16

// aspects are told by the words that open a question.
var aspects = [...]*lazyregexp.Regexp{
	asking(`cuanto (?:por|x|cuesta|cuestan|sale|salen|es|seria|anda|vale|valen|cobran|me|nos|les|la|el|lo|las|los)`,
		`en cuanto (?:anda|sale|la|el|lo|me)`, `precios?|costos?|tarifas?|how much|prices?|costs?|fees?|quanto|qto|precos?|valor`),
	asking(`cuanto (?:tiempo|se )?(?:dura\w*|tard\w+|demor\w+)|cuanto tiempo|cuantos dias|en cuanto (?:tiempo|esta\w*|queda\w*|llega\w*)`,
		`(?:para )?cuando|demora\w*|tarda\w*|plazo|how (?:long|many days|soon|late|early)|when|till when`,
		`quanto tempo|quantos dias|quando|prazo`),
	asking(`(?:a|hasta) (?:que|q) (?:hora|hr)s?|que dias|horarios?|abren|cierran|what time|what days|hours|que horas?|abrem|fecham`),
	asking(`donde|adonde|en que (?:calle|lugar)|direccion|ubicacion|where|address|onde|endereco`),
	asking(`cada (?:cuanto|cuando)|(?:que|q) tan seguido|cuantas veces|how (?:often|frequently)|a cada quanto|com que frequencia`),
	asking(`como|que (?:hago|tengo que hacer)|how (?:do|can|to|should|does)|what (?:do|should) i do|o que (?:faco|fazer)`),
	asking(`quien|quienes|who|quem`),
	asking(`por (?:que|q)|why`),
	asking(`puedo|puede|podemos|se puede\w*|podria|dejan|permiten|can (?:i|we|my|he|she|it)|could i|may i|allowed`,
		`posso|pode|da (?:pra|para)`),
	asking(`necesito|hace falta|tengo (?:que|q)|hay (?:que|q)|piden|requisitos?|es necesario|obligatorio|do i (?:need|have)|required|preciso`),
	asking(`tienen|tendran|hay|habra|venden|manejan|ofrecen|cuentan con|existe|do you (?:have|sell|carry|offer)|(?:is|are) there|got any|any`,
		`tem|vendem|voces tem`),
	asking(`cual|cuales|que \w+ (?:me )?(?:recomiendan?|conviene)|recomiendan|conviene|which|recommend|qual|quais|recomendam`),
}

// asking finds whole words, those of any of some alternatives.
func asking(alternatives ...string) *lazyregexp.Regexp {
	return lazyregexp.New(" (?:" + strings.Join(alternatives, "|") + ") ")
}

// plainly is how many of the first of them ask for something that only an answer to just this gives.
const plainly = 6

// Of gives those of a text's words.
func Of(words []string) (told Set) {
	folded := " " + strings.Join(words, " ") + " "
	for i, a := range aspects {
		if a.MatchString(folded) {
			told |= 1 << i
		}
	}
	return told
}

// Compare tells how what is asked for stands to what else asks for: whether both ask the same, whether they plainly do not, and whether
// they may not. Where either asks nothing in particular it is none of this.
func Compare(asked, other Set) (same, plainlyNot, perhapsNot bool) {
	if asked == 0 || other == 0 || asked&other != 0 {
		return asked&other != 0, false, false
	}
	return false, asked.plain() && other.plain(), true
}

func (s Set) plain() bool { return s&(1<<plainly-1) != 0 }
