package tania

import "time"

// ContactMemory is what Tania remembers of a contact over all of their conversations, shared by all workers. It does not outlive
// its contact (queue.Engine.Forget), but no other time ends it: an order to send nothing more holds until it is taken back.
type ContactMemory struct {
	// Consent is what the contact said last of being written to, by channel: ChannelSMS or ChannelWhatsApp, whoever carries it.
	Consent map[Channel]Consent `json:"consent,omitempty"`
	// Ended are the contact's conversations whose episodes left something, the newest last, at most EpisodesLimit. What they left is with
	// the conversations, and is kept as long as they are.
	Ended []Ended `json:"ended,omitempty"`
	// Called counts the calls of tools that are limited by day, on CalledOn ("2026-11-29", UTC).
	Called   map[string]int `json:"called,omitempty"`
	CalledOn string         `json:"called_on,omitempty"`
}

// Consent is an order to send nothing more, or its end.
type Consent struct {
	// Out is set from an opt-out word until an opt-in word.
	Out bool `json:"out"`
	// Word is what they wrote, in Message, at At.
	Word    string    `json:"word"`
	Message MessageID `json:"message"`
	At      time.Time `json:"at"`
}

// Hear takes in what a contact said of being written to on a channel, and reports whether that is news. What comes late, after a
// newer word, is none, and nor is an opt-in where nothing was opted out of.
func (m *ContactMemory) Hear(channel Channel, c Consent) bool {
	last, known := m.Consent[channel]
	if known && c.Message <= last.Message || !known && !c.Out {
		return false
	}
	if m.Consent == nil {
		m.Consent = map[Channel]Consent{}
	}
	m.Consent[channel] = c
	return true
}
