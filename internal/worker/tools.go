package worker

import (
	"context"
	"time"

	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/once"
	"tania/internal/worker/acts"
)

// tools are what the model may call in the turn, nil where the bot has none.
func (r *run) tools(ctx context.Context, memory *tania.Conversation) *once.Box {
	if len(r.Bot.Tools) == 0 || r.Bot.Policy == nil {
		return nil
	}
	callers := r.Tools
	callers.Chatwoot = r.chatwootTools(memory)
	now := r.MCP.Tools(ctx, r.Bot.Tools, r.Bot.ToolFacts, r.Bot.Policy)
	return once.New(once.Options{
		Tools: now.List, Policy: now.Policy, Hidden: now.Hidden, Journal: r.Engine, Turn: r.t, Callers: callers,
		Calls: r.ToolCalls, Tokens: r.ToolTokens,
		Facts: acts.Facts(r.t, memory, time.Now().UTC()), Approval: memory.Approval, Count: r.countCall,
		Now: func() time.Time { return time.Now().UTC() },
		// Whoever writes on ends the answer that is being made (asker), and so this wait.
		Settled: func(ctx context.Context) error { return r.quiet.Pass(ctx, r.t.Newer) },
	})
}

// countCall counts a call that is limited by day, and reports whether it may be made. The store decides, so that a customer with two
// conversations has no more calls.
func (r *run) countCall(ctx context.Context, t *tool.Tool) (bool, error) {
	m := r.newest()
	if m.Contact.ID == 0 {
		return true, nil
	}
	may := false
	_, err := r.Engine.UpdateContact(ctx, m.Key.Account, m.Contact.ID, func(c *tania.ContactMemory) bool {
		may = c.Call(t.Name, time.Now().UTC().Format(time.DateOnly)) < t.Limits.PerDay
		return may
	})
	return may, err
}
