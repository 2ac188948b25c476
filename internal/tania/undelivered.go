package tania

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// DeliveryCause is why a channel did not deliver a message, from a closed set.
type DeliveryCause string

// The causes.
const (
	// CauseOutsideWindow: the channel takes messages to a customer for a time after theirs only (24 hours on WhatsApp), and it is over.
	CauseOutsideWindow DeliveryCause = "outside_window"
	// CauseRateLimited and CauseTemporary pass: too much was sent at once, or the network has trouble of its own.
	CauseRateLimited DeliveryCause = "rate_limited"
	CauseTemporary   DeliveryCause = "temporary"
	// CauseUnknownRecipient: nobody is at the address, or nobody who can be written to.
	CauseUnknownRecipient DeliveryCause = "unknown_recipient"
	// CauseBlocked: the customer, or the network for them, wants no messages of this sender.
	CauseBlocked DeliveryCause = "blocked"
	// CauseMedia: a file is not taken. CauseInvalid: something else in the message is not.
	CauseMedia   DeliveryCause = "media"
	CauseInvalid DeliveryCause = "invalid"
	// CauseAuth: the network does not let the inbox send: its token, its account, its payment.
	CauseAuth  DeliveryCause = "auth"
	CauseOther DeliveryCause = "other"
)

// DeliveryCauses are all of them.
func DeliveryCauses() []DeliveryCause {
	return []DeliveryCause{
		CauseOutsideWindow, CauseRateLimited, CauseTemporary, CauseUnknownRecipient, CauseBlocked, CauseMedia, CauseInvalid, CauseAuth,
		CauseOther,
	}
}

// Passes reports whether the same message may be delivered a little later.
func (c DeliveryCause) Passes() bool { return c == CauseRateLimited || c == CauseTemporary }

// Undelivered is what is known of a message of the bot's that its channel did not deliver.
type Undelivered struct {
	Cause DeliveryCause `json:"cause"`
	// Error is what the channel said, shortened.
	Error string `json:"error,omitempty"`
	// Text is what the customer did not read, Sent when it was written.
	Text string    `json:"text,omitempty"`
	Sent time.Time `json:"sent,omitzero"`
	// Again is the message that this one repeated, because that was not delivered either; 0 for none.
	Again MessageID `json:"again,omitempty"`
}

// FailedSend is a message of the bot's of which the channel said last, at a time, that it was not delivered.
type FailedSend struct {
	Message MessageID `json:"message"`
	At      time.Time `json:"at,omitzero"`
}

// failedLimit bounds the failed messages that a Conversation remembers: two whole replies.
const failedLimit = 20

// OfCustomer gives those of a turn's messages that the customer wrote; all where there are none, and the turn is of messages that were not
// delivered alone.
func OfCustomer(messages []Message) []Message {
	failed := func(m Message) bool { return m.Undelivered != nil }
	if !slices.ContainsFunc(messages, failed) {
		return messages
	}
	if said := slices.DeleteFunc(slices.Clone(messages), failed); len(said) > 0 {
		return said
	}
	return messages
}

// WasNotDelivered reports whether a message of the bot's is known not to have been delivered.
func (c *Conversation) WasNotDelivered(id MessageID) bool {
	return slices.ContainsFunc(c.Failed, func(f FailedSend) bool { return f.Message == id })
}

// NotDelivered takes in that a message of the bot's was not delivered: it is no part of what was said. It reports whether that is new.
func (c *Conversation) NotDelivered(id MessageID, at time.Time) bool {
	if id == 0 || c.WasNotDelivered(id) {
		return false
	}
	c.Failed = newest(append(c.Failed, FailedSend{id, at}), failedLimit)
	c.History = slices.DeleteFunc(slices.Clone(c.History), func(e Entry) bool { return e.ID == id && e.From == FromBot })
	return true
}

// Delivered takes in that a message was sent after all, or is being sent once more by a human, at a time. It reports whether it had failed
// before. A webhook of before the failure, delivered late, says nothing.
func (c *Conversation) Delivered(id MessageID, at time.Time) bool {
	before := len(c.Failed)
	c.Failed = slices.DeleteFunc(slices.Clone(c.Failed), func(f FailedSend) bool { return f.Message == id && at.After(f.At) })
	return len(c.Failed) != before
}

// TextOf is what the bot said in a message, with the options below it; empty where the history does not have it.
func (c *Conversation) TextOf(id MessageID) string {
	for _, e := range c.History {
		if e.ID == id && e.From == FromBot {
			return e.Text
		}
	}
	return ""
}

// undeliveredCounters begin the names of the counters of undelivered messages.
const undeliveredCounters = "undelivered/"

// UndeliveredCounter names the counter of the messages that a channel did not deliver for a cause.
func UndeliveredCounter(channel Channel, cause DeliveryCause) string {
	return undeliveredCounters + string(channel) + "|" + string(cause)
}

// UndeliveredCount is how many messages a channel did not deliver for a cause.
type UndeliveredCount struct {
	Channel Channel       `json:"channel"`
	Cause   DeliveryCause `json:"cause"`
	Count   int64         `json:"count"`
}

// UndeliveredCounts picks the counts of undelivered messages from a store's counters, the most first.
func UndeliveredCounts(counters map[string]int64) []UndeliveredCount {
	all := []UndeliveredCount{}
	for name, n := range counters {
		rest, ok := strings.CutPrefix(name, undeliveredCounters)
		channel, cause, two := strings.Cut(rest, "|")
		if ok && two {
			all = append(all, UndeliveredCount{Channel(channel), DeliveryCause(cause), n})
		}
	}
	slices.SortFunc(all, func(a, b UndeliveredCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Cause, b.Cause))
	})
	return all
}
