package reply

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"tania/internal/cache/shareable"
	"tania/internal/chatwoot/channels"
	"tania/internal/dispatcher"
	"tania/internal/language"
	"tania/internal/procedure"
	"tania/internal/tania"
	"tania/internal/tool/policy"
)

// Acts are the calls that a procedure makes in a turn. What a person has to look at or decide is a *PersonError.
type Acts interface {
	// Begin finds out what earlier attempts at the turn called, and whether something was changed by it.
	Begin(ctx context.Context) (made []tania.Act, wrote bool, err error)
	// Facts are what calls are judged by, with all that Look has looked up.
	Facts() policy.Facts
	Look(ctx context.Context, c policy.Call) error
	// Do makes a call; agreed is when the customer said yes to it, zero where they were not asked.
	Do(ctx context.Context, c policy.Call, agreed time.Time) (tania.Came, error)
}

// PersonError is why a person has to go on, in words for the team.
type PersonError struct{ Why string }

// Error gives it.
func (e *PersonError) Error() string { return e.Why }

var (
	// errOtherwise is why messages do not lead to the calls that the turn has made.
	errOtherwise = errors.New("reply: the messages lead elsewhere now")
	// errRounds ends a procedure that looks up for ever.
	errRounds = &PersonError{Why: "the procedure looked up more than it may"}
)

// mostRounds bounds what a procedure calls and looks up in a turn.
const mostRounds = 60

// course is a procedure in one decision.
type course struct {
	*decision
	procedure *procedure.Procedure
	// begun is the state before the turn; fresh reports whether it begins with it.
	begun tania.Procedure
	fresh bool
	turn  procedure.Turn
	// messages are those of the turn, as the procedure hears them; ids which of the turn's each is.
	messages []procedure.Message
	made     []tania.Act
	// quotes are words of the messages that a model has found for slots.
	quotes map[string]string
}

// walked is where messages took a procedure.
type walked struct {
	state tania.Procedure
	heard procedure.Heard
	move  procedure.Move
	// rest are messages that are none of the procedure's: what it did for those before them stays done.
	rest []procedure.Message
}

// inProcedure takes the case for a step of a procedure: the one that goes on, or one that it begins. It reports false where there is none,
// and gives in p what has to be remembered all the same.
func (d *decision) inProcedure(
	ctx context.Context, choice dispatcher.Choice, read *language.Reading, record tania.Record,
) (p Plan, ours bool, err error) {
	c := d.course(choice, read, record)
	if c == nil {
		return Plan{}, false, nil
	}
	p, err = c.run(ctx, choice, read, record)
	return p, true, err
}

// run takes the case through the procedure.
func (c *course) run(ctx context.Context, choice dispatcher.Choice, read *language.Reading, record tania.Record) (Plan, error) {
	stepping, done := c.step(ctx, "procedure")
	w, err := c.walk(stepping)
	done()
	var beside *Plan
	if err == nil {
		var paid tania.Usage
		w, beside, paid, err = c.reread(ctx, w, choice, read, record)
		record.Usage = record.Usage.Add(paid)
	}
	record.Route, record.RouteWhy = tania.RouteProcedure, c.procedure.Name+": "+cmp.Or(w.move.Step, "left")
	if person, is := errors.AsType[*PersonError](err); is {
		w.state.End = tania.ProcedureHandedOver
		p := handOver(record, tania.HandoffProcedure, person.Why)
		p.Procedure = &w.state
		return p, nil
	}
	if err != nil {
		return Plan{Record: record}, err
	}
	p, err := c.plan(ctx, w, beside, choice, read, record)
	if p.Procedure == nil {
		p.Procedure = &w.state
	}
	return p, err
}

// ended is the remembered procedure as over, where it does not go on; nil where there is nothing to remember anew.
func (d *decision) ended(p *Plan) *tania.Procedure {
	state := d.Memory.Procedure
	if p.Procedure != nil || state == nil || state.End != "" || p.Wait > 0 {
		return p.Procedure
	}
	over := state.Clone()
	_, over.End = d.procedureOf(state).Goes(state, d.written(), d.Memory.EpisodeSince)
	switch {
	case p.Handoff != "":
		over.End = tania.ProcedureHandedOver
	case over.End == "":
		return nil
	}
	return &over
}

func (d *decision) procedureOf(state *tania.Procedure) *procedure.Procedure {
	if state.Bot != d.Name {
		return nil
	}
	return procedure.Find(d.Bot.Procedures, state.Name)
}

// written is when the newest message was.
func (d *decision) written() time.Time {
	at := d.newest().Created
	if at.IsZero() {
		at = d.Now
	}
	if d.Location != nil {
		at = at.In(d.Location)
	}
	return at
}

