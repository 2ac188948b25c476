package tania

import (
	"slices"
	"time"
)

// Conversation is what Tania itself remembers of a conversation, shared by all workers.
// Chatwoot's own state arrives in webhooks and may be older than this.
type Conversation struct {
	Key     ConversationKey `json:"key"`
	Inbox   InboxID         `json:"inbox,omitempty"`
	Channel Channel         `json:"channel,omitempty"`
	// Contact is as Chatwoot had it at ContactAt, by its own clock.
	Contact   Contact   `json:"contact"`
	ContactAt time.Time `json:"contact_at,omitzero"`

	// Status, Labels, CanReply and the assignee are as the newest webhook or look at Chatwoot had them.
	Status   Status   `json:"status,omitempty"`
	Labels   []string `json:"labels,omitempty"`
	CanReply bool     `json:"can_reply"`
	// AssigneeKind and AssigneeID are who has the conversation, by the same webhook; none when empty.
	AssigneeKind Actor `json:"assignee_kind,omitempty"`
	AssigneeID   int64 `json:"assignee_id,omitempty"`
	// SeenAt is the conversation's updated_at in the webhook that Status came from; older webhooks do not overwrite it.
	SeenAt time.Time `json:"seen_at,omitzero"`
	// SeenAhead is how far Chatwoot's clock was taken to be ahead of ours then: where it is another now, SeenAt is true to some seconds only.
	SeenAhead time.Duration `json:"seen_ahead,omitempty"`

	// Takeover is set while a human writes to the customer.
	Takeover *Takeover `json:"takeover,omitempty"`
	// HandedOver is set from a handoff until the conversation is resolved or given back to the bot.
	HandedOver *HandedOver `json:"handed_over,omitempty"`
	// GivenBack is when the conversation last came back to the bot, in Chatwoot's time: a human's message from before
	// that, delivered late, is no takeover.
	GivenBack time.Time `json:"given_back,omitzero"`
	// Language is the customer's, as last recognised.
	Language Language `json:"language,omitempty"`

	// History holds the newest messages of every author, ascending, at most HistoryLimit.
	History []Entry `json:"history,omitempty"`
	// Sent holds what is known to have reached Chatwoot, of the newest turns, at most SentLimit.
	Sent []SentMark `json:"sent,omitempty"`
	// Failed are the newest of the bot's messages that the channel did not deliver.
	Failed []FailedSend `json:"failed,omitempty"`
	// EpisodeSince is when the conversation was last resolved, in Chatwoot's time: what was said before is no history of what comes after.
	EpisodeSince time.Time `json:"episode_since,omitzero"`
	// Left is what episodes that have ended left of the customer, oldest first.
	Left []Recollection `json:"left,omitempty"`
	// NotKnown are the newest turns of the episode in which the customer was told that the bot does not know, at most NotKnownLimit.
	NotKnown []TurnID `json:"not_known,omitempty"`
	// AskedBack are the newest questions of the episode by which the bot asked back, at most AskedBackLimit.
	AskedBack []AskedBack `json:"asked_back,omitempty"`
	// Acts are the newest calls of tools, Asks those that the customer was asked about last.
	Acts []Act `json:"acts,omitempty"`
	Asks []Ask `json:"asks,omitempty"`
	// Placeholders are those that stood for the conversation's personal data in what a model was given, the newest PlaceholderLimit.
	Placeholders []Placeholder `json:"placeholders,omitempty"`
	// Approval is the call that waits for the team's word, or the last one that did.
	Approval *Approval `json:"approval,omitempty"`
	// Procedure is what the customer is taken through step by step, or was last; nil: nothing.
	Procedure *Procedure `json:"procedure,omitempty"`
	// LastHit is the cached answer that the newest turn was given, if it was.
	LastHit *CacheHit `json:"last_hit,omitempty"`
	// LastSources name the FAQ entries and passages that the bot's newest words rest on.
	LastSources []string `json:"last_sources,omitempty"`
	// Done names the idempotent steps finished, "{turn}/{step}", of the newest turns, at most SentLimit.
	Done []string `json:"done,omitempty"`
	// Notices is when the customer was last told something that is said once, by notice.
	Notices map[Notice]time.Time `json:"notices,omitempty"`
	// Arrivals holds the times of the messages of the last minute, for the rate limit.
	Arrivals []time.Time `json:"arrivals,omitempty"`
	// Trouble is what keeps the conversation's turn from going on, nil if nothing does.
	Trouble *Trouble  `json:"trouble,omitempty"`
	Updated time.Time `json:"updated,omitzero"`
}

