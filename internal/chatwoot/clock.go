package chatwoot

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Clock learns how far Chatwoot's clock is from this machine's. Times of Chatwoot's are put in this machine's time where they come
// in (Settle, Client), so that they can be compared with what happened here, and their order stays Chatwoot's own: the difference
// that is applied changes only when a clock has moved. A nil Clock takes both for the same. It may be used by many goroutines.
type Clock struct {
	// Moved is called when another difference is applied; nil: nobody listens.
	Moved func(ahead time.Duration)

	mu      sync.Mutex
	sources [3]difference
}

// source is where a sample comes from, the most trusted first.
type source int

const (
	// fromChatwoot is its own clock, read a moment ago: the timestamp of a signed webhook, GET /api, a message that was just saved.
	fromChatwoot source = iota
	// fromDate is the Date of an answer, which a proxy may have written.
	fromDate
	// fromArrival is when a conversation changed, on the arrival of the webhook, which may come late.
	fromArrival
)

// difference is what one source says.
type difference struct {
	known  bool
	ahead  time.Duration
	recent []time.Duration
	at     time.Time
}

const (
	// slack is what a sample may be off by itself: whole seconds, and the way.
	slack = 2 * time.Second
	// jump is a difference that is no way's.
	jump = 10 * time.Second
	// sampleLife is how long a source is believed before the others, after its last sample.
	sampleLife = time.Hour
	// enough are how many agree on a small difference, and on lateness that is none.
	enough = 3
)

// Ahead is how far Chatwoot's clock is ahead of this machine's; 0 for up to two seconds.
func (c *Clock) Ahead() time.Duration {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead()
}

func (c *Clock) ahead() time.Duration {
	best, _ := c.best()
	return best.ahead
}

// best is what the most trusted of the sources says that have told of late, and which that is.
func (c *Clock) best() (difference, source) {
	newest := slices.MaxFunc(c.sources[:], func(a, b difference) int { return a.at.Compare(b.at) }).at
	for from, d := range c.sources {
		if d.known && newest.Sub(d.at) < sampleLife {
			return d, source(from)
		}
	}
	return difference{}, fromArrival
}

// sure reports whether Chatwoot told its time itself, or a proxy of its own did: arrivals alone cannot tell lateness from a clock.
func (c *Clock) sure() bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, from := c.best()
	return from != fromArrival
}

// Theirs is Chatwoot's time at one of this machine's.
func (c *Clock) Theirs(ours time.Time) time.Time { return ours.Add(c.Ahead()) }

// Ours is this machine's time at one of Chatwoot's; none stays none.
func (c *Clock) Ours(theirs time.Time) time.Time {
	if theirs.IsZero() {
		return theirs
	}
	return theirs.Add(-c.Ahead())
}

// Signed learns from a webhook whose signature was right, received now.
func (c *Clock) Signed(header http.Header, now time.Time) {
	if seconds, err := strconv.ParseInt(header.Get(HeaderTimestamp), 10, 64); err == nil {
		c.learn(fromChatwoot, time.Unix(seconds, 0), now)
	}
}

// Arrived learns from an event that was not signed, received now.
func (c *Clock) Arrived(e *Event, now time.Time) {
	if at := newestIn(e); !at.IsZero() {
		c.learn(fromArrival, at, now)
	}
}

// Doubts reports whether an event, received now, is so far from Chatwoot's time as it is known that either it is late or a clock was set.
func (c *Clock) Doubts(e *Event, now time.Time) bool {
	at := newestIn(e)
	return c != nil && !at.IsZero() && c.Theirs(now).Sub(at).Abs() > jump
}

// newestIn is the last time that an event tells of.
func newestIn(e *Event) time.Time {
	at := e.Conversation.Updated
	if e.Kind == KindMessageCreated && e.Message.Created.After(at) {
		at = e.Message.Created
	}
	return at
}

// Settle puts an event's times in this machine's.
func (c *Clock) Settle(e *Event) {
	c.settle(&e.Conversation)
	if e.Message != nil {
		e.Message.Created, e.Message.Settled = c.Ours(e.Message.Created), c.sure()
	}
}

func (c *Clock) settle(conversation *Conversation) {
	conversation.Ahead = c.Ahead()
	conversation.Updated = c.Ours(conversation.Updated)
	if conversation.Last != nil {
		conversation.Last.Created = c.Ours(conversation.Last.Created)
	}
}

// dated learns from an answer's headers.
func (c *Clock) dated(header http.Header, now time.Time) {
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		c.learn(fromDate, at, now)
	}
}

// learn takes in that it was theirs there when it was ours here.
func (c *Clock) learn(from source, theirs, ours time.Time) {
	if c == nil || theirs.Unix() <= 0 {
		return
	}
	c.mu.Lock()
	before := c.ahead()
	c.sources[from].take(theirs.Sub(ours).Round(time.Millisecond), ours, from == fromArrival)
	after := c.ahead()
	c.mu.Unlock()
	if after != before && c.Moved != nil {
		c.Moved(after)
	}
}

// take follows a jump at once and a drift when several samples show it. A source whose samples may be late is believed to be behind
// only when they agree on by how much; ahead of its time nothing comes.
func (d *difference) take(sample time.Duration, now time.Time, mayBeLate bool) {
	d.at = now
	d.recent = append(d.recent, sample)
	d.recent = d.recent[max(len(d.recent)-enough, 0):]
	off := sample - d.ahead
	switch {
	case mayBeLate && off < 0 && !d.agree():
		d.known = d.known || sample > -slack
		return
	case off.Abs() > jump, mayBeLate && off > slack:
		d.ahead, d.recent = tidy(sample), append(d.recent[:0], sample)
	case len(d.recent) == enough && (!mayBeLate || d.agree()) && (d.median()-d.ahead).Abs() > slack:
		d.ahead = tidy(d.median())
	}
	d.known = true
}

func (d *difference) agree() bool {
	return len(d.recent) == enough && slices.Max(d.recent)-slices.Min(d.recent) <= 2*slack
}

func (d *difference) median() time.Duration {
	sorted := slices.Sorted(slices.Values(d.recent))
	return sorted[len(sorted)/2]
}

// tidy is 0 for what is no difference.
func tidy(ahead time.Duration) time.Duration {
	if ahead.Abs() <= slack {
		return 0
	}
	return ahead
}
