package alert

import (
	"fmt"
	"strings"
	"time"

	"tania/internal/outage"
	"tania/internal/queue"
)

// facts are what the rules judge.
type facts struct {
	// at is when they were gathered.
	at time.Time
	// queue is nil when the store did not say.
	queue *queue.Stats
	// spent of budget, in micro-USD; a budget of 0 is none, spent under 0 is not known.
	spent, budget int64
	// all are the processes' reports, none when they are not known.
	all []Report
}

// reading is what a rule sees.
type reading struct {
	// known is false where nothing can be said now: what was, stays.
	known bool
	// bad raises, fine ends. Between the two what was stays, so that a value about the threshold does not flap.
	bad, fine        bool
	value, threshold float64
	// args are what the alert's text speaks of.
	args []any
}

// rule is one kind of incident. raise and end are how many readings in a row, Every apart, raise it and end it.
type rule struct {
	name       string
	raise, end int
	read       func(facts) reading
}

// Fixed thresholds. Those of the specification are failedPerHour and cacheRate.
const (
	failedPerHour = 10
	// undeliveredPerHour is above what single customers make of it, who block the sender or have no such number any more.
	undeliveredPerHour = 10
	cacheRate          = 0.20
	cacheRateFine      = 0.25
	cacheLookups       = 50
	budgetNearly       = 0.9
	keysLostFor        = time.Hour
	webhookErrors      = 0.05
	// webhooksRefused is above what strangers who try an open port make of it.
	webhooksRefused = 0.2
	webhookAtLeast  = 5
	// clockApart is far from what NTP leaves, which is below a second, and well before webhooks are refused for their timestamp
	// (chatwoot.ClockTolerance, 5 min) by a process that has yet to learn the difference.
	clockApart = 2 * time.Minute
	// release is the part of a threshold at which an incident ends.
	release = 0.8
)

// minute is how many readings one takes.
const minute = int(time.Minute / Every)

// rules are the shared ones, in the order in which they are told.
func rules(s Settings) []rule {
	return []rule{
		{NoWorker, minute, 1, func(f facts) reading {
			n := 0
			for _, r := range f.all {
				if r.Worker {
					n++
				}
			}
			return reading{known: len(f.all) > 0, bad: n == 0, fine: n > 0, value: float64(n), threshold: 1}
		}},
		{Waiting, minute, minute, ofQueue(func(q queue.Stats) reading {
			return above(float64(q.Waiting), float64(s.Waiting), q.Waiting, s.Waiting)
		})},
		{OldestWaiting, 2, minute, ofQueue(func(q queue.Stats) reading {
			age := time.Duration(q.OldestWaitingMS) * time.Millisecond
			r := above(age.Seconds(), s.Oldest.Seconds(), age.Round(time.Second).String(), s.Oldest.String())
			r.known = !q.Paused // who paused knows that customers wait
			return r
		})},
		{PausedLong, 30 * minute, 1, ofQueue(func(q queue.Stats) reading {
			return reading{known: true, bad: q.Paused, fine: !q.Paused, value: 30, threshold: 30, args: []any{q.PausedBy}}
		})},
		{Failed, 1, minute, ofQueue(func(q queue.Stats) reading {
			return above(float64(q.FailedLastHour), failedPerHour, fmt.Sprintf("%d turns failed for good within an hour (limit %d)",
				q.FailedLastHour, failedPerHour))
		})},
		{DeadLetters, 1, minute, ofQueue(func(q queue.Stats) reading {
			return above(float64(q.Failed), float64(s.Dead), fmt.Sprintf("%d dead letters are kept (limit %d)", q.Failed, s.Dead))
		})},
		{KeysLost, 1, 1, func(f facts) reading {
			if f.queue == nil {
				return reading{}
			}
			recent := f.at.Sub(f.queue.RepairedAt) < keysLostFor
			return reading{
				known: true, bad: recent, fine: !recent, value: float64(f.queue.Repaired + f.queue.Lost), threshold: 1,
				args: []any{f.queue.Repaired, f.queue.Lost},
			}
		}},
		{BreakerOpen, 2, minute, func(f facts) reading {
			models := openBreakers(f.all)
			return reading{
				known: len(f.all) > 0, bad: len(models) > 0, fine: len(models) == 0, value: float64(len(models)), threshold: 1,
				args: []any{strings.Join(models, ", ")},
			}
		}},
		away(ChatwootAway, outage.Chatwoot),
		away(ModelAway, outage.Model),
		{BudgetUsed, 1, 1, budget(1)},
		{BudgetNearlyUsed, 1, 1, budget(budgetNearly)},
		{WebhookErrors, 1, minute, func(f facts) reading {
			var all, failed int64
			for _, r := range f.all {
				all, failed = all+r.Webhooks, failed+r.WebhookErrors
			}
			part := ratio(failed, all)
			return reading{
				known: len(f.all) > 0, bad: failed >= webhookAtLeast && part > webhookErrors, fine: part <= webhookErrors*release,
				value: part, threshold: webhookErrors, args: []any{failed, all},
			}
		}},
		{WebhooksRefused, 1, minute, func(f facts) reading {
			var all, refused int64
			for _, r := range f.all {
				all, refused = all+r.Webhooks, refused+r.WebhooksRefused
			}
			part := ratio(refused, all)
			return reading{
				known: len(f.all) > 0, bad: refused >= webhookAtLeast && part > webhooksRefused, fine: part <= webhooksRefused*release,
				value: part, threshold: webhooksRefused, args: []any{refused, all},
			}
		}},
		worded(TokenRefused, 1, func(r Report) string { return r.TokenRefused }),
		worded(HandoffIncomplete, 1, func(r Report) string { return r.HandoffRefused }),
		// Where the process that reads sources goes, another knows within a minute how they are.
		worded(SourceFailed, 2*minute, func(r Report) string { return r.SourceFailed }),
		{Undelivered, 1, minute, func(f facts) reading {
			var n int64
			for _, r := range f.all {
				n += r.Undelivered
			}
			r := above(float64(n), undeliveredPerHour, n, undeliveredPerHour)
			r.known = len(f.all) > 0
			return r
		}},
		{ClockOff, minute, minute, func(f facts) reading {
			var ahead time.Duration
			for _, r := range f.all {
				if d := time.Duration(r.ClockAhead) * time.Second; d.Abs() > ahead.Abs() {
					ahead = d
				}
			}
			here := f.at.UTC()
			r := above(ahead.Abs().Seconds(), clockApart.Seconds(), ahead.Abs().String(), here.Add(ahead).Format(time.TimeOnly),
				here.Format(time.TimeOnly))
			r.known = len(f.all) > 0
			return r
		}},
		{CacheHitRate, 5 * minute, 5 * minute, func(f facts) reading {
			var hits, lookups int64
			for _, r := range f.all {
				hits, lookups = hits+r.CacheHits, lookups+r.CacheLookups
			}
			part := ratio(hits, lookups)
			return reading{
				known: len(f.all) > 0, bad: lookups >= cacheLookups && part < cacheRate, fine: lookups < cacheLookups || part >= cacheRateFine,
				value: part, threshold: cacheRate, args: []any{100 * part, lookups, 100 * cacheRate},
			}
		}},
	}
}