// Trouble is why a turn was given back, to be remembered until it can go on.
type Trouble struct {
	Turn TurnID `json:"turn"`
	// Server is the one that is away, or seems to be; Cause is its latest error.
	Server string `json:"server,omitempty"`
	Cause  string `json:"cause"`
	// Since is when it began, Tries how often the turn has met it.
	Since time.Time `json:"since"`
	Tries int       `json:"tries,omitempty"`
	// Newest is the turn's last message when it was given back.
	Newest MessageID `json:"newest,omitempty"`
	// GivenUp reports whether the turn failed for the last time with Cause and its apology is still due.
	GivenUp bool `json:"given_up,omitempty"`
}

// Bounds of a Conversation's lists.
const (
	HistoryLimit = 40
	SentLimit    = 64
	// NotKnownLimit also bounds after how many of them a bot may hand over.
	NotKnownLimit  = 8
	AskedBackLimit = 8
	// PlaceholderLimit is far more than a conversation has values.
	PlaceholderLimit = 200
)

// Takeover is a human at work.
type Takeover struct {
	By   UserID `json:"by,omitempty"`
	Name string `json:"name,omitempty"`
	// Last is the time of the human's last message by Chatwoot, for its place among others; Heard is when it was written by
	// our time, for its age.
	Last  time.Time `json:"last"`
	Heard time.Time `json:"heard,omitzero"`
}

// HandedOver is a conversation that the bot gave to humans.
type HandedOver struct {
	At     time.Time     `json:"at"`
	Reason HandoffReason `json:"reason"`
	Turn   TurnID        `json:"turn"`
	// Summary is what the note for the agents says of the conversation; empty where nothing summed it up.
	Summary string `json:"summary,omitempty"`
}

