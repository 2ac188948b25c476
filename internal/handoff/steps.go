package handoff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/chatwoot/channels"
	"tania/internal/tania"
)

// The names of the steps, as they are remembered and reported.
const (
	stepFarewell   = "farewell"
	stepStatus     = "status"
	stepAttributes = "attributes"
	stepTeam       = "team"
	stepNote       = "note"
	stepLabel      = "label"
)

// step is one step: it is done once in a turn.
type step struct {
	name string
	// needs is a step without which this one makes no sense.
	needs string
	// essential steps fail the turn for as long as they fail.
	essential bool
	do        func(*run, context.Context) (State, error)
}

// steps are in the order in which they are done. The customer hears of it before the agents can answer. Chatwoot skips its
// automatic assignment while the bot has the conversation, so it is opened before the team is assigned. The attributes come
// before the team because merging them reads the conversation, which some versions answer with 500 once a team is assigned.
var steps = []step{
	{stepFarewell, "", true, (*run).farewell},
	{stepStatus, "", true, (*run).open},
	{stepAttributes, stepStatus, false, (*run).attributes},
	{stepTeam, stepStatus, false, (*run).team},
	{stepNote, stepStatus, false, (*run).tellAgents},
	{stepLabel, stepStatus, false, (*run).label},
}

// errNotSent is a message whose fate is unknown.
var errNotSent = errors.New("it is not known whether the message was saved")

// step does one step unless it was done before. The error is one that the turn must be tried again for.
func (r *run) step(ctx context.Context, s step) error {
	if r.memory.IsDone(r.Turn, s.name) {
		r.note(s.name, StepBefore, nil)
		return nil
	}
	state, err := s.do(r, ctx)
	if err == nil {
		err = r.remember(ctx, func(c *tania.Conversation) { c.MarkDone(r.Turn, s.name) })
	}
	if err == nil {
		r.note(s.name, state, nil)
		return nil
	}
	r.note(s.name, StepFailed, err)
	err = fmt.Errorf("handoff: %s: %w", s.name, err)
	if s.essential || ctx.Err() != nil || r.away(ctx, err) {
		return err
	}
	tried := s.name + "/tried"
	if !passing(err) || r.memory.IsDone(r.Turn, tried) {
		return nil
	}
	return errors.Join(err, r.remember(ctx, func(c *tania.Conversation) { c.MarkDone(r.Turn, tried) }))
}

// passing reports whether a step may succeed later: anything but Chatwoot's refusal of it.
func passing(err error) bool {
	var refused *chatwoot.APIError
	return !errors.As(err, &refused) || chatwoot.Passing(err) || errors.Is(err, errNotSent)
}

func (r *run) farewell(ctx context.Context) (State, error) {
	if t := r.memory.Takeover; t != nil && r.again && t.Last.After(r.memory.HandedOver.At) {
		// A human writes already: to announce one now would be odd.
		return StepSkipped, nil
	}
	if r.Silent {
		return StepSkipped, nil
	}
	text := r.Message
	if text == "" {
		text = r.Bot.Handoff.In(r.Language, r.Bot.Language)
	}
	return r.say(ctx, "handoff", channels.Fit(r.Channel, text), false)
}

// open makes the conversation one of the humans', unless they have it already: opening an open one with a user's token
// would assign it to that user, and opening one that they resolved or snoozed meanwhile would undo that.
func (r *run) open(ctx context.Context) (State, error) {
	live, err := r.Chatwoot.Conversation(ctx, r.Key)
	switch {
	case chatwoot.Gone(err), chatwoot.Away(err) && !chatwoot.IsStatus(err, http.StatusInternalServerError):
		// Some versions answer 500 to every look while a team is assigned.
		return "", err
	case err == nil && live.Status != "" && live.Status != tania.StatusPending:
		return StepSkipped, nil
	}
	status, err := r.Chatwoot.SetStatus(ctx, r.Key, tania.StatusOpen)
	if err == nil && status != tania.StatusOpen {
		err = fmt.Errorf("the conversation stays %s", status)
	}
	return StepDone, err
}

func (r *run) attributes(ctx context.Context) (State, error) {
	return StepDone, r.Chatwoot.MergeCustomAttributes(ctx, r.Key, map[string]any{
		"tania_handoff_reason": string(r.Reason),
		"tania_handoff_at":     r.memory.HandedOver.At.Format(time.RFC3339),
	})
}

func (r *run) team(ctx context.Context) (State, error) {
	team := cmp.Or(r.Teams[r.Inbox], r.Team)
	if team == 0 {
		return StepSkipped, nil
	}
	return StepDone, r.Chatwoot.AssignTeam(ctx, r.Key, team)
}

func (r *run) tellAgents(ctx context.Context) (State, error) {
	if err := r.summarise(ctx); err != nil {
		return "", err
	}
	// A private note goes to no channel; the dashboard shows it as the widget would.
	return r.say(ctx, "note", channels.Fit(tania.ChannelWebWidget, note(r.Case, r.memory.HandedOver.Summary, r.Bot)), true)
}

// stepSummarised is remembered of a turn whose note has its summary, or will have none.
const stepSummarised = "summary"

// summarise has the conversation summed up, unless an earlier attempt did. What is remembered of it is what the note says, however often it
// is begun: it may be sent in parts.
func (r *run) summarise(ctx context.Context) error {
	if r.Summarise == nil || r.memory.IsDone(r.Turn, stepSummarised) {
		return nil
	}
	// A deadline would tell that the model is away; this is given up, which says nothing of it.
	bounded, giveUp := context.WithCancel(ctx)
	timer := time.AfterFunc(SummaryTime, giveUp)
	text := r.Summarise(bounded, r.Bot.Language)
	timer.Stop()
	giveUp()
	if err := ctx.Err(); err != nil {
		return err
	}
	return r.remember(ctx, func(c *tania.Conversation) {
		if c.HandedOver != nil && c.HandedOver.Turn == r.Turn {
			c.HandedOver.Summary = text
		}
		c.MarkDone(r.Turn, stepSummarised)
	})
}

func (r *run) label(ctx context.Context) (State, error) {
	if r.Label == "" {
		return StepSkipped, nil
	}
	_, err := r.Chatwoot.AddLabels(ctx, r.Key, r.Label)
	return StepDone, err
}

// remember changes what is known of the conversation.
func (r *run) remember(ctx context.Context, change func(*tania.Conversation)) error {
	memory, err := r.Memory.UpdateConversation(ctx, r.Key, func(c *tania.Conversation) bool { change(c); return true })
	if err == nil {
		// What this run goes by stays, should the conversation have been given back meanwhile.
		memory.HandedOver = cmp.Or(memory.HandedOver, r.memory.HandedOver)
		r.memory = memory
	}
	return err
}
