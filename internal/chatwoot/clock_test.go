package chatwoot

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

var noonHere = time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)

func signedAt(at time.Time) http.Header {
	return http.Header{HeaderTimestamp: {strconv.FormatInt(at.Unix(), 10)}}
}

func dateOf(at time.Time) http.Header { return http.Header{"Date": {at.UTC().Format(http.TimeFormat)}} }

func arrival(at time.Time) *Event {
	return &Event{Kind: KindMessageCreated, Conversation: Conversation{Updated: at}, Message: &Message{Created: at}}
}

func near(a, b time.Duration) bool { return (a - b).Abs() <= 2*time.Second }

func TestTheClockLearnsTheDifferenceFromEachSource(t *testing.T) {
	for _, off := range []time.Duration{-time.Hour, -30 * time.Minute, -290 * time.Second, 0, 9 * time.Minute, 3 * time.Hour} {
		for name, learn := range map[string]func(*Clock, time.Time){
			"signed":  func(c *Clock, now time.Time) { c.Signed(signedAt(now.Add(off)), now) },
			"date":    func(c *Clock, now time.Time) { c.dated(dateOf(now.Add(off)), now) },
			"arrival": func(c *Clock, now time.Time) { c.Arrived(arrival(now.Add(off)), now) },
		} {
			var c Clock
			for n := range 3 {
				learn(&c, noonHere.Add(time.Duration(n)*time.Second))
			}
			if !near(c.Ahead(), off) {
				t.Errorf("%s: %v ahead, want %v", name, c.Ahead(), off)
			}
			if at := c.Ours(noonHere.Add(off)); !near(at.Sub(noonHere), 0) {
				t.Errorf("%s: noon there is %v here", name, at)
			}
		}
	}
}

func TestTheClockFollowsAJumpAtOnceAndIsSteadyOtherwise(t *testing.T) {
	var moved []time.Duration
	c := &Clock{Moved: func(ahead time.Duration) { moved = append(moved, ahead) }}
	at := noonHere
	for _, off := range []time.Duration{9 * time.Minute, 0, -30 * time.Minute, 9 * time.Minute} {
		for n := range 20 {
			at = at.Add(1300 * time.Millisecond)
			c.Signed(signedAt(at.Add(off)), at)
			if n == 0 && !near(c.Ahead(), off) {
				t.Fatalf("%v ahead after a jump to %v", c.Ahead(), off)
			}
		}
	}
	if len(moved) != 4 {
		t.Errorf("moved %v, want four times", moved)
	}
	for range 3 {
		c.Signed(signedAt(at.Add(9*time.Minute+5*time.Second)), at)
	}
	if !near(c.Ahead(), 9*time.Minute+5*time.Second) {
		t.Errorf("%v ahead after a drift of five seconds", c.Ahead())
	}
}

func TestLateMessagesAreNoClockThatIsBehind(t *testing.T) {
	var c Clock
	for _, late := range []time.Duration{2 * time.Hour, 90 * time.Minute, 0, 3 * time.Hour, 10 * time.Minute, 50 * time.Minute} {
		c.Arrived(arrival(noonHere.Add(-late)), noonHere)
		if c.Ahead() != 0 {
			t.Fatalf("%v ahead after a message that was %v late", c.Ahead(), late)
		}
	}
	c.Arrived(arrival(noonHere.Add(9*time.Minute)), noonHere)
	if !near(c.Ahead(), 9*time.Minute) {
		t.Errorf("%v ahead: nothing comes from the future", c.Ahead())
	}
}

func TestChatwootsOwnClockIsBelievedBeforeAProxys(t *testing.T) {
	var c Clock
	c.dated(dateOf(noonHere), noonHere)
	c.Signed(signedAt(noonHere.Add(-time.Hour)), noonHere)
	c.dated(dateOf(noonHere), noonHere.Add(time.Second))
	if !near(c.Ahead(), -time.Hour) {
		t.Errorf("%v ahead", c.Ahead())
	}
	c.dated(dateOf(noonHere.Add(2*time.Hour)), noonHere.Add(2*time.Hour))
	if c.Ahead() != 0 {
		t.Errorf("%v ahead, by what was heard two hours ago", c.Ahead())
	}
	var none *Clock
	none.Signed(signedAt(noonHere), noonHere)
	if none.Ahead() != 0 || !none.Ours(time.Time{}).IsZero() {
		t.Error("no clock is not the same clock")
	}
}

func TestARefusalForTheTimeSaysByHowMuch(t *testing.T) {
	v := NewVerifier("s")
	for off, want := range map[time.Duration]string{-time.Hour: "1h0m0s behind", 9 * time.Minute: "9m0s ahead"} {
		stamp, signature := Sign("s", noonHere.Add(off), []byte("{}"))
		header := http.Header{HeaderTimestamp: {stamp}, HeaderSignature: {signature}}
		err := v.Verify(header, []byte("{}"), noonHere)
		if !errors.Is(err, ErrStale) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "clock") {
			t.Errorf("%v: %v", off, err)
		}
		var c Clock
		c.learn(fromChatwoot, noonHere.Add(off), noonHere)
		if err := v.Verify(header, []byte("{}"), c.Theirs(noonHere)); err != nil {
			t.Errorf("%v, known: %v", off, err)
		}
	}
}

// TestWhatIsLateIsToldFromAClockWhereChatwootToldItsTime: arrivals alone do not tell them apart.
func TestWhatIsLateIsToldFromAClockWhereChatwootToldItsTime(t *testing.T) {
	const off = -30 * time.Minute
	for name, x := range map[string]struct {
		learn   func(*Clock)
		settled bool
	}{
		"nothing": {func(*Clock) {}, false},
		"signed":  {func(c *Clock) { c.Signed(signedAt(noonHere.Add(off)), noonHere) }, true},
		"date":    {func(c *Clock) { c.dated(dateOf(noonHere.Add(off)), noonHere) }, true},
		"arrivals": {func(c *Clock) {
			for range enough {
				c.Arrived(arrival(noonHere.Add(off)), noonHere)
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var c Clock
			x.learn(&c)
			e := arrival(noonHere.Add(off - time.Hour))
			c.Settle(e)
			m := e.Message
			if m.Settled != x.settled {
				t.Errorf("settled: %v", m.Settled)
			}
			if c.Ahead() != 0 && !m.Created.Equal(noonHere.Add(-time.Hour)) {
				t.Errorf("created %s", m.Created)
			}
		})
	}
	var none *Clock
	e := arrival(noonHere)
	if none.Settle(e); e.Message.Settled {
		t.Error("settled without a clock")
	}
}
