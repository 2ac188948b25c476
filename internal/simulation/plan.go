package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"tania/internal/chatwoot/chatwootsim"
)

// plan is what will happen in a city, decided by its seed before anything does.
type plan struct {
	// actions are what people do, in the order of their times.
	actions []action
	deaths  []death
	faults  []chatwootsim.Fault
	// chatwootAway and modelAway are outages.
	chatwootAway, modelAway []window
	// modelTime is how long the model thinks at most.
	modelTime time.Duration
	customers int
}

// action is something that a person does.
type action struct {
	at       time.Duration // since the city began
	customer int
	kind     actionKind
	text     string
}

type actionKind int

const (
	asks actionKind = iota
	asksForAHuman
	agentReplies
)

// death ends a process of Tania.
type death struct {
	// power reports whether the machine goes down, and what was not synced with it; else the process alone is killed.
	power bool
	// atCall, where it is not 0, is the call to Chatwoot or the model at which the process dies, before it has an effect or after
	// it; else it dies at the atWrite-th write to its disk.
	atCall, atWrite int
	after           bool
	downFor         time.Duration
}

// window is a time, counted from when the city began.
type window struct{ from, long time.Duration }

func (w window) holds(at time.Duration) bool { return at >= w.from && at < w.from+w.long }

func newPlan(seed uint64) plan {
	r := rand.New(rand.NewPCG(seed, 1))
	p := plan{customers: 1 + r.IntN(4), modelTime: time.Duration(1+r.IntN(4000)) * time.Millisecond}
	for customer := range p.customers {
		p.actions = append(p.actions, p.conversation(r, customer)...)
	}
	slices.SortStableFunc(p.actions, func(a, b action) int { return int(a.at - b.at) })
	// A turn that three processes died of is given up, with an apology and a human; that is another test's matter.
	for range r.IntN(3) {
		p.deaths = append(p.deaths, newDeath(r))
	}
	if r.IntN(3) == 0 {
		p.chatwootAway = append(p.chatwootAway, newWindow(r, 90*time.Second))
	}
	if r.IntN(3) == 0 {
		// A model that is away for less than 30 s hands nobody over.
		p.modelAway = append(p.modelAway, newWindow(r, 29*time.Second))
	}
	if r.IntN(2) == 0 {
		p.faults = append(p.faults, chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDuplicate, Probability: 0.2})
	}
	if r.IntN(2) == 0 {
		p.faults = append(p.faults, chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDelay, Probability: 0.2, DelayMS: 300})
	}
	if r.IntN(2) == 0 {
		// The call is carried out, and its answer lost.
		p.faults = append(p.faults, chatwootsim.Fault{Kind: chatwootsim.FaultDrop, Probability: 0.1, Count: 2, Saved: true})
	}
	return p
}

func newWindow(r *rand.Rand, most time.Duration) window {
	return window{from: time.Duration(r.Int64N(int64(40 * time.Second))), long: time.Duration(r.Int64N(int64(most)))}
}

// conversation is what one customer writes, and what an agent does about it.
func (p plan) conversation(r *rand.Rand, customer int) (actions []action) {
	at := time.Duration(r.IntN(5000)) * time.Millisecond
	for n := range 1 + r.IntN(5) {
		a := action{at: at, customer: customer, text: fmt.Sprintf("quiero saber el precio del pastel q%d-%d", customer, n)}
		if n > 0 && r.IntN(12) == 0 {
			a.kind, a.text = asksForAHuman, "quiero hablar con una persona"
		}
		actions = append(actions, a)
		if r.IntN(12) == 0 {
			actions = append(actions, action{
				at: at + time.Duration(r.IntN(6000))*time.Millisecond, customer: customer, kind: agentReplies,
				text: "yo le ayudo",
			})
		}
		// Sometimes within the debounce, sometimes while the model thinks, sometimes later.
		at += time.Duration(200+r.IntN(12000)) * time.Millisecond
	}
	return actions
}

func newDeath(r *rand.Rand) death {
	d := death{power: r.IntN(2) == 0, after: r.IntN(2) == 0, downFor: time.Duration(r.IntN(5000)) * time.Millisecond}
	if r.IntN(2) == 0 {
		d.atCall = 1 + r.IntN(12)
	} else {
		d.atWrite = 1 + r.IntN(300)
	}
	return d
}
