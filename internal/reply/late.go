package reply

import (
	"fmt"
	"time"

	"tania/internal/tania"
)

// TooLate gives the apology for coming late, and a human, where a case is too old to be answered as if nothing had happened. Its newest
// message decides: whoever has written since is still there. A dead letter that an operator retries is answered. The record has the
// customer's language.
func TooLate(c Case, d Deps, record tania.Record) (p Plan, late bool) {
	if d.MaxAge <= 0 || c.Retried || c.Age <= d.MaxAge {
		return Plan{}, false
	}
	p = handOver(record, tania.HandoffLate, roughly(c.Age))
	p.Record.Detail = fmt.Sprintf("the customer wrote %s ago; answers are given for %s", c.Age.Round(time.Minute), d.MaxAge)
	p.Message = d.Bot.Late.In(record.Language, d.Bot.Language)
	return p, true
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
