package worker_test

import (
	"context"
	"strings"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// TestWhatIsKnownOfOneCustomerIsNotToldTheNext: an answer that could rest on what is known of a customer is neither kept for others, nor is
// one that was kept given to them.
func TestWhatIsKnownOfOneCustomerIsNotToldTheNext(t *testing.T) {
	m := model(func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		text := costs
		if strings.Contains(p.About, "contact.plan: gold") {
			text = free
		}
		return says(text)(ctx, p)
	})
	r, cached := cachedRigWith(t, m, func(s *settings) {
		s.sim.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "Website", Channel: tania.ChannelWebWidget, ActiveBot: true, Verified: true}}
	}, nil)
	b := *r.bot
	b.Context = []string{"contact.plan", "contact.secret"}
	r.publish(&b)
	customer := func(plan string) (tania.ConversationID, string, tania.Record) {
		contact := r.sim.AddContact(tania.Contact{})
		if plan != "" {
			r.sim.Lock()
			r.sim.Customers[contact.ID].Custom = map[string]any{"plan": plan, "other": "unnamed"}
			r.sim.Unlock()
		}
		asked, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Contact: contact.ID, Text: asksCost})
		if err != nil {
			t.Fatal(err)
		}
		c := asked.Conversation
		r.until("an answer", func() bool { return len(r.sim.BotMessages(c)) > 0 })
		r.ended()
		settled(t, cached)
		return c, strings.Join(r.said(c), "\n"), r.record(c)
	}
	c, said, d := customer("gold")
	if said != free || d.CacheWhy != "known" || d.CacheEntry != "" {
		t.Errorf("who has the plan was told %q, %+v", said, d)
	}
	if _, said, d := customer(""); said != costs || d.Route != tania.RouteModel {
		t.Errorf("the next was told %q by %s", said, d.Route)
	}
	if _, said, d := customer(""); said != costs || d.Route != tania.RouteCached {
		t.Errorf("the one after was told %q by %s", said, d.Route)
	}
	if _, said, d := customer("gold"); said != free || d.Route != tania.RouteModel || d.CacheWhy != "known" {
		t.Errorf("another with the plan was told %q by %s", said, d.Route)
	}
	b.Context = nil
	r.publish(&b)
	if _, said := r.asks(c, "¿Y cuánto cuesta el envío a Córdoba?"); said != costs {
		t.Errorf("with a bot that may know nothing they were told %q", said)
	}
}

// publish makes another version of the bot current.
func (r *rig) publish(b *bot.Bot) {
	next := r.made(b, 1)
	next.Scope = r.runtime.Scope
	r.options.Bots.Publish(next)
}