// goesOn gives the procedure that goes on, nil for none: a colleague who spoke since has taken it over.
func (d *decision) goesOn() *procedure.Procedure {
	state := d.Memory.Procedure
	if state == nil || humanSince(d.Memory.Episode()) {
		return nil
	}
	p := d.procedureOf(state)
	if on, _ := p.Goes(state, d.written(), d.Memory.EpisodeSince); !on {
		return nil
	}
	return p
}

// course gives the procedure that the case belongs to, nil for none.
func (d *decision) course(choice dispatcher.Choice, read *language.Reading, record tania.Record) *course {
	if len(d.Bot.Procedures) == 0 {
		return nil
	}
	c := &course{decision: d, turn: procedure.Turn{ID: d.Turn, Language: record.Language, Now: d.written()}, messages: d.heardBy(choice)}
	starting := func() *procedure.Procedure {
		i := slices.IndexFunc(d.Bot.Procedures, func(p *procedure.Procedure) bool { return p.Starts(read.Text, c.turn) })
		if i < 0 {
			return nil
		}
		return d.Bot.Procedures[i]
	}
	if c.procedure = d.goesOn(); c.procedure != nil {
		c.begun = d.Memory.Procedure.Clone()
		other := starting()
		trial := c.begun.Clone()
		if other == nil || other == c.procedure || c.procedure.Hear(&trial, c.messages, c.turn).Took {
			return c
		}
		c.procedure = other
	} else if c.procedure = starting(); c.procedure == nil {
		return nil
	}
	c.begun, c.fresh = c.procedure.Begin(d.Turn, c.turn.Now), true
	c.begun.Bot = d.Name
	return c
}

// heardBy are the case's messages as a procedure hears them.
func (d *decision) heardBy(choice dispatcher.Choice) (all []procedure.Message) {
	for i := range d.Messages {
		m := &d.Messages[i]
		if m.Deleted {
			continue
		}
		one := procedure.Message{ID: m.ID, Text: m.Spoken(), Photo: photoOf(m), Corrected: m.Revision > 0}
		route := choice.Route
		if len(d.Messages) > 1 {
			route = d.Dispatcher.Dispatch(one.Text).Route
		}
		one.Aside = one.Text != "" && (route == tania.RouteGreeting || route == tania.RouteThanks || route == tania.RouteFarewell)
		one.Known = route == tania.RouteFAQ
		all = append(all, one)
	}
	return all
}

// photoOf is where a message's picture is, "" for none.
func photoOf(m *tania.Message) string {
	for _, a := range m.Attachments {
		if a.Type == "image" {
			return cmp.Or(a.URL, a.Type)
		}
	}
	return ""
}

// walk hears the messages and goes on until something is to be said. What an earlier attempt changed stays done, for the messages that it
// was done for.
func (c *course) walk(ctx context.Context) (walked, error) {
	wrote := false
	if c.Acts != nil {
		var err error
		if c.made, wrote, err = c.Acts.Begin(ctx); err != nil {
			return walked{state: c.begun}, err
		}
	}
	if !wrote {
		return c.through(ctx, c.messages, false)
	}
	for n := len(c.messages); n > 0; n-- {
		w, err := c.through(ctx, c.messages[:n], true)
		if errors.Is(err, errOtherwise) {
			continue
		}
		w.rest = c.messages[n:]
		return w, err
	}
	return walked{state: c.begun},
		&PersonError{Why: c.procedure.Name + ": something was changed, and what the customer wrote reads otherwise now"}
}

// through takes messages through the procedure. With again no call is made but those that the turn has made, and all of these are.
func (c *course) through(ctx context.Context, messages []procedure.Message, again bool) (walked, error) {
	w := walked{state: c.begun.Clone()}
	w.heard = c.procedure.Hear(&w.state, messages, c.turn)
	if c.procedure.Quoted(&w.state, messages, c.quotes, c.turn) > 0 {
		w.heard = procedure.Heard{Took: true}
	}
	if c.fresh {
		w.heard = procedure.Heard{Took: true}
	}
	if w.heard.Left {
		return w, nil
	}
	made := slices.Clone(c.made)
	for range mostRounds {
		w.move = c.procedure.Next(&w.state, w.heard, c.turn, c.facts())
		switch w.move.Does {
		case procedure.Looks:
			if c.Acts == nil {
				return w, errNoActs
			}
			if err := c.Acts.Look(ctx, w.move.Call); err != nil {
				return w, err
			}
		case procedure.Calls:
			came, err := c.call(ctx, &w, &made, again)
			if err != nil {
				return w, err
			}
			if why := c.procedure.Gave(&w.state, w.move, came); why != "" {
				return w, &PersonError{Why: why}
			}
		default:
			if again && len(made) > 0 {
				return w, errOtherwise
			}
			return w, nil
		}
	}
	return w, errRounds
}

// errNoActs is why a procedure does not get on where nothing may be called: in a try-out.
var errNoActs = &PersonError{Why: "a tool would be called here, which a try-out does not do"}

