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
	text             string
}

// rule is one kind of incident. raise and end are how many readings in a row, Every apart, raise it and end it.
type rule struct {
	name, mend string
	raise, end int
	read       func(facts) reading
}

// Fixed thresholds. Those of the specification are failedPerHour and cacheRate.
const (
	failedPerHour  = 10
	cacheRate      = 0.20
	cacheRateFine  = 0.25
	cacheLookups   = 50
	budgetNearly   = 0.9
	keysLostFor    = time.Hour
	webhookErrors  = 0.05
	webhookAtLeast = 5
	// release is the part of a threshold at which an incident ends.
	release = 0.8
)

// minute is how many readings one takes.
const minute = int(time.Minute / Every)

// rules are the shared ones, in the order in which they are told.
func rules(s Settings) []rule {
	return []rule{
		{NoWorker, "Start a worker (tania serve or tania worker); the log of one that ended says why.", minute, 1, func(f facts) reading {
			n := 0
			for _, r := range f.all {
				if r.Worker {
					n++
				}
			}
			return reading{known: len(f.all) > 0, bad: n == 0, fine: n > 0, value: float64(n), threshold: 1, text: "no process answers customers"}
		}},
		{Waiting, "Raise WORKER_CONCURRENCY or start another worker; see whether the model or Chatwoot is slow.", minute, minute, ofQueue(func(q queue.Stats) reading {
			return above(float64(q.Waiting), float64(s.Waiting), fmt.Sprintf("%d conversations wait (limit %d)", q.Waiting, s.Waiting))
		})},
		{OldestWaiting, "See whether workers run and whether the model or Chatwoot is slow; raise WORKER_CONCURRENCY.", 2, minute, ofQueue(func(q queue.Stats) reading {
			age := time.Duration(q.OldestWaitingMS) * time.Millisecond
			r := above(age.Seconds(), s.Oldest.Seconds(), fmt.Sprintf("a customer waits for %s (limit %s)", age.Round(time.Second), s.Oldest))
			r.known = !q.Paused // who paused knows that customers wait
			return r
		})},
		{PausedLong, "Resume with tania queue resume, when what it was paused for is over.", 30 * minute, 1, ofQueue(func(q queue.Stats) reading {
			return reading{known: true, bad: q.Paused, fine: !q.Paused, value: 30, threshold: 30, text: "the queue has been paused for half an hour, by " + q.PausedBy}
		})},
		{Failed, "Read the reasons (tania dead list), mend the cause, then retry (tania dead retry --all).", 1, minute, ofQueue(func(q queue.Stats) reading {
			return above(float64(q.FailedLastHour), failedPerHour, fmt.Sprintf("%d turns failed for good within an hour (limit %d)", q.FailedLastHour, failedPerHour))
		})},
		{DeadLetters, "Work through them (tania dead list): retry what can be, discard the rest.", 1, minute, ofQueue(func(q queue.Stats) reading {
			return above(float64(q.Failed), float64(s.Dead), fmt.Sprintf("%d dead turns are kept (limit %d)", q.Failed, s.Dead))
		})},
		{KeysLost, "Set maxmemory-policy noeviction in Redis, give it memory enough, and find out who deletes keys by hand.", 1, 1, func(f facts) reading {
			if f.queue == nil {
				return reading{}
			}
			recent := f.at.Sub(f.queue.RepairedAt) < keysLostFor
			return reading{
				known: true, bad: recent, fine: !recent, value: float64(f.queue.Repaired + f.queue.Lost), threshold: 1,
				text: fmt.Sprintf("keys of the queue were lost in Redis: %d entries were put back, %d messages could not be", f.queue.Repaired, f.queue.Lost),
			}
		}},
		{BreakerOpen, "The model fails again and again: see its provider's status page, the key and the account; OPENAI_FALLBACK_MODELS names others.", 2, minute, func(f facts) reading {
			models := openBreakers(f.all)
			return reading{
				known: len(f.all) > 0, bad: len(models) > 0, fine: len(models) == 0, value: float64(len(models)), threshold: 1,
				text: "models are not asked because they failed again and again: " + strings.Join(models, ", "),
			}
		}},
		away(ChatwootAway, outage.Chatwoot, "Chatwoot does not answer; what customers wrote waits, and is answered when it is back", "See Chatwoot's own log, the proxy before it and the network between; CHATWOOT_BASE_URL says where it is looked for."),
		away(ModelAway, outage.Model, "no model answers; customers wait, then get what is certain without one, or a human", "See the model's server or its provider's status page; OPENAI_FALLBACK_MODELS names others."),
		{BudgetUsed, "Raise LLM_MONTHLY_BUDGET_USD; until then questions that need a model go to a human.", 1, 1, budget(1, "the month's budget is used up")},
		{BudgetNearlyUsed, "Raise LLM_MONTHLY_BUDGET_USD in time, or look for what costs so much.", 1, 1, budget(budgetNearly, "the month's budget is nearly used up")},
		{WebhookErrors, "Webhooks cannot be stored: see the log for the disk's or the store's error.", 1, minute, func(f facts) reading {
			var all, failed int64
			for _, r := range f.all {
				all, failed = all+r.Webhooks, failed+r.WebhookErrors
			}
			part := ratio(failed, all)
			return reading{
				known: len(f.all) > 0, bad: failed >= webhookAtLeast && part > webhookErrors, fine: part <= webhookErrors*release,
				value: part, threshold: webhookErrors, text: fmt.Sprintf("%d of %d webhooks failed within five minutes", failed, all),
			}
		}},
		{CacheHitRate, "See what customers ask (the cache page, decision records) and add what is asked often to the FAQ in bot.yaml.", 5 * minute, 5 * minute, func(f facts) reading {
			var hits, lookups int64
			for _, r := range f.all {
				hits, lookups = hits+r.CacheHits, lookups+r.CacheLookups
			}
			part := ratio(hits, lookups)
			return reading{
				known: len(f.all) > 0, bad: lookups >= cacheLookups && part < cacheRate, fine: lookups < cacheLookups || part >= cacheRateFine,
				value: part, threshold: cacheRate, text: fmt.Sprintf("the cache answered %.0f %% of %d questions within an hour (at least %.0f %% are expected)", 100*part, lookups, 100*cacheRate),
			}
		}},
	}
}

