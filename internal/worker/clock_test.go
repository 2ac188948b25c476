package worker_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// offset is how far Chatwoot's clock is from ours.
type offset struct{ atomic.Int64 }

// later has what happens next happen some seconds later by Chatwoot: whole seconds are all that some of its times have.
func (o *offset) later() { o.Add(int64(3 * time.Second)) }

func (o *offset) now() time.Time { return time.Now().Add(time.Duration(o.Load())) }

// offsets are those that were tried on real installations, and jumps between two of them.
var offsets = []struct{ before, after time.Duration }{
	{-time.Hour, -time.Hour},
	{-30 * time.Minute, -30 * time.Minute},
	{-290 * time.Second, -290 * time.Second},
	{9 * time.Minute, 9 * time.Minute},
	{9 * time.Minute, 0},
	{0, 9 * time.Minute},
	{-30 * time.Minute, 0},
	{0, -30 * time.Minute},
}

// clockRig has a Chatwoot whose clock is off, with a bot's or a user's token.
func clockRig(t *testing.T, off *offset, user bool) *rig {
	return newRig(t, says("Cuesta 350 pesos."), func(s *settings) {
		s.sim.Clock = off.now
		if user {
			s.user = true
			s.sim.Users = []chatwootsim.User{{ID: 7, Name: "Jane Cooper"}, {ID: 9, Name: "Integration", Role: "administrator", Token: userToken}}
		}
	})
}

func forEveryClock(t *testing.T, test func(t *testing.T, r *rig, off *offset, jump func())) {
	for _, o := range offsets {
		for _, user := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v to %v, user's token %v", o.before, o.after, user), func(t *testing.T) {
				t.Parallel() // they wait most of the time
				off := &offset{}
				off.Store(int64(o.before))
				test(t, clockRig(t, off, user), off, func() { off.Store(int64(o.after)) })
			})
		}
	}
}

func TestTheBotDoesNotTalkOverAHumanWhateverTheClock(t *testing.T) {
	forEveryClock(t, func(t *testing.T, r *rig, _ *offset, jump func()) {
		c := r.write(0, ask)
		r.ended()
		jump()
		if _, err := r.sim.AgentReplies(c, 7, "Hola, yo te atiendo.", chatwootsim.ViaAPI); err != nil {
			t.Fatal(err)
		}
		r.ended()
		r.write(c, questions(2))
		r.ended()
		if d := r.record(c); d.Reason != tania.HumanActive {
			t.Errorf("%s (%s)", d.Reason, d.Detail)
		}
		r.wantSaid(c, "Cuesta 350 pesos.")
	})
}

func TestStatusChangesAreHeardWhateverTheClock(t *testing.T) {
	forEveryClock(t, func(t *testing.T, r *rig, off *offset, jump func()) {
		c := r.write(0, ask)
		r.ended()
		status := func(s tania.Status) {
			t.Helper()
			if err := r.sim.SetStatus(c, 7, s, time.Time{}); err != nil {
				t.Fatal(err)
			}
			r.ended()
		}
		status(tania.StatusOpen)
		r.write(c, questions(2))
		r.ended()
		if d := r.record(c); d.Reason != tania.NotPending {
			t.Fatalf("in an open conversation: %s (%s)", d.Reason, d.Detail)
		}
		jump()
		off.later()
		status(tania.StatusPending)
		r.write(c, questions(3))
		r.ended()
		if d := r.record(c); d.Outcome != tania.OutcomeAnswered {
			t.Errorf("back with the bot: %s (%s)", d.Reason, d.Detail)
		}
	})
}

func TestAHandoffIsEndedByAStatusWhateverTheClock(t *testing.T) {
	forEveryClock(t, func(t *testing.T, r *rig, off *offset, jump func()) {
		c := r.write(0, "quiero hablar con una persona")
		r.ended()
		jump()
		r.write(c, ask)
		r.ended()
		if d := r.record(c); d.Reason != tania.HumanAssigned {
			t.Fatalf("after a handoff: %s (%s)", d.Reason, d.Detail)
		}
		off.later()
		if err := r.sim.SetStatus(c, 7, tania.StatusPending, time.Time{}); err != nil {
			t.Fatal(err)
		}
		r.ended()
		r.write(c, questions(2))
		r.ended()
		if d := r.record(c); d.Outcome != tania.OutcomeAnswered {
			t.Errorf("given back: %s (%s)", d.Reason, d.Detail)
		}
	})
}