// Entry is one message of the history.
type Entry struct {
	ID   MessageID `json:"id,omitempty"`
	From Author    `json:"from"`
	Name string    `json:"name,omitempty"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// CacheHit is a cached answer that a customer was given.
type CacheHit struct {
	Entry    string `json:"entry"`
	Question string `json:"question"`
	// At is when the question was written, in Chatwoot's time.
	At time.Time `json:"at"`
}

// AskedBack is a question by which the bot asked what a customer means.
type AskedBack struct {
	// Turn is the turn that was answered so, Question what the customer had asked in it.
	Turn     TurnID `json:"turn"`
	Question string `json:"question"`
	// Choices are what the customer was offered, in the order of their numbers.
	Choices []Choice `json:"choices"`
	// Open is true until the bot has answered another turn.
	Open bool `json:"open,omitempty"`
}

// Placeholder is one that stood for a piece of personal data: the Number-th of its Kind. Digest tells the data from other data, and does
// not give it.
type Placeholder struct {
	Kind   string `json:"kind"`
	Number int    `json:"number"`
	Digest string `json:"digest"`
}

// Choice is an FAQ entry or a passage that a customer may mean, by its source in records, as they were told it.
type Choice struct {
	Source string `json:"source"`
	Title  string `json:"title"`
}

// Author is who speaks in a history.
type Author string

// The authors of a history.
const (
	FromCustomer Author = "customer"
	FromBot      Author = "bot"
	FromHuman    Author = "human"
)

// SentMark says that a part of a turn's reply is in Chatwoot.
type SentMark struct {
	Turn TurnID `json:"turn"`
	// Part is the marker's part: "1", "2", … for replies, "note", "farewell", … for others.
	Part    string    `json:"part"`
	Message MessageID `json:"message,omitempty"`
}

// Notice is something the customer is told once in a while, not with each message.
type Notice string

// The notices.
const (
	NoticeRateLimited  Notice = "rate_limited"
	NoticeOutsideHours Notice = "outside_hours"
	NoticeAttachment   Notice = "attachment"
	NoticeTooLong      Notice = "too_long"
)

// Episode is the history since the conversation was last resolved.
func (c *Conversation) Episode() []Entry {
	var since []Entry
	for _, e := range c.History {
		if !e.At.Before(c.EpisodeSince) {
			since = append(since, e)
		}
	}
	return since
}

// Said takes in that the bot has answered a turn; choices are those by which it asked back, nil for none. It may be told any number of
// times.
func (c *Conversation) Said(turn TurnID, question string, choices []Choice) {
	for i := range c.AskedBack {
		c.AskedBack[i].Open = c.AskedBack[i].Open && c.AskedBack[i].Turn == turn
	}
	if n := len(c.AskedBack); len(choices) > 0 && (n == 0 || c.AskedBack[n-1].Turn != turn) {
		c.AskedBack = newest(append(c.AskedBack, AskedBack{Turn: turn, Question: question, Choices: choices, Open: true}), AskedBackLimit)
	}
}

// KnowContact takes in the contact as Chatwoot had it at a time, by its own clock, unless it is known as of a later one. It reports whether
// that changed anything.
func (c *Conversation) KnowContact(contact Contact, at time.Time) bool {
	if contact.ID == 0 || contact == c.Contact || at.Before(c.ContactAt) {
		return false
	}
	c.Contact, c.ContactAt = contact, at
	return true
}

// WasSent reports whether a part of a turn is known to be in Chatwoot.
func (c *Conversation) WasSent(turn TurnID, part string) bool {
	for _, s := range c.Sent {
		if s.Turn == turn && s.Part == part {
			return true
		}
	}
	return false
}

// MarkSent notes a part of a turn as sent, once.
func (c *Conversation) MarkSent(m SentMark) {
	if !c.WasSent(m.Turn, m.Part) {
		c.Sent = newest(append(c.Sent, m), SentLimit)
	}
}

// IsDone reports whether an idempotent step of a turn was finished.
func (c *Conversation) IsDone(turn TurnID, step string) bool {
	for _, d := range c.Done {
		if d == string(turn)+"/"+step {
			return true
		}
	}
	return false
}

// MarkDone notes an idempotent step of a turn as finished, once.
func (c *Conversation) MarkDone(turn TurnID, step string) {
	if !c.IsDone(turn, step) {
		c.Done = newest(append(c.Done, string(turn)+"/"+step), SentLimit)
	}
}

// Remember puts an entry into the history at its place: by id where both have one, else at the end.
// An entry whose id is there already replaces it; a customer's beside the bot's is what they picked of that message's options.
// What the channel did not deliver was not said.
func (c *Conversation) Remember(e Entry) {
	if e.From == FromBot && c.WasNotDelivered(e.ID) {
		return
	}
	at := len(c.History)
	for i, have := range c.History {
		if e.ID != 0 && have.ID == e.ID && !(have.From == FromBot && e.From == FromCustomer) {
			c.History[i] = e
			return
		}
		if e.ID != 0 && have.ID > e.ID {
			at = i
			break
		}
	}
	c.History = append(c.History, Entry{})
	copy(c.History[at+1:], c.History[at:])
	c.History[at] = e
	c.History = newest(c.History, HistoryLimit)
}

// Correct gives an entry the text that its message has now; it reports whether the history has the message, with another text.
func (c *Conversation) Correct(id MessageID, text string) bool {
	for i := range c.History {
		if e := &c.History[i]; e.ID == id && id != 0 && e.Text != text {
			e.Text = text
			c.Unsay(id)
			return true
		}
	}
	return false
}

// Unsay forgets what a message left, and reports whether it had left something: it was deleted, or reads otherwise now.
func (c *Conversation) Unsay(id MessageID) bool {
	before := len(c.Left)
	c.Left = slices.DeleteFunc(slices.Clone(c.Left), func(r Recollection) bool { return r.Message == id })
	return len(c.Left) != before
}

func newest[T any](list []T, limit int) []T {
	if len(list) <= limit {
		return list
	}
	return append([]T(nil), list[len(list)-limit:]...)
}
