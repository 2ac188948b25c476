// Package acts joins the calls of tools to a turn: what policy goes by, the calls of a procedure, and those a person has to look at.
package acts

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"tania/internal/answer/choice"
	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/once"
	"tania/internal/tool/policy"
)

// Facts are what policy goes by in a turn. What was called in earlier turns is remembered with the conversation.
func Facts(t *queue.Turn, memory *tania.Conversation, now time.Time) policy.Facts {
	said := tania.OfCustomer(t.Messages)
	newest := said[len(said)-1]
	f := policy.Facts{
		Contact: policy.Contact{Contact: newest.Contact, Custom: customOf(newest), Verified: newest.Identified()},
		Turn:    t.Claimed, Now: now,
	}
	for _, a := range memory.Acts {
		if a.Turn != t.ID {
			f.Made = append(f.Made, madeOf(a))
		}
	}
	f.Agreed = agreed(t.ID, memory, reply.Text(said))
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

// agreed are the calls that the customer was asked about in the turn before and agrees to by what they said in this one.
func agreed(turn tania.TurnID, memory *tania.Conversation, said string) (given []policy.Consent) {
	asked := ""
	for _, e := range memory.History {
		if e.From == tania.FromBot {
			asked = e.Text
		}
	}
	if len(memory.Asks) == 0 || choice.Agrees(said, asked) != choice.Yes {
		return nil
	}
	for _, a := range memory.Asks {
		if a.Turn != turn {
			given = append(given, policy.Consent{Digest: a.Digest, At: a.At})
		}
	}
	return given
}

// NeedsPerson reports whether an answer ended because a person has to look, and says in words for the team what about.
func NeedsPerson(err error) (string, bool) {
	if d, ok := errors.AsType[*once.DoubtfulError](err); ok {
		return d.Error(), true
	}
	if h, ok := errors.AsType[*once.ByHandError](err); ok {
		return h.Error(), true
	}
	return "", false
}

// Procedure makes the calls of a procedure.
type Procedure struct{ *once.Box }

// Begin implements reply.Acts.
func (p Procedure) Begin(ctx context.Context) ([]tania.Act, bool, error) {
	made, wrote, err := p.Box.Begin(ctx)
	return made, wrote, forPerson(err)
}

// Do implements reply.Acts.
func (p Procedure) Do(ctx context.Context, c policy.Call, agreed time.Time) (tania.Came, error) {
	came, err := p.Box.Do(ctx, c, agreed)
	return came, forPerson(err)
}

// forPerson is an error that a person has to look at as the decision knows it.
func forPerson(err error) error {
	if why, person := NeedsPerson(err); person {
		return &reply.PersonError{Why: why}
	}
	return err
}