// away is the rule of a server that answering depends on. One reading raises it: it was probed.
func away(name, server string) rule {
	return rule{name, 1, 1, func(f facts) reading {
		n, cause := 0, ""
		for _, r := range f.all {
			for _, s := range r.Away {
				if s.Name == server {
					n, cause = n+1, s.Cause
				}
			}
		}
		return reading{known: len(f.all) > 0, bad: n > 0, fine: n == 0, value: float64(n), threshold: 1, args: []any{cause}}
	}}
}

// worded is the rule of what a process reports in a word while it lasts. end is how many readings without it end the alert.
func worded(name string, end int, of func(Report) string) rule {
	return rule{name, 1, end, func(f facts) reading {
		n, what := 0, ""
		for _, r := range f.all {
			if said := of(r); said != "" {
				n, what = n+1, said
			}
		}
		return reading{known: len(f.all) > 0, bad: n > 0, fine: n == 0, value: float64(n), threshold: 1, args: []any{what}}
	}}
}

// storeRule is the one that each process judges for itself.
func storeRule(shared bool) rule {
	name := StoreLost
	if shared {
		name = RedisLost
	}
	return rule{name, 2, 2, func(f facts) reading {
		return reading{known: true, bad: f.queue == nil, fine: f.queue != nil, value: 1, threshold: 1}
	}}
}

func ofQueue(read func(queue.Stats) reading) func(facts) reading {
	return func(f facts) reading {
		if f.queue == nil {
			return reading{}
		}
		return read(*f.queue)
	}
}

func above(value, threshold float64, args ...any) reading {
	return reading{known: true, bad: value > threshold, fine: value <= threshold*release, value: value, threshold: threshold, args: args}
}

func budget(part float64) func(facts) reading {
	return func(f facts) reading {
		if f.budget <= 0 || f.spent < 0 {
			return reading{known: f.budget <= 0, fine: true}
		}
		limit := part * float64(f.budget)
		return reading{
			known: true, bad: float64(f.spent) >= limit, fine: float64(f.spent) < limit, value: float64(f.spent) / 1e6, threshold: limit / 1e6,
			args: []any{float64(f.spent) / 1e6, float64(f.budget) / 1e6},
		}
	}
}

func ratio(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
