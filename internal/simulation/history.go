package simulation

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// verdict is what was found out about a city. twice counts the answers of the window that remains (excused); any other is a fault.
type verdict struct {
	cities, accepted, answered, twice int
	faults                            []string
}

func (v *verdict) add(w verdict) {
	v.cities++
	v.accepted, v.answered, v.twice = v.accepted+w.accepted, v.answered+w.answered, v.twice+w.twice
}

// taken are the messages that Tania answered 200 for, with when.
type taken map[tania.MessageID]time.Time

func (c *city) taken() taken {
	all := taken{}
	for _, d := range c.sim.Deliveries() {
		if d.Event != "message_created" {
			continue
		}
		for _, a := range d.Attempts {
			if first, ok := all[d.Message]; a.Status == http.StatusOK && (!ok || a.At.Before(first)) {
				all[d.Message] = a.At
			}
		}
	}
	return all
}

// verdict compares what the customers wrote with what they were told.
func (c *city) verdict() (v verdict) {
	all := c.taken()
	for _, conversation := range c.sim.Conversations() {
		c.judge(&v, conversation, all)
	}
	return v
}

func (c *city) judge(v *verdict, state chatwootsim.Conversation, all taken) {
	fault := func(format string, values ...any) {
		v.faults = append(v.faults, fmt.Sprintf("conversation %d (%s): ", state.ID, state.Status)+fmt.Sprintf(format, values...))
	}
	messages, said, before := c.sim.Messages(state.ID), map[string][]chatwootsim.Message{}, len(v.faults)
	last := ""
	for _, m := range c.sim.BotMessages(state.ID) {
		for _, q := range mark.FindAllString(m.Content, -1) {
			if said[q] = append(said[q], m); len(said[q]) == 1 && q < last {
				fault("%s was answered after %s", q, last)
			}
			last = max(last, q)
		}
	}
	human := c.humanSince(state.ID)
	for _, m := range messages {
		q := mark.FindString(m.Content)
		if m.Type != chatwootsim.Incoming || q == "" {
			continue
		}
		at, ok := all[m.ID]
		switch {
		case len(said[q]) == 2 && excused(messages, said[q][0], said[q][1], all):
			v.twice++
		case len(said[q]) > 1:
			fault("%s was answered %d times", q, len(said[q]))
		case len(said[q]) == 1:
			v.answered++
		case ok && human.IsZero():
			fault("%s, accepted after %s, was not answered", q, at.Sub(c.born))
		}
		if ok {
			v.accepted++
		}
	}
	if replied := c.agentTaken(state.ID, all); !replied.IsZero() {
		for _, m := range c.sim.BotMessages(state.ID) {
			// A reply that was on its way when the human wrote arrives; none begins later.
			late := m.Created.Sub(replied)
			if m.Sender.Kind == tania.ActorBot && late > time.Second && late < 5*time.Minute {
				fault("the bot spoke %s after a human did", late)
			}
		}
	}
	if human.IsZero() && state.Status == tania.StatusOpen {
		fault("opened to humans without a reason")
	}
	if len(v.faults) > before {
		v.faults = append(v.faults, c.transcript(state.ID))
	}
}

// transcript is what was said in a conversation and what became of its webhooks, each with when.
func (c *city) transcript(id tania.ConversationID) string {
	var b strings.Builder
	fmt.Fprintf(&b, "conversation %d:\n", id)
	for _, m := range c.sim.Messages(id) {
		fmt.Fprintf(&b, "  %s %d %s %q private %v\n", m.Created.Sub(c.born), m.ID, m.Type, m.Content, m.Private)
	}
	for _, d := range c.sim.Deliveries() {
		if d.Conversation != id {
			continue
		}
		fmt.Fprintf(&b, "  %s %s of %d %s:", d.Made.Sub(c.born), d.Event, d.Message, d.Fault)
		for _, a := range d.Attempts {
			fmt.Fprintf(&b, " %s %d %s", a.At.Sub(c.born), a.Status, a.Error)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// agentTaken is when Tania accepted the first webhook of a human's message, zero if none.
func (c *city) agentTaken(id tania.ConversationID, all taken) (first time.Time) {
	for _, m := range c.sim.Messages(id) {
		at, ok := all[m.ID]
		if ok && m.Type == chatwootsim.Outgoing && m.Sender.Kind == tania.ActorUser && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// humanSince is when a human had a reason to be in the conversation, zero if there was none: an agent wrote, the customer asked for
// one, or Chatwoot could not deliver a webhook, and opened the conversation itself.
func (c *city) humanSince(id tania.ConversationID) (first time.Time) {
	for _, m := range c.sim.Messages(id) {
		asked := m.Type == chatwootsim.Incoming && mark.FindString(m.Content) == ""
		replied := m.Type == chatwootsim.Outgoing && m.Sender.Kind == tania.ActorUser
		if asked || replied {
			return m.Created
		}
	}
	for _, d := range c.sim.Deliveries() {
		if d.Conversation == id && d.Done && !d.OK {
			return c.born
		}
	}
	return time.Time{}
}
