package tania

import "time"

// Reason is the governor's verdict on a message or a turn, from a closed set.
type Reason string

// Proceed lets the bot answer; every other reason keeps it silent or makes it wait.
const (
	Proceed          Reason = "proceed"
	Outgoing         Reason = "outgoing"
	OwnMessage       Reason = "own_message"
	Private          Reason = "private"
	Template         Reason = "template"
	UnsupportedEvent Reason = "unsupported_event"
	Empty            Reason = "empty"
	TooLong          Reason = "too_long"
	Duplicate        Reason = "duplicate"
	RateLimited      Reason = "rate_limited"
	InboxNotAllowed  Reason = "inbox_not_allowed"
	BlockedContact   Reason = "blocked_contact"
	HumanActive      Reason = "human_active"
	HumanAssigned    Reason = "human_assigned"
	NotPending       Reason = "not_pending"
	OutsideHours     Reason = "outside_hours"
	Snoozed          Reason = "snoozed"
	CannotReply      Reason = "cannot_reply"
	Deleted          Reason = "deleted"
	// Reaction is an emoji put on a message, AutoReply a mail that a machine sent, Imported a message from before the
	// inbox was connected, OtherBot a conversation that another agent bot has.
	Reaction  Reason = "reaction"
	AutoReply Reason = "auto_reply"
	Imported  Reason = "imported"
	OtherBot  Reason = "other_bot"
	OptedOut  Reason = "opted_out"
	Group     Reason = "group"
	Loop      Reason = "loop"
	Paused    Reason = "paused"
	// NotDelivered: the channel did not deliver what the bot had said.
	NotDelivered Reason = "not_delivered"
	ChatwootAway Reason = "chatwoot_away"
	ModelAway    Reason = "model_away"
	// AwaitsApproval: a call of a tool waits for the team's word.
	AwaitsApproval Reason = "approval"
)

// Reasons are all of them.
func Reasons() []Reason {
	return []Reason{
		Proceed, Outgoing, OwnMessage, Private, Template, UnsupportedEvent, Empty, TooLong, Duplicate, RateLimited, InboxNotAllowed,
		BlockedContact, HumanActive, HumanAssigned, NotPending, OutsideHours, Snoozed, CannotReply, Deleted, Reaction, AutoReply, Imported,
		OtherBot, OptedOut, Group, Loop, Paused, NotDelivered, ChatwootAway, ModelAway, AwaitsApproval,
	}
}

// Route is the dispatcher's choice of a way to answer, from a closed set.
type Route string

// The routes.
const (
	RouteHandoff     Route = "handoff_request"
	RouteFrustration Route = "frustration"
	RouteSensitive   Route = "sensitive_topic"
	RouteGreeting    Route = "greeting"
	RouteThanks      Route = "thanks"
	RouteFarewell    Route = "farewell"
	RouteFAQ         Route = "faq"
	RouteCached      Route = "cached"
	RouteModel       Route = "model"
	// RouteProcedure is a step of a procedure.
	RouteProcedure Route = "procedure"
)

// FromKnowledge reports whether the way is an answer from what the bot knows.
func (r Route) FromKnowledge() bool { return r == RouteFAQ || r == RouteCached || r == RouteModel }

// HandoffReason is why a conversation went to a human, from a closed set.
type HandoffReason string

// The handoff reasons.
const (
	HandoffRequested   HandoffReason = "requested"
	HandoffFrustration HandoffReason = "frustration"
	HandoffSensitive   HandoffReason = "sensitive_topic"
	HandoffModel       HandoffReason = "model"
	HandoffFailed      HandoffReason = "failed"
	HandoffLoop        HandoffReason = "loop"
	HandoffLate        HandoffReason = "late"
	HandoffModelAway   HandoffReason = "model_away"
	// HandoffNotKnown: the bot did not know the answer as often in one episode as it may.
	HandoffNotKnown HandoffReason = "not_known"
	// HandoffProcedure: a procedure ends with a human, or did not get on.
	HandoffProcedure HandoffReason = "procedure"
	// HandoffPaused: an operator paused the bot, the inbox or the conversation.
	HandoffPaused HandoffReason = "paused"
	// HandoffNotDelivered: the channel did not deliver the bot's reply. HandoffOutsideWindow: it takes none now, for the customer wrote too
	// long ago.
	HandoffNotDelivered  HandoffReason = "not_delivered"
	HandoffOutsideWindow HandoffReason = "outside_window"
	// HandoffApproval: nobody of the team has decided in time on what the customer wants done.
	HandoffApproval HandoffReason = "approval"
)

// Silent reports whether the customer is told nothing of a handoff: there is none, no bot is to speak, or nothing would reach them.
func (r HandoffReason) Silent() bool {
	return r == HandoffLoop || r == HandoffPaused || r.Unreachable()
}

// Unreachable reports whether what the bot says does not reach the customer.
func (r HandoffReason) Unreachable() bool {
	return r == HandoffNotDelivered || r == HandoffOutsideWindow
}

// Excuses reports whether a conversation went to a human because the bot could not answer, and not because somebody wanted one.
func (r HandoffReason) Excuses() bool {
	return r == HandoffFailed || r == HandoffLate || r == HandoffModelAway
}