// away is the rule of a server that answering depends on. One reading raises it: it was probed.
func away(name, server, text, mend string) rule {
	return rule{name, mend, 1, 1, func(f facts) reading {
		n, cause := 0, ""
		for _, r := range f.all {
			for _, s := range r.Away {
				if s.Name == server {
					n, cause = n+1, s.Cause
				}
			}
		}
		return reading{known: len(f.all) > 0, bad: n > 0, fine: n == 0, value: float64(n), threshold: 1, text: text + ": " + cause}
	}}
}

// storeRule is the one that each process judges for itself.
func storeRule(redis bool) rule {
	name, what, mend := StoreLost, "the store cannot be written", "See the log for the disk's error: full, read-only or broken."
	if redis {
		name, what = RedisLost, "Redis does not answer; webhooks are kept on disk and nobody is answered"
		mend = "See Redis's own log, its memory and the network between; nothing is lost, all goes on when it is back."
	}
	return rule{name, mend, 2, 2, func(f facts) reading {
		return reading{known: true, bad: f.queue == nil, fine: f.queue != nil, value: 1, threshold: 1, text: what}
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

func above(value, threshold float64, text string) reading {
	return reading{known: true, bad: value > threshold, fine: value <= threshold*release, value: value, threshold: threshold, text: text}
}

func budget(part float64, text string) func(facts) reading {
	return func(f facts) reading {
		if f.budget <= 0 || f.spent < 0 {
			return reading{known: f.budget <= 0, fine: true}
		}
		limit := part * float64(f.budget)
		return reading{
			known: true, bad: float64(f.spent) >= limit, fine: float64(f.spent) < limit, value: float64(f.spent) / 1e6, threshold: limit / 1e6,
			text: fmt.Sprintf("%s: $%.2f of $%.2f", text, float64(f.spent)/1e6, float64(f.budget)/1e6),
		}
	}
}

func ratio(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
