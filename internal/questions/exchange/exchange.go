// Package exchange finds in a conversation what humans of the team answered to what: its history comes in, questions with their answers
// go out.
package exchange

import (
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

// Exchange is what humans of the team wrote one after another, and what the customer had written since humans last did.
type Exchange struct {
	Asked, Answered []tania.Entry
}

// Find gives the exchanges of a conversation, in order. What the bot said meanwhile is left out.
func Find(history []tania.Entry) (all []Exchange) {
	var now Exchange
	for _, e := range history {
		switch e.From {
		case tania.FromCustomer:
			if len(now.Answered) > 0 {
				all, now = append(all, now), Exchange{}
			}
			now.Asked = append(now.Asked, e)
		case tania.FromHuman:
			now.Answered = append(now.Answered, e)
		}
	}
	if len(now.Answered) > 0 {
		all = append(all, now)
	}
	return all
}

// Says is how many words of what humans answered say something.
func (x Exchange) Says() (n int) {
	for _, e := range x.Answered {
		n += Telling(e.Text)
	}
	return n
}

// Fullest gives the exchange whose answer says most, the first of several; ok is false where no answer says anything.
func Fullest(all []Exchange) (fullest Exchange, ok bool) {
	most := 0
	for _, x := range all {
		if says := x.Says(); says > most && len(x.Asked) > 0 {
			fullest, most, ok = x, says, true
		}
	}
	return fullest, ok
}

// Asks reports whether the customer asks something, as far as a question mark tells.
func (x Exchange) Asks() bool {
	for _, e := range x.Asked {
		if strings.Contains(e.Text, "?") {
			return true
		}
	}
	return false
}

// Has reports whether a message is one of the exchange's.
func (x Exchange) Has(id tania.MessageID) bool {
	for _, list := range [][]tania.Entry{x.Asked, x.Answered} {
		for _, e := range list {
			if id != 0 && e.ID == id {
				return true
			}
		}
	}
	return false
}

// Telling counts the words of a text that say what it is about: neither how something is said nor greetings and thanks.
func Telling(text string) (n int) {
	for _, w := range reading.Read(text, "").Words {
		if !w.Function && !courtesies[w.Text] {
			n++
		}
	}
	return n
}

// courtesies say nothing of what an answer is about.
var courtesies = reading.WordSet(`hola buenas buenos dia dias tarde tardes noche noches gracias gusto placer orden ayudo ayudarle ayudarte ayuda
	senor senora saludos feliz excelente perfecto listo vale claro momento momentito espere espera permitame
	hi hello hey good morning afternoon evening thanks thank welcome pleasure help assist moment sure great perfect regards day
	ola oi bom boa dia tarde noite obrigado obrigada prazer ajudar ajudo certo otimo perfeito instante aguarde abraco`)
