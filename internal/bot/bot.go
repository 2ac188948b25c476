// Package bot is what a bot.yaml says, with the knowledge that it names, as one checked value.
package bot

import (
	"maps"
	"slices"

	"tania/internal/chatwoot/template"
	"tania/internal/procedure"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/policy"
)

// Text is the same text in several languages; "default" in bot.yaml, or a plain string, is for every language.
type Text = tania.Text

// AnyLanguage is the key of a Text that is not bound to a language.
const AnyLanguage = tania.AnyLanguage

// Bot is bot.yaml: who the bot is and what it knows. Its zero value is not usable; Default is.
type Bot struct {
	// Name is how the bot calls itself, Business whom it speaks for.
	Name     string
	Business string
	// Language is spoken when the customer's cannot be told; Languages are those the bot answers in.
	Language  tania.Language
	Languages []tania.Language
	// Persona is the tone and the rules, put at the head of the model's instructions.
	Persona string

	// Quick replies.
	Greeting, Thanks, Farewell Text
	// Handoff is said when a human takes over, OfferHuman added when only offering one,
	// Apology said when an answer failed for good, Unknown when the offline responder does not know.
	// Late is said when the customer wrote too long ago to be answered as if nothing had happened.
	// AskBack asks which of some choices a customer means, by number; PickOne asks the same where they can be pressed. NoneOfThese is the
	// last of them.
	Handoff, OfferHuman, Apology, Unknown, Late, AskBack, PickOne, NoneOfThese Text
	// Notices are said once in a while.
	RateLimited, OutsideHours, Attachment, TooLong Text
	// Approval is said while somebody of the team decides on what the customer wants done.
	Approval Text

	FAQ       []FAQ
	Knowledge []Passage
	// Sources are read while Tania runs. What they say is in Knowledge, so that they are no part of Version.
	Sources []Source `json:"-"`

	// Sensitive, HandoffWords and FrustrationWords add phrases to the dispatcher's own rules.
	Sensitive, HandoffWords, FrustrationWords []string

	// Forbidden are words that a model's reply must not have.
	Forbidden []string `json:",omitempty"`

	// Citations say what customers of a channel are told of where an answer comes from; see Credit.
	Citations map[tania.Channel]Credit `json:",omitempty"`

	// UnknownLimit is how often in one episode of a conversation the bot may not know before a human takes over; 0 is for ever.
	UnknownLimit int

	// AsksBack reports whether the bot asks what a customer means where it is unsure.
	AsksBack bool

	// SumsUp reports whether the note of a handoff sums the conversation up, where a model answers. It changes no answer.
	SumsUp bool `json:"-"`

	// Context names what the model may know of a customer beside what they write: see tania.Attribute. It changes no answer that is for all.
	Context []string `json:"-"`

	// Recalls reports whether the bot remembers of a customer what their earlier episodes with it left. It changes no answer that is for all.
	Recalls bool `json:"-"`

	// Tools are what the bot may do beside talk, in the order of their names. ToolFacts are names for expressions that the limits of all of
	// them may use.
	Tools     []tool.Tool       `json:",omitempty"`
	ToolFacts map[string]string `json:",omitempty"`
	// Policy says whether one may be called now; nil where the bot has none.
	Policy *policy.Policy `json:"-"`

	// Bubbles is as how many short messages a reply may come; 0: as few as the channel takes. It changes no answer.
	Bubbles int `json:"-"`

	// Templates are how a customer is written to where the channel takes nothing else. They change no answer.
	Templates map[template.Case]template.Several `json:"-"`
	// Procedures are what the bot takes customers through step by step, in the order of their names.
	Procedures []*procedure.Procedure `json:",omitempty"`

	// Prices of models in USD per million tokens.
	Prices map[string]Price

	// Assignments are the bots that answer in some places instead of this one: the first that fits does.
	Assignments []Assignment `json:"-"`

	// Warnings are what does not stop the start and customers would find strange. Each has the place in the file, and ends in "; " and the
	// fix.
	Warnings []string `json:"-"`

	// Version changes with every change of the bot's texts and knowledge: 16 hexadecimal digits of a hash over all else but the assignments.
	Version string
}

// FAQ is a question with a fixed answer.
type FAQ struct {
	// ID is unique; made from the first question when bot.yaml gives none.
	ID string
	// Questions are ways to ask it, any language. Keywords are phrases that are enough to recognise it: every
	// word of one phrase must be in the message.
	Questions []string
	Keywords  []string
	Answer    Text
	// Category sets the life of a cached answer: faq, general or transient.
	Category string
	// URL is where customers can read it, empty if nowhere.
	URL string `json:",omitempty"`
}

// Texts are the questions and the answers, in no order.
func (f FAQ) Texts() []string {
	return slices.AppendSeq(slices.Clone(f.Questions), maps.Values(f.Answer))
}

// Passage is a piece of knowledge.
type Passage struct {
	// Source names where it comes from, "knowledge/shipping.md#Times" for example.
	Source string
	Title  string
	Text   string
	// URL is where customers can read it, empty if nowhere but where Source is an address.
	URL string `json:",omitempty"`
}

// Price of a model in USD per million tokens.
type Price struct {
	Input  float64
	Output float64
}
