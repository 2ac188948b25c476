package worker

import (
	"fmt"
	"time"

	"tania/internal/tania"
)

// late says, in words, by what a turn is too old to be answered as if nothing had happened; empty where it is not. Its newest message
// decides: whoever has written since is still there. A dead turn that an operator retries is answered.
func (r *run) late() string {
	if r.ReplyMaxAge <= 0 || r.retried {
		return ""
	}
	m := r.newest()
	// By the store's clock: this process's own may be hours from that of the one that took the message.
	age := r.t.Claimed.Add(time.Since(r.claimed)).Sub(m.Received)
	if m.Received.IsZero() {
		age = 0
	}
	if age += m.Late(); age <= r.ReplyMaxAge {
		return ""
	}
	return fmt.Sprintf("the customer wrote %s ago; answers are given for %s", age.Round(time.Minute), r.ReplyMaxAge)
}

// tooLate plans the apology for coming late, and a human.
func (r *run) tooLate(why string) *plan {
	p := r.handOver(tania.HandoffLate, why)
	r.record.Detail = why
	p.Message = r.Bot.Late.In(r.record.Language, r.Bot.Language)
	return p
}
