package worker

import (
	"context"
	"errors"
	"time"

	"tania/internal/ledger"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/tool/chatwoottool"
	"tania/internal/tool/once"
	"tania/internal/worker/acts"
	"tania/internal/worker/quiet"
)

// maxRestarts is how often newer messages may make one turn start over.
const maxRestarts = 2

// think decides what to say, starting over while the customer still writes.
func (r *run) think(ctx context.Context, memory *tania.Conversation, dots *typing) (plan, error) {
	ctx = r.hiding(ctx, memory)
	deps := r.deps(dots)
	memory, err := r.heard(ctx, memory)
	if err != nil {
		return r.undecided(), err
	}
	tools := r.tools(ctx, memory)
	r.box = tools
	if tools != nil {
		deps.Tools, deps.Acts = tools, acts.Procedure{Box: tools}
	}
	if memory.Approval.Of(r.t.ID) {
		deps.Cache = nil // what is said rests on what the team decides
		if p, over, err := r.takeUp(ctx, memory); over || err != nil {
			return p, err
		}
	}
	for {
		readings := r.reading.Restarts()
		if tools != nil { // what the customer agrees to may be another thing since they wrote on
			tools.GoBy(acts.Facts(r.t, memory, time.Now().UTC()))
		}
		p, err := r.decide(ctx, memory, deps)
		if tools != nil {
			p.Record.Acts, p.Asks, p.Closing = tools.Acts(), tools.Asks(), r.closingOf(tools.Acts())
		}
		if p.Resolve {
			p.Closing = &chatwoottool.Closing{Status: tania.StatusResolved}
		}
		if err == nil && !p.Quiet() {
			if p, err = r.whenQuiet(ctx, p); err != nil && p.Record.Usage.Calls > 0 {
				r.givenUp(ctx)
			}
		}
		if err != nil && !errors.Is(err, quiet.ErrNewer) {
			return p, err
		}
		if err == nil && (p.Quiet() || settled(p, tools) || !r.newerWaits()) {
			return p, nil
		}
		more, absorbErr := r.Engine.Absorb(ctx, r.t)
		if absorbErr != nil {
			return p, absorbErr
		}
		if !more && err == nil {
			return p, nil
		}
		if more {
			r.overlooked.Store(false)
		}
		if more && r.reading.Restarts() == readings {
			r.quiet.Heard()
		}
		r.stats.restarted.Add(1)
		r.log.Info("turn starts over", "messages", len(r.t.Messages), "restarts", r.restarts())
	}
}

// givenUp counts an answer that was made, or begun, for nothing.
func (r *run) givenUp(ctx context.Context) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), closingTime)
	defer done()
	r.report("count", r.Engine.Count(ctx, map[string]int64{ledger.GivenUp: 1}))
}

// settled reports whether a procedure has changed something by a plan: the customer is told so, and what they write now is for the next
// turn.
func settled(p plan, tools *once.Box) bool {
	return p.Procedure != nil && tools != nil && tools.Wrote()
}

// mayRestart reports whether a newer message makes the turn start over: always in its quiet time, and twice after it.
func (r *run) mayRestart() bool {
	return r.quiet.Lasts() || r.RestartOnNew && r.restarts() < maxRestarts
}

func (r *run) newerWaits() bool {
	if !r.mayRestart() {
		return false
	}
	select {
	case <-r.t.Newer:
		return true
	default:
		return false
	}
}

// decide makes the plan for the turn's messages as they are now.
func (r *run) decide(ctx context.Context, memory *tania.Conversation, deps reply.Deps) (plan, error) {
	contact, err := r.contact(ctx)
	if err != nil {
		return r.undecided(), err
	}
	if r.undelivered() {
		p := reply.Undelivered(r.caseOf(memory, contact), deps)
		p.Record.Bot, p.Record.BotVersion = r.Name, r.Version
		return plan{Plan: p}, nil
	}
	deps.Answerer = &asker{run: r}
	p, err := reply.Decide(ctx, r.caseOf(memory, contact), deps)
	p.Record.Bot, p.Record.BotVersion = r.Name, r.Version
	made := plan{Plan: p}
	if r.placeholders != nil {
		made.Placeholders = r.placeholders.Known()
	}
	return made, err
}

// caseOf is the turn as a decision goes by it.
func (r *run) caseOf(memory *tania.Conversation, contact tania.ContactMemory) reply.Case {
	return reply.Case{
		Turn: r.t.ID, Attempt: r.t.Attempt, Restarts: r.restarts(), Deferred: r.t.Deferred, Retried: r.retried, Paused: r.paused(),
		Messages: r.said(), Memory: *memory, Contact: contact, Now: time.Now().UTC(), Age: r.age(memory),
	}
}

// paused says who paused the bot where the turn is, and why; empty: nobody did.
func (r *run) paused() string {
	m := r.newest()
	p, ok := r.Pauses.Covering(r.Called(), m.Key, m.Inbox)
	if !ok {
		return ""
	}
	return p.String()
}

// longestFlight is the longest that a turn waits for the answer to the same question that another turn is making.
const longestFlight = 10 * time.Second

// deps are what a decision on this turn asks. Every decision has an asker of its own.
func (r *run) deps(dots *typing) reply.Deps {
	d := reply.Deps{
		Bot: r.Bot, Governor: r.Governor, Dispatcher: r.Dispatcher, Scope: r.Scope, Knowledge: r.Answerer,
		Flight: min(longestFlight, r.ProcessingTimeout/3), MaxAge: r.ReplyMaxAge, Admitted: dots.begin,
		Tracer: r.Tracer, Observe: r.Observer.Step, Log: r.log, Read: r.read,
		Memories: r.Engine, Name: r.Name, Personal: r.personal, Location: r.Location, Understands: r.Answerer.Understands(),
	}
	if r.Cache != nil {
		d.Cache = recall{r.Cache, r}
	}
	if r.Governor.BotUser != 0 { // a user's token may list messages
		d.Past = reply.ReadOnce(reply.ChatwootPast{Chatwoot: r.Chatwoot, BotUser: r.Governor.BotUser})
	}
	return d
}

// contact is what is known of the contact, where something may be that counts.
func (r *run) contact(ctx context.Context) (tania.ContactMemory, error) {
	m := r.newest()
	if m.Contact.ID == 0 || !r.Governor.HearsConsent(m.Channel) {
		return tania.ContactMemory{}, nil
	}
	return r.Engine.Contact(ctx, m.Key.Account, m.Contact.ID)
}

// age is how long ago the turn's newest message was written. What the team was asked about waits for it, which makes no answer late.
func (r *run) age(memory *tania.Conversation) time.Duration {
	m := r.newest()
	if memory.Approval.Of(r.t.ID) {
		return 0
	}
	if m.Received.IsZero() {
		return m.Late()
	}
	// By the store's clock: this process's own may be hours from that of the one that took the message.
	return r.storeNow().Sub(m.Received) + m.Late()
}

// said are the turn's messages of the customer, or what was not delivered to them where the turn has nothing else.
func (r *run) said() []tania.Message { return tania.OfCustomer(r.t.Messages) }

// undelivered reports whether the turn is of nothing but messages that were not delivered.
func (r *run) undelivered() bool { return r.said()[0].Undelivered != nil }

func (r *run) newest() tania.Message {
	said := r.said()
	return said[len(said)-1]
}

// storeNow is the time by the store's clock.
func (r *run) storeNow() time.Time { return r.t.Claimed.Add(time.Since(r.claimed)) }
