package telemetry

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tania/internal/queue"
)

// Sources are asked at each scrape, all of them within askTime. Nil ones are left out.
type Sources struct {
	Queue func(ctx context.Context) (queue.Stats, error)
	// Shared reports whether the queue is in a store that processes share, and that may be away.
	Shared bool
	// Kept counts the webhooks that this process has spooled until the store is back.
	Kept func() int64
	// Spent is this month's cost and Budget its limit, both in micro-USD; a Budget of 0 is none.
	Spent  func(ctx context.Context) (int64, error)
	Budget int64
	// Breakers says of each model whether its circuit breaker is open.
	Breakers func() map[string]bool
	// Away says of each server that answering depends on whether this process finds it away.
	Away func() map[string]bool
	// ClockAhead is how far Chatwoot's clock is ahead of this machine's; negative: behind.
	ClockAhead func() time.Duration
	// Connections counts those that clients hold open to the web server: Chatwoot's, a proxy's, browsers'.
	Connections func() int64
	// Workers gives how many turns this process may and does run at once.
	Workers func() (concurrency int, running int64)
	Cache   Cache
	// Firing says of each alert whether it is raised.
	Firing func() map[string]bool
	// Thresholds are those of alerts that a variable sets, by the alert's name.
	Thresholds map[string]float64
}

// Cache is the semantic cache, as far as it is watched.
type Cache interface {
	CacheStats(ctx context.Context) (CacheStats, error)
}

// CacheStats counts since the start of the process, but Entries, which is now.
type CacheStats struct {
	// Hits are answers given from the cache, by tier: exact, semantic.
	Hits map[string]int64
	// Misses are look-ups that found nothing to give, Refusals questions not looked up, and answers not stored, by reason, and Vetoes
	// near finds that were not given, by reason.
	Misses           int64
	Refusals, Vetoes map[string]int64
	Entries          int64
}

// HitRate is the part of look-ups that were answered, from 0 to 1; 0 where there were none.
func (s CacheStats) HitRate() float64 {
	hits := s.AllHits()
	if hits+s.Misses == 0 {
		return 0
	}
	return float64(hits) / float64(hits+s.Misses)
}

// AllHits are the hits of all tiers.
func (s CacheStats) AllHits() (all int64) {
	for _, n := range s.Hits {
		all += n
	}
	return all
}

// askTime bounds the sources: a scrape waits ten seconds, and a store that does not answer must not cost the other metrics.
const askTime = 700 * time.Millisecond

// Watch adds what is asked at each scrape.
func (m *Metrics) Watch(s Sources) { m.registry.MustRegister(&collector{sources: s}) }

type collector struct{ sources Sources }

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	queueWaiting   = desc("tania_queue_waiting", "Conversations that are due and that no worker has taken.")
	queueActive    = desc("tania_queue_active", "Turns that workers have, in all processes.")
	queueDelayed   = desc("tania_queue_delayed", "Conversations that wait for the end of a burst or for a retry.")
	queueParked    = desc("tania_queue_parked", "Conversations that wait for somebody's word.")
	queueDead      = desc("tania_queue_dead", "Dead letters that are kept.")
	queueDeadHour  = desc("tania_queue_dead_last_hour", "Dead letters that died within the last hour.")
	queueOldest    = desc("tania_queue_oldest_waiting_seconds", "How long the oldest of the waiting conversations has been due.")
	queuePaused    = desc("tania_queue_paused", "1 while the queue is paused.")
	queueCompleted = desc("tania_queue_completed_total", "Turns completed, by all processes, since the store was made.")
	queueMessages  = desc("tania_queue_messages_total", "Messages accepted, by all processes, since the store was made.")
	queueRepaired  = desc("tania_queue_repaired_total",
		"Entries that were put back after keys of the queue had been lost in Redis, since the store was made.")
	queueLost       = desc("tania_queue_lost_total", "Messages and dead letters whose texts Redis lost, since the store was made.")
	queueDuplicates = desc("tania_queue_duplicates_total", "Messages delivered again, to all processes, since the store was made.")
	queueKept       = desc("tania_queue_kept", "Webhooks that this process keeps until Redis is back.")
	queueUp         = desc("tania_queue_up", "1 while the store answers this process; the other tania_queue_ metrics are there then.")
	redisUp         = desc("tania_redis_up", "1 while Redis answers this process. Not there without Redis.")
	budgetLimit     = desc("tania_budget_limit_usd", "What the models may cost in a month, LLM_MONTHLY_BUDGET_USD; 0 is no limit.")
	budgetSpent     = desc("tania_budget_spent_usd", "What the models have cost this calendar month (UTC), in all processes.")
	breakerOpen     = desc("tania_model_breaker_open", "1 while this process does not ask a model because it failed again and again.", "model")
	serverAway      = desc("tania_server_away", "1 while this process finds a server away that answering depends on: chatwoot, model.",
		"server")
	clockAhead     = desc("tania_chatwoot_clock_ahead_seconds", "How far Chatwoot's clock is ahead of this machine's; negative: behind.")
	webConnections = desc("tania_http_connections", "Connections that clients hold open to this process.")
	workerSlots    = desc("tania_worker_concurrency", "Turns that this process may run at once.")
	workerRunning  = desc("tania_worker_running", "Turns that this process runs.")
	alertFiring    = desc("tania_alert_firing", "1 while Tania's own alert is raised.", "alert")
	alertThreshold = desc("tania_alert_threshold", "Thresholds of alerts that variables set.", "alert")
	cacheHits      = desc("tania_cache_hits_total", "Answers given from the semantic cache, by tier.", "tier")
	cacheLookups   = desc("tania_cache_lookups_total", "Look-ups in the semantic cache, by result.", "result")
	cacheRefusals  = desc("tania_cache_refusals_total", "Questions not looked up and answers not stored, by reason.", "reason")
	cacheVetoes    = desc("tania_cache_vetoes_total", "Near finds that were not given, by reason.", "reason")
	cacheEntries   = desc("tania_cache_entries", "Answers in the semantic cache.")
)

