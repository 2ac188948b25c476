package worker

import (
	"fmt"
	"time"

	"tania/internal/tania"
)

// late is how old a turn is that is too old to be answered as if nothing had happened, 0 where it is not. Its newest message decides:
// whoever has written since is still there. A dead turn that an operator retries is answered.
func (r *run) late() time.Duration {
	if r.ReplyMaxAge <= 0 || r.retried {
		return 0
	}
	m := r.newest()
	// By the store's clock: this process's own may be hours from that of the one that took the message.
	age := r.t.Claimed.Add(time.Since(r.claimed)).Sub(m.Received)
	if m.Received.IsZero() {
		age = 0
	}
	if age += m.Late(); age <= r.ReplyMaxAge {
		return 0
	}
	return age
}

// tooLate plans the apology for coming late, and a human.
func (r *run) tooLate(age time.Duration) *plan {
	p := r.handOver(tania.HandoffLate, roughly(age))
	r.record.Detail = fmt.Sprintf("the customer wrote %s ago; answers are given for %s", age.Round(time.Minute), r.ReplyMaxAge)
	p.Message = r.Bot.Late.In(r.record.Language, r.Bot.Language)
	return p
}

// roughly is a time in days, hours and minutes, as agents of all the bot's languages read it.
func roughly(d time.Duration) string {
	d = d.Round(time.Minute)
	days, hours, minutes := d/(24*time.Hour), d%(24*time.Hour)/time.Hour, d%time.Hour/time.Minute
	switch {
	case days > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	default:
		return fmt.Sprintf("%d min", minutes)
	}
}