// Outcome is how a message ended.
type Outcome string

// The outcomes of a decision record.
const (
	OutcomeAnswered Outcome = "answered"
	// OutcomeNotKnown: the customer was told that the bot does not know.
	OutcomeNotKnown Outcome = "not_known"
	// OutcomeAskedBack: the customer was asked what they mean, with choices.
	OutcomeAskedBack  Outcome = "asked_back"
	OutcomeHandedOver Outcome = "handed_over"
	OutcomeSilent     Outcome = "silent"
	OutcomeWaiting    Outcome = "waiting"
	OutcomeRetrying   Outcome = "retrying"
	OutcomeFailed     Outcome = "failed"
)

// Reached reports whether the customer got a reply or a human.
func (o Outcome) Reached() bool {
	return o == OutcomeAnswered || o == OutcomeNotKnown || o == OutcomeAskedBack || o == OutcomeHandedOver
}

// Record is the decision record of one incoming message: why it was answered so, or why not.
type Record struct {
	Key     ConversationKey `json:"key"`
	Message MessageID       `json:"message"`
	Inbox   InboxID         `json:"inbox,omitempty"`
	// Content is the message's text as it was decided on, with what was heard in its voice notes.
	Content string `json:"content,omitempty"`
	// Read is what we read in the message's files, by their place; nil: nothing. It names no file.
	Read []Attachment `json:"read,omitempty"`
	// Edited and Revision are the message's.
	Edited   time.Time `json:"edited,omitzero"`
	Revision int       `json:"revision,omitempty"`
	// Undelivered is set where the message is no customer's, but one of the bot's that was not delivered.
	Undelivered *Undelivered `json:"undelivered,omitempty"`

	Turn TurnID `json:"turn,omitempty"`
	// Bot names the bot that decided, where it was not the main one.
	Bot string `json:"bot,omitempty"`
	// BotVersion is the number of the bot's published version that decided, 0 for one that is not published.
	BotVersion int `json:"bot_version,omitempty"`
	// Messages are all messages of the turn, this one among them. They stand in the record of the last of them alone.
	Messages []MessageID `json:"messages,omitempty"`
	Attempt  int         `json:"attempt,omitempty"`
	At       time.Time   `json:"at"`
	// Received is when the message came; At minus Received is how long its customer waited.
	Received time.Time `json:"received,omitzero"`

	Outcome Outcome `json:"outcome"`
	Reason  Reason  `json:"reason"`
	// Detail is the reason in words for a person: which rule, which value.
	Detail string `json:"detail,omitempty"`
	// Unchecked names the rules that could not be checked, with the cause.
	Unchecked []string `json:"unchecked,omitempty"`

	Route    Route         `json:"route,omitempty"`
	RouteWhy string        `json:"route_why,omitempty"`
	Language Language      `json:"language,omitempty"`
	Handoff  HandoffReason `json:"handoff,omitempty"`

	CacheTier  string  `json:"cache_tier,omitempty"`
	CacheEntry string  `json:"cache_entry,omitempty"`
	CacheScore float64 `json:"cache_score,omitempty"`
	// CacheWhy is why the cache was not asked, or the answer not kept, from the closed set of shareable.Refusal.
	CacheWhy string `json:"cache_why,omitempty"`
	// Sources names the FAQ entries and knowledge passages used.
	Sources []string `json:"sources,omitempty"`
	Usage   Usage    `json:"usage,omitzero"`

	// Guard is why a reply of the model was not said as it was; GuardTwice reports whether the one asked for instead could not be said either.
	Guard      GuardReason `json:"guard,omitempty"`
	GuardTwice bool        `json:"guard_twice,omitempty"`

	// Acts are the tools that the turn called, those that were refused among them. They stand in the record of its last message alone.
	Acts  []Act  `json:"acts,omitempty"`
	Steps []Step `json:"steps,omitempty"`
	// Restarts counts how often the turn started over for newer messages.
	Restarts int         `json:"restarts,omitempty"`
	Replies  []MessageID `json:"replies,omitempty"`
	Reply    string      `json:"reply,omitempty"`
	Error    string      `json:"error,omitempty"`
	// Review is what became of the answer afterwards.
	Review Review `json:"review,omitzero"`
}

// Step is the time one step of a turn took.
type Step struct {
	Name string `json:"name"`
	// Millis is the duration in milliseconds.
	Millis float64 `json:"ms"`
}

// Usage is what a model call cost.
type Usage struct {
	Model        string `json:"model,omitempty"`
	Calls        int    `json:"calls,omitempty"`
	InputTokens  int64  `json:"input_tokens,omitempty"`
	OutputTokens int64  `json:"output_tokens,omitempty"`
	// Cost is in micro-USD; 0 where bot.yaml has no price for the model.
	Cost int64 `json:"cost_micro_usd,omitempty"`
}

// Add sums two usages; the model is the later one's.
func (u Usage) Add(v Usage) Usage {
	if v.Model != "" {
		u.Model = v.Model
	}
	u.Calls += v.Calls
	u.InputTokens += v.InputTokens
	u.OutputTokens += v.OutputTokens
	u.Cost += v.Cost
	return u
}
