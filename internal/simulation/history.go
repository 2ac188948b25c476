package simulation

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// history is what the world saw of Tania.
type history struct {
	*sync.Mutex
	// sends are the calls that say something, by conversation.
	sends map[tania.ConversationID][]time.Time
}

func newHistory() history {
	return history{Mutex: &sync.Mutex{}, sends: map[tania.ConversationID][]time.Time{}}
}

// calls notes a call to Chatwoot that begins.
func (h history) calls(q *http.Request, at time.Time) {
	rest, ok := strings.CutSuffix(q.URL.Path, "/messages")
	if q.Method != http.MethodPost || !ok {
		return
	}
	id, err := strconv.ParseInt(rest[strings.LastIndex(rest, "/")+1:], 10, 64)
	if err != nil {
		return
	}
	h.Lock()
	defer h.Unlock()
	h.sends[tania.ConversationID(id)] = append(h.sends[tania.ConversationID(id)], at)
}

// verdict is what was found out about a city.
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
	said := map[string]int{}
	last := ""
	for _, m := range c.sim.BotMessages(state.ID) {
		for _, q := range mark.FindAllString(m.Content, -1) {
			said[q]++
			if said[q] == 1 && q < last {
				fault("%s was answered after %s", q, last)
			}
			last = max(last, q)
		}
	}
	human := c.humanSince(state.ID)
	for _, m := range c.sim.Messages(state.ID) {
		q := mark.FindString(m.Content)
		if m.Type != chatwootsim.Incoming || q == "" {
			continue
		}
		at, ok := all[m.ID]
		switch {
		case said[q] > 1:
			v.twice++
			fault("%s was answered %d times", q, said[q])
		case said[q] == 1:
			v.answered++
		case ok && human.IsZero():
			fault("%s, accepted after %s, was not answered", q, at.Sub(c.born))
		}
		if ok {
			v.accepted++
		}
	}
	if replied := c.agentTaken(state.ID, all); !human.IsZero() && !replied.IsZero() {
		for _, at := range c.history.sends[state.ID] {
			// A reply that was on its way when the human wrote arrives; none begins later, but for the word of a handoff itself.
			if at.Sub(replied) > time.Second && at.Sub(replied) < 5*time.Minute {
				fault("the bot spoke %s after a human did", at.Sub(replied))
			}
		}
	}
	if human.IsZero() && state.Status == tania.StatusOpen {
		fault("opened to humans without a reason")
	}
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
