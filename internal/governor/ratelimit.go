package governor

import (
	"fmt"
	"slices"
	"time"

	"tania/internal/tania"
)

const (
	// window is what MaxPerMinute counts in.
	window = time.Minute
	// rateNoticeEvery is how long a customer who was told to wait is not told again.
	rateNoticeEvery = 10 * time.Minute
)

// rateLimited makes a turn wait when the customer's messages of the last minute are more than allowed, until they no
// longer are. What comes meanwhile joins the turn, and all of it is answered at once; so a turn waits once only.
func rateLimited(g *Governor, v *view) finding {
	if g.MaxPerMinute <= 0 || v.Deferred > 0 {
		return finding{}
	}
	arrivals := v.arrivals()
	over := len(arrivals) - g.MaxPerMinute
	if over <= 0 {
		return finding{}
	}
	f := refuse(fmt.Sprintf("%d messages within a minute; %d are answered", len(arrivals), g.MaxPerMinute))
	f.wait = min(max(arrivals[over-1].Add(window).Sub(v.Now), time.Millisecond), window)
	if told, ok := v.Memory.Notices[tania.NoticeRateLimited]; !ok || v.Now.Sub(told) > rateNoticeEvery {
		f.notice = tania.NoticeRateLimited
	}
	return f
}

// arrivals gives the times, ascending, at which messages came in the last minute: those of earlier turns and this one's.
func (v *view) arrivals() []time.Time {
	since := v.Now.Add(-window)
	times := make([]time.Time, 0, len(v.Memory.Arrivals)+len(v.Messages))
	for _, m := range v.Messages {
		if m.Received.After(since) {
			times = append(times, m.Received)
		}
	}
	for _, at := range v.Memory.Arrivals {
		// An earlier attempt at this turn may have remembered its messages already.
		remembered := slices.ContainsFunc(v.Messages, func(m tania.Message) bool { return m.Received.Equal(at) })
		if at.After(since) && !remembered {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}
