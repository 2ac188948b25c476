// Package answer makes the text of a reply: quick replies and FAQ from bot.yaml, knowledge and a model for the rest.
package answer

import (
	"tania/internal/answer/llm"
	"tania/internal/language"
	"tania/internal/tania"
)

// Question is a turn to be answered.
type Question struct {
	Turn tania.TurnID
	// Text is the turn's messages joined by newlines; History ends before them.
	Text string
	// Reading is that of Text where the turn has read it already; nil: it is read when an answer needs it.
	Reading  *language.Reading
	Messages []tania.Message
	History  []tania.Entry
	// About says what the turn's messages refer to.
	About    []About
	Language tania.Language
	Route    tania.Route
	// FAQ is the entry's id when Route is RouteFAQ.
	FAQ string
	// Attributes are what the model may know of the customer. What is answered by them is theirs alone.
	Attributes []tania.Attribute
	// Earlier is what earlier episodes with the customer left, oldest first.
	Earlier []tania.Recollection
	// OfferHuman asks to add the offer of a human to the answer.
	OfferHuman bool
	Contact    tania.Contact
	Channel    tania.Channel
	// AskedBack are the questions back of the episode. Chosen is what the customer chose of the last one, nil where they say something else.
	AskedBack []tania.AskedBack
	Chosen    *Chosen
	// Within reports whether it is asked beside a procedure, whose own question follows: the customer is not asked back.
	Within bool
	// Tools are what the model may call in answering, nil for none.
	Tools Toolbox
	// timeless keeps the date and the hour from the model: "we are open now" is no answer for tomorrow.
	timeless bool
}

// Alone is the question as anybody's and at any time: without what was said before it, who asks and when. What it is answered may be said
// to all who ask it.
func (q Question) Alone() Question {
	q.History, q.Contact, q.AskedBack, q.timeless = nil, tania.Contact{}, nil, true
	q.Attributes, q.Earlier = nil, nil
	if q.Tools != nil {
		q.Tools = offered{q.Tools}
	}
	return q
}

// Chosen is what a customer chose who was asked back.
type Chosen struct {
	// Question is what they had asked.
	Question string
	// Choices are those they chose, none where they meant none of them.
	Choices []tania.Choice
}

// About is what one of a turn's messages refers to beside its text: an earlier message that it quotes, or its origin.
type About struct {
	Message tania.MessageID
	// Quoted is the earlier message, nil for none.
	Quoted *tania.Entry
	Origin *tania.Origin
	// Corrected reports whether the customer changed the message after it was answered.
	Corrected bool
}

// Answer is the text of a reply, or the wish for a human instead of it.
type Answer struct {
	Text     string
	Language tania.Language
	// Handoff is set when the model asks for a human; Text is then what it wants to say before, possibly empty.
	Handoff *llm.Handoff
	// Known is false when the answer says that the bot does not know, or not all of it. Sources then name what it does know.
	Known   bool
	Sources []string
	// Choices are set where the answer asks back, in the order of their numbers. Known is false then.
	Choices []tania.Choice
	// Pick is Text without the choices, for channels that show them to be pressed, and NoneOfThese what is offered behind them.
	Pick, NoneOfThese string
	Usage             tania.Usage
	// Truncated is set when the model stopped at its length limit, Fallback when not the first model answered.
	Truncated, Fallback bool
	// Withheld is set when the model recited its instructions: Text is then the bot's own.
	Withheld bool
	// Held is why a reply of the model was not said as it was, empty for none. It was asked for again; HeldBack reports whether that one could
	// not be said either.
	Held     tania.GuardReason
	HeldBack bool
	// Acted reports whether tools were called for the answer, in this attempt or an earlier one. It is for this customer alone.
	Acted bool
	// Personal reports whether it has personal data that was hidden from the model. It is for this customer alone.
	Personal bool
	// Notes say in words, for the decision record, what was out of the ordinary.
	Notes []string
}
