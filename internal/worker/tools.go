package worker

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"tania/internal/answer/choice"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/once"
	"tania/internal/tool/policy"
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
		Facts: r.facts(memory), Approval: memory.Approval, Count: r.countCall, Now: func() time.Time { return time.Now().UTC() },
		// Whoever writes on ends the answer that is being made (asker), and so this wait.
		Settled: func(ctx context.Context) error { return r.quiet.Pass(ctx, nil) },
	})
}

// facts are what policy goes by. What was called in earlier turns is remembered with the conversation.
func (r *run) facts(memory *tania.Conversation) policy.Facts {
	newest := r.newest()
	f := policy.Facts{
		Contact: policy.Contact{Contact: newest.Contact, Custom: customOf(newest), Verified: newest.Identified()},
		Turn:    r.t.Claimed, Now: time.Now().UTC(),
	}
	for _, a := range memory.Acts {
		if a.Turn != r.t.ID {
			f.Made = append(f.Made, madeOf(a))
		}
	}
	f.Agreed = r.agreed(memory)
	return f
}

// customOf are the contact's own attributes that the bot needs.
func customOf(m tania.Message) map[string]any {
	custom := map[string]any{}
	for _, a := range m.Attributes {
		if name, own := strings.CutPrefix(a.Name, tania.KnownOfContact); own {
			custom[name] = a.Value
		}
	}
	return custom
}

func madeOf(a tania.Act) tool.Made {
	m := tool.Made{Tool: a.Tool, OK: a.OK, At: a.At}
	// What was stored as JSON is read as such; what is not there is nil.
	_ = json.Unmarshal(a.Arguments, &m.Arguments)
	_ = json.Unmarshal(a.Result, &m.Result)
	return m
}

// agreed are the calls that the customer was asked about in the turn before and agrees to in this one.
func (r *run) agreed(memory *tania.Conversation) (given []policy.Consent) {
	asked := ""
	for _, e := range memory.History {
		if e.From == tania.FromBot {
			asked = e.Text
		}
	}
	if len(memory.Asks) == 0 || choice.Agrees(reply.Text(r.said()), asked) != choice.Yes {
		return nil
	}
	for _, a := range memory.Asks {
		if a.Turn != r.t.ID {
			given = append(given, policy.Consent{Digest: a.Digest, At: a.At})
		}
	}
	return given
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

// needsPerson reports whether an answer ended because a person has to look, and says in words for the team what about.
func needsPerson(err error) (string, bool) {
	if d, ok := errors.AsType[*once.DoubtfulError](err); ok {
		return d.Error(), true
	}
	if h, ok := errors.AsType[*once.ByHandError](err); ok {
		return h.Error(), true
	}
	return "", false
}

// acting makes the calls of a procedure.
type acting struct{ *once.Box }

// Begin implements reply.Acts.
func (a acting) Begin(ctx context.Context) ([]tania.Act, bool, error) {
	made, wrote, err := a.Box.Begin(ctx)
	return made, wrote, forPerson(err)
}

// Do implements reply.Acts.
func (a acting) Do(ctx context.Context, c policy.Call, agreed time.Time) (tania.Came, error) {
	came, err := a.Box.Do(ctx, c, agreed)
	return came, forPerson(err)
}

// forPerson is an error that a person has to look at as the decision knows it.
func forPerson(err error) error {
	if why, person := needsPerson(err); person {
		return &reply.PersonError{Why: why}
	}
	return err
}
