// Package dispatcher chooses the way to answer a message: text in, route out. It does no I/O and takes microseconds.
package dispatcher

import "tania/internal/tania"

// Choice is the dispatcher's answer.
type Choice struct {
	Route tania.Route
	// Language is the customer's, recognised from the text; empty when the text does not tell ("ok", "👍", "123").
	Language tania.Language
	// FAQ is the id of the entry when Route is RouteFAQ.
	FAQ string
	// OfferHuman is set for mild frustration: answer, and offer a human beside it.
	OfferHuman bool
	// Why names the rule and the words that decided, for the decision record.
	Why string
}

// Options are what bot.yaml adds to the built-in rules.
type Options struct {
	FAQ []FAQ
	// Handoff, Frustration and Sensitive are additional phrases.
	Handoff, Frustration, Sensitive []string
}

// FAQ is an entry recognised by keywords: every word of one phrase must be in the message.
type FAQ struct {
	ID       string
	Keywords []string
}
