package simulation

import (
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// live has people do what the plan says, each at its time.
func (c *city) live() {
	conversations := map[int]tania.ConversationID{}
	for _, a := range c.plan.actions {
		time.Sleep(a.at - time.Since(c.born))
		switch a.kind {
		case asks, asksForAHuman:
			m, err := c.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: conversations[a.customer], Text: a.text})
			if err != nil {
				c.t.Errorf("seed %d: %v", c.seed, err)
				return
			}
			conversations[a.customer] = m.Conversation
		case agentReplies:
			if _, err := c.sim.AgentReplies(conversations[a.customer], agent, a.text, chatwootsim.ViaDashboard); err != nil {
				c.t.Errorf("seed %d: %v", c.seed, err)
				return
			}
		}
	}
}