// Describe implements prometheus.Collector.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		queueWaiting, queueActive, queueDelayed, queueParked, queueDead, queueDeadHour, queueOldest, queuePaused, queueCompleted, queueMessages,
		queueDuplicates, queueRepaired, queueLost, queueKept, queueUp, redisUp, budgetLimit, budgetSpent, breakerOpen, serverAway, clockAhead,
		webConnections, workerSlots, workerRunning, alertFiring,
		alertThreshold, cacheHits, cacheLookups, cacheRefusals, cacheVetoes, cacheEntries,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector. What cannot be had in time is left out.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	ctx, done := context.WithTimeout(context.Background(), askTime)
	defer done()
	s := c.sources
	var asking sync.WaitGroup
	if s.Queue != nil {
		asking.Go(func() { c.queue(ctx, to) })
	}
	if s.Spent != nil {
		asking.Go(func() { c.budget(ctx, to) })
	}
	asking.Go(func() { c.cache(ctx, to) })
	if s.Kept != nil {
		gauge(to, queueKept, float64(s.Kept()))
	}
	if s.Breakers != nil {
		for model, open := range s.Breakers() {
			gauge(to, breakerOpen, flag(open), model)
		}
	}
	if s.Connections != nil {
		gauge(to, webConnections, float64(s.Connections()))
	}
	if s.Workers != nil {
		concurrency, running := s.Workers()
		gauge(to, workerSlots, float64(concurrency))
		gauge(to, workerRunning, float64(running))
	}
	if s.Away != nil {
		for server, away := range s.Away() {
			gauge(to, serverAway, flag(away), server)
		}
	}
	if s.ClockAhead != nil {
		gauge(to, clockAhead, s.ClockAhead().Seconds())
	}
	if s.Firing != nil {
		for alert, firing := range s.Firing() {
			gauge(to, alertFiring, flag(firing), alert)
		}
	}
	for alert, threshold := range s.Thresholds {
		gauge(to, alertThreshold, threshold, alert)
	}
	asking.Wait()
}

func (c *collector) queue(ctx context.Context, to chan<- prometheus.Metric) {
	s, err := c.sources.Queue(ctx)
	gauge(to, queueUp, flag(err == nil))
	if c.sources.Shared {
		gauge(to, redisUp, flag(err == nil))
	}
	if err != nil {
		return
	}
	gauge(to, queueWaiting, float64(s.Waiting))
	gauge(to, queueActive, float64(s.Active))
	gauge(to, queueDelayed, float64(s.Delayed))
	gauge(to, queueParked, float64(s.Parked))
	gauge(to, queueDead, float64(s.Failed))
	gauge(to, queueDeadHour, float64(s.FailedLastHour))
	gauge(to, queueOldest, float64(s.OldestWaitingMS)/1000)
	gauge(to, queuePaused, flag(s.Paused))
	count(to, queueCompleted, s.Completed)
	count(to, queueMessages, s.Messages)
	count(to, queueDuplicates, s.Duplicates)
	count(to, queueRepaired, s.Repaired)
	count(to, queueLost, s.Lost)
}

func (c *collector) budget(ctx context.Context, to chan<- prometheus.Metric) {
	gauge(to, budgetLimit, float64(c.sources.Budget)/1e6)
	if spent, err := c.sources.Spent(ctx); err == nil {
		gauge(to, budgetSpent, float64(spent)/1e6)
	}
}

// cache gives the cache's metrics; without a cache nothing was ever looked up.
func (c *collector) cache(ctx context.Context, to chan<- prometheus.Metric) {
	s := CacheStats{Hits: map[string]int64{"exact": 0, "semantic": 0}}
	if c.sources.Cache != nil {
		var err error
		if s, err = c.sources.Cache.CacheStats(ctx); err != nil {
			return
		}
	}
	for tier, n := range s.Hits {
		count(to, cacheHits, n, tier)
	}
	count(to, cacheLookups, s.AllHits(), "hit")
	count(to, cacheLookups, s.Misses, "miss")
	for reason, n := range s.Refusals {
		count(to, cacheRefusals, n, reason)
	}
	for reason, n := range s.Vetoes {
		count(to, cacheVetoes, n, reason)
	}
	gauge(to, cacheEntries, float64(s.Entries))
}

func gauge(to chan<- prometheus.Metric, d *prometheus.Desc, v float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func count(to chan<- prometheus.Metric, d *prometheus.Desc, n int64, labels ...string) {
	to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
