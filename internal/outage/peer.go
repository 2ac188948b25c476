// Package outage knows the servers that answering depends on, Chatwoot and the model, as there or away. A call that failed is reported
// to it; a probe decides whether the server is away, and goes on asking until it is back. Work that needs the server waits here
// meanwhile, and is let on slowly afterwards.
package outage

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tania/internal/queue"
)

// The names of the peers.
const (
	Chatwoot = "chatwoot"
	Model    = "model"
)

// ModelProbes is the longest wait between two probes of a model: the customers who wait for it do so for a minute by default, and the
// answer must not be lost to a probe that comes too late.
const ModelProbes = 10 * time.Second

// longest is the longest wait by default, whoever wants it.
const longest = 30 * time.Second

// Options are a peer's settings; zero values mean the defaults.
type Options struct {
	Name string
	// Probe asks the server whether it is there; nil says that it is. Without a probe the peer is always there.
	Probe func(ctx context.Context) error
	// ProbeTime bounds one probe, 5 s by default. First is the wait before the second probe of an outage, 1 s by default; it doubles up
	// to Most, 30 s by default. Each wait is less a random part of up to a half.
	ProbeTime, First, Most time.Duration
	// Asked is how long the server itself asked to be left alone, by a probe's error; nil: it does not. It is believed up to 30 s.
	Asked func(error) time.Duration
	// Board has one process of a fleet probe for all; nil: this one is alone. Process is its name there.
	Board   queue.Board
	Process string
	Log     *slog.Logger
}

// State is what is known of a peer.
type State struct {
	Name string `json:"name"`
	Away bool   `json:"away"`
	// Since is when it was found to be away, or, once it was, when it came back.
	Since time.Time `json:"since,omitzero"`
	// Cause is the error by which it was noticed.
	Cause string `json:"cause,omitempty"`
	// Outages counts those of this process.
	Outages int64 `json:"outages"`
}

// Peer is one server. It is safe for concurrent use. Run must run, or an outage does not end.
type Peer struct {
	Options
	// probing lets one probe run at a time; those who ask meanwhile share what it finds.
	probing chan struct{}
	left    chan struct{}

	mu    sync.Mutex
	state State
	err   error
	// changed is closed, and replaced, when those who wait in Enter should look again.
	changed chan struct{}
	// proved is when a probe last found the server there.
	proved time.Time
	// most is how many may be at work at once after an outage, 0: any number. working counts them.
	most, working int
	succeeded     map[string]time.Time
	appointed     time.Time
}

// New gives a peer that is there.
func New(o Options) *Peer {
	or := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	or(&o.ProbeTime, 5*time.Second)
	or(&o.First, time.Second)
	or(&o.Most, longest)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Peer{
		state: State{Name: o.Name}, Options: o, probing: make(chan struct{}, 1), left: make(chan struct{}, 1), changed: make(chan struct{}),
		succeeded: map[string]time.Time{},
	}
}

// State gives what is known now.
func (p *Peer) State() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state
}

// Err is the error by which the outage was noticed, nil while the server is there.
func (p *Peer) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Check reports whether the server is away, after a call to it failed with cause: it is when a probe fails too.
func (p *Peer) Check(ctx context.Context, cause error) bool {
	if p.Probe == nil {
		return false
	}
	asked := time.Now()
	p.probing <- struct{}{}
	defer func() { <-p.probing }()
	p.mu.Lock()
	away, proved := p.state.Away, p.proved.After(asked)
	p.mu.Unlock()
	if away || proved {
		return away
	}
	began := time.Now()
	err := p.probe(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.proved = began
		return false
	}
	p.state = State{Name: p.Name, Away: true, Since: began.UTC(), Cause: cause.Error(), Outages: p.state.Outages + 1}
	p.err, p.most = cause, 0
	p.Log.Warn("server is away; turns that need it wait", "server", p.Name, "cause", cause, "probe", err)
	select {
	case p.left <- struct{}{}:
	default:
	}
	return true
}

// probe is not cut short with whoever asks: others wait for what it finds.
func (p *Peer) probe(ctx context.Context) error {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), p.ProbeTime)
	defer done()
	return p.Probe(ctx)
}

// back ends an outage: one may work, then two, then four.
func (p *Peer) back() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now().UTC()
	p.Log.Info("server is back", "server", p.Name, "away", now.Sub(p.state.Since).Round(time.Millisecond))
	p.state = State{Name: p.Name, Since: now, Outages: p.state.Outages}
	p.err, p.most = nil, 1
	p.announce()
}

// announce wakes those who wait in Enter. p.mu is held.
func (p *Peer) announce() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// Succeeded notes that an operation of the server succeeded, for whomever.
func (p *Peer) Succeeded(operation string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.succeeded[operation] = time.Now()
}

// SucceededSince reports whether an operation has succeeded since a time, for whomever.
func (p *Peer) SucceededSince(operation string, since time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.succeeded[operation].After(since)
}