func (c *course) facts() policy.Facts {
	if c.Acts == nil {
		return policy.Facts{Now: c.Now}
	}
	return c.Acts.Facts()
}

// call makes a call, or gives what the turn's own came to.
func (c *course) call(ctx context.Context, w *walked, made *[]tania.Act, again bool) (tania.Came, error) {
	is := func(a tania.Act) bool { return a.Tool == w.move.Call.Tool && sameArguments(a.Arguments, w.move.Call) }
	if i := slices.IndexFunc(*made, is); i >= 0 {
		a := (*made)[i]
		*made = slices.Delete(*made, i, i+1)
		return tania.Came{OK: a.OK, Result: a.Result, Wrote: a.OK && c.writes(a.Tool)}, nil
	}
	switch {
	case again:
		return tania.Came{}, errOtherwise
	case c.Acts == nil:
		return tania.Came{}, errNoActs
	}
	return c.Acts.Do(ctx, w.move.Call, w.move.Agreed)
}

func (c *course) writes(name string) bool {
	for i := range c.Bot.Tools {
		if c.Bot.Tools[i].Name == name {
			return c.Bot.Tools[i].Risk.Writes()
		}
	}
	return true
}

// sameArguments reports whether a call was made with all arguments of another; code may have set more.
func sameArguments(made json.RawMessage, c policy.Call) bool {
	var have map[string]any
	if json.Unmarshal(made, &have) != nil {
		return false
	}
	some := map[string]any{}
	for name := range c.Arguments {
		some[name] = have[name]
	}
	return policy.Call{Tool: c.Tool, Arguments: some}.Digest() == c.Digest()
}

// plan plans what is said: the answer to what the customer asked beside, and where the procedure goes on.
func (c *course) plan(
	ctx context.Context, w walked, answered *Plan, choice dispatcher.Choice, read *language.Reading, record tania.Record,
) (Plan, error) {
	p := c.moved(w, record)
	if !w.heard.Aside && len(w.rest) == 0 {
		return p, nil
	}
	var beside Plan
	var err error
	if answered != nil {
		beside = *answered
	} else {
		beside, err = c.beside(ctx, w, choice, read, record)
	}
	if err != nil || beside.Handoff != "" {
		if beside.Handoff != "" {
			w.state.End = tania.ProcedureHandedOver
			beside.Procedure = &w.state
		}
		return beside, err
	}
	p.Record.Usage, p.Record.Sources, p.Record.Detail = p.Record.Usage.Add(beside.Record.Usage), beside.Record.Sources, beside.Record.Detail
	if p.Handoff == "" {
		p.Record.Outcome = beside.Record.Outcome
	}
	p.Record.CacheWhy = beside.Record.CacheWhy
	if len(w.rest) > 0 {
		p.Parts = slices.Concat(p.Parts, beside.Parts)
	} else {
		p.Parts = slices.Concat(beside.Parts, p.Parts)
	}
	return p, nil
}

// beside answers what a customer asks beside a procedure, as always, but for the cache: nothing of a procedure is for others, and they are
// not asked back about it.
func (c *course) beside(
	ctx context.Context, w walked, choice dispatcher.Choice, read *language.Reading, record tania.Record,
) (Plan, error) {
	if len(w.rest) > 0 {
		var texts []string
		for _, m := range w.rest {
			texts = append(texts, m.Text)
		}
		read = language.Read(strings.Join(texts, "\n"))
		choice = c.Dispatcher.Choose(read)
	}
	record.Route, record.CacheWhy = choice.Route, string(shareable.RefusalProcedure)
	q, record := c.question(ctx, choice, read, record)
	q.Within, q.Tools = true, c.Tools
	return c.answeredNow(ctx, q, record)
}

// moved plans the procedure's own part.
func (c *course) moved(w walked, record tania.Record) Plan {
	record.Outcome = tania.OutcomeAnswered
	p := Plan{Record: record}
	channel := c.newest().Channel
	if w.heard.Left {
		p.Parts = channels.Fit(channel, procedure.LeftText(record.Language, c.Bot.Language))
		return p
	}
	switch w.move.Does {
	case procedure.Asks:
		if len(w.move.Options) == 0 {
			p.Parts = channels.Fit(channel, w.move.Text)
			break
		}
		p.Parts, p.Options = channels.Offer(channel, w.move.Text, w.move.Listed, w.move.Options)
	case procedure.GivesUp:
		w.state.End = tania.ProcedureHandedOver
		p = handOver(record, tania.HandoffProcedure, w.move.Why)
		p.Procedure = &w.state
	default:
		w.state.End = w.move.End
		if w.move.End == tania.ProcedureHandedOver {
			p = handOver(record, tania.HandoffProcedure, c.procedure.Declared.About)
			p.Message = w.move.Text
		} else {
			p.Parts, p.Resolve = channels.Fit(channel, w.move.Text), w.move.End == tania.ProcedureResolved
		}
		p.Procedure = &w.state
	}
	return p
}
