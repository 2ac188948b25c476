package outage

import (
	"context"
	"time"
)

// allAtOnce is how many at work at once are no longer counted: the server has shown that it stands it.
const allAtOnce = 256

// grows is how often there is room for one more after an outage, whoever ends: one that takes long must not hold up the rest.
const grows = 2 * time.Second

// Enter waits until the server is there and, for a while after its return, until there is room: first for one, and for one more with
// each that ended well, so that the room doubles with each round. leave must be called in the end, with whether the server did its part.
func (p *Peer) Enter(ctx context.Context) (leave func(well bool), err error) {
	return p.enter(ctx, true)
}

// Admit is Enter for those who do not wait for the server itself: while it is away they are given the error by which that was noticed.
func (p *Peer) Admit(ctx context.Context) (leave func(well bool), err error) {
	return p.enter(ctx, false)
}

func (p *Peer) enter(ctx context.Context, patient bool) (leave func(well bool), err error) {
	for {
		p.mu.Lock()
		away, changed := p.err, p.changed
		if away == nil && p.room() {
			p.working++
			p.mu.Unlock()
			return p.leave, nil
		}
		p.mu.Unlock()
		if away != nil && !patient {
			return nil, away
		}
		timer := time.NewTimer(grows)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
			err = ctx.Err()
		}
		timer.Stop()
		if err != nil {
			return nil, err
		}
	}
}

// room reports whether one more may be at work. p.mu is held.
func (p *Peer) room() bool {
	return p.most == 0 || p.working < p.most+int(time.Since(p.state.Since)/grows)
}

func (p *Peer) leave(well bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.working--
	if p.most == 0 {
		return
	}
	if well {
		p.most++
	}
	if p.most > allAtOnce {
		p.most = 0
	}
	p.announce()
}

// Appointments of those who come back to ask: not sooner than soonest, not more than one in spacing, and none later than latest.
const (
	soonest = time.Second
	spacing = 20 * time.Millisecond
	latest  = 20 * time.Second
)

// Appointment says how long to wait before asking for the server again. Few who wait come back in a second; many come one after the
// other, so that neither the queue nor the server, when it is back, has them all at once.
func (p *Peer) Appointment() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	at := p.appointed.Add(spacing)
	if first := now.Add(soonest); at.Before(first) {
		at = first
	}
	p.appointed = at
	if last := now.Add(latest); at.After(last) {
		// Beyond that they are so many that the round starts over.
		p.appointed = now.Add(soonest)
		at = last
	}
	return at.Sub(now)
}
