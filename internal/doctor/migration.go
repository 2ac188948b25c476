package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/queue"
)

// The six lines of the migration's check list.
const (
	lineRedis   = "1 Redis connects"
	lineWebhook = "2 webhook answers in 100 ms"
	lineWorker  = "3 worker processes messages"
	lineCache   = "4 semantic cache has hits"
	lineAnswers = "5 agents see the bot's answers"
	lineHandoff = "6 handoffs work"
)

// Migration looks at a running system by the six lines of the check list after a migration, each with its evidence. It posts webhooks
// that mean nothing, and changes nothing.
func Migration(ctx context.Context, c *config.Config, d Deps) []Check {
	x := begin(c, d)
	if d.ConfigError != nil {
		x.configuration(d.ConfigError)
		return x.checks
	}
	stats, running := x.stats(ctx)
	x.redisConnects(ctx, stats)
	if !running {
		return x.checks
	}
	x.webhookIsFast(ctx)
	x.workerWorks(stats)
	x.cacheHits(stats)
	records := x.recent(ctx)
	client := x.chatwootClient()
	if client == nil {
		x.fail(lineAnswers, "CHATWOOT_BASE_URL or CHATWOOT_API_ACCESS_TOKEN is not set", "set both; tania doctor checks them")
		return x.checks
	}
	x.answersArrive(ctx, client, records)
	x.handoffsWork(ctx, client, records)
	return x.checks
}

// statistics is the part of /chatwoot/stats that is looked at.
type statistics struct {
	Queue queue.Stats
	Cache struct {
		Enabled bool
		HitRate float64
		Hits    int64
		Misses  int64
	}
}

// own is a request to the running Tania, as its operator.
func (x *examination) own(ctx context.Context, path string) (*answer, error) {
	header := http.Header{}
	if token := x.config.Server.AdminToken; token != "" {
		header.Set("Authorization", "Bearer "+token.Reveal())
	}
	return x.ask(ctx, http.MethodGet, x.tania+path, header, nil)
}

func (x *examination) stats(ctx context.Context) (s statistics, running bool) {
	const name = "running Tania"
	a, err := x.own(ctx, "/chatwoot/stats")
	switch {
	case err != nil:
		text, _ := trouble(err, "--url")
		x.fail(name, x.tania+": "+text, "start tania serve, or say with --url where it listens")
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		x.fail(name, fmt.Sprintf("%s answers %d: %s", x.tania, a.status, a.errorText()), "set ADMIN_TOKEN here to the value that the process has")
	case a.status != http.StatusOK || !a.into(&s) || s.Queue.Engine == "":
		x.fail(name, fmt.Sprintf("%s answers %d, and no statistics of Tania's", x.tania, a.status), "say with --url where tania serve listens")
	default:
		return s, true
	}
	return s, false
}

func (x *examination) redisConnects(ctx context.Context, s statistics) {
	if !x.config.Redis.Configured() {
		x.info(lineRedis, "there is none to connect to: without REDIS_URL one process does all, with its store in TANIA_DATA_DIR")
		return
	}
	before := len(x.checks)
	x.redis(ctx)
	for i := before; i < len(x.checks); i++ {
		x.checks[i].Name = lineRedis
	}
	switch {
	case s.Queue.Engine != "" && !s.Queue.Shared:
		x.fail(lineRedis, fmt.Sprintf("the running process does not reach it, and keeps webhooks (%d) until it does", s.Queue.Kept),
			"see its log; give it the same REDIS_URL as here")
	case s.Queue.Kept > 0:
		x.warn(lineRedis, fmt.Sprintf("%d webhooks that were spooled while it was down are still being moved", s.Queue.Kept),
			"repeat this in a moment")
	}
}

// probes is how many webhooks are measured.
const probes = 20

// webhookIsFast posts webhooks of an event that nobody acts on, signed as Chatwoot signs.
func (x *examination) webhookIsFast(ctx context.Context) {
	body := []byte(`{"event":"tania_probe"}`)
	var took []time.Duration
	for range probes {
		status, said, d, err := x.probe(ctx, body)
		switch {
		case err != nil:
			text, fix := trouble(err, "--url")
			x.fail(lineWebhook, text, fix)
			return
		case status == http.StatusUnauthorized:
			x.fail(lineWebhook, "it is refused (401): "+said,
				"set CHATWOOT_WEBHOOK_SECRET, or CHATWOOT_WEBHOOK_TOKEN, here to the value that the process and Chatwoot have")
			return
		case status != http.StatusOK:
			x.fail(lineWebhook, fmt.Sprintf("it answers %d: %s", status, said), "see the log of tania serve")
			return
		}
		took = append(took, d)
	}
	slices.Sort(took)
	median, slowest := took[len(took)/2], took[len(took)-1]
	text := fmt.Sprintf("%d signed webhooks, in the middle %.1f ms, the slowest %.1f ms", probes, millis(median), millis(slowest))
	const most = 100 * time.Millisecond
	switch {
	case slowest < most:
		x.ok(lineWebhook, "%s", text)
	case median < most:
		x.warn(lineWebhook, text, "repeat it when the machine is calm; /metrics has the latency over time")
	default:
		x.fail(lineWebhook, text, "look at the disk of TANIA_DATA_DIR, at Redis, and at what is between here and "+x.tania)
	}
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (x *examination) probe(ctx context.Context, body []byte) (status int, said string, took time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, x.tania+webhookPath, bytes.NewReader(body))
	if err != nil {
		return 0, "", 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	if c := x.config.Chatwoot; len(c.WebhookSecrets) > 0 {
		stamp, signature := chatwoot.Sign(c.WebhookSecrets[0].Reveal(), x.now(), body)
		r.Header.Set("X-Chatwoot-Timestamp", stamp)
		r.Header.Set("X-Chatwoot-Signature", signature)
	} else if c.WebhookToken != "" {
		r.Header.Set("X-Webhook-Token", c.WebhookToken.Reveal())
	}
	began := time.Now()
	resp, err := x.client.Do(r)
	if err != nil {
		return 0, "", 0, err
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	took = time.Since(began)
	a := answer{body: text, hide: x.quoted}
	return resp.StatusCode, a.errorText(), took, errors.Join(err, resp.Body.Close())
}

// stuckAfter is how long a conversation may be due before nobody seems to work.
const stuckAfter = time.Minute

func (x *examination) workerWorks(s statistics) {
	q := s.Queue
	oldest := (time.Duration(q.OldestWaitingMS) * time.Millisecond).Round(time.Second)
	text := fmt.Sprintf("%d turns completed, %d running, %d waiting, the oldest for %s; %d dead in the last hour", q.Completed, q.Active,
		q.Waiting, oldest, q.FailedLastHour)
	switch {
	case q.Paused:
		x.warn(lineWorker, "the queue is paused, by "+q.PausedBy+"; "+text, "tania queue resume")
	case q.Waiting > 0 && q.Active == 0 && oldest >= stuckAfter:
		x.fail(lineWorker, "nobody takes what waits: "+text, "start a tania worker with the same REDIS_URL and QUEUE_NAME; see its log")
	case q.Completed == 0:
		x.warn(lineWorker, "no message was answered yet: "+text, "write to an inbox of the bot, and repeat this")
	case q.FailedLastHour > 0:
		x.warn(lineWorker, text, "tania dead list shows why")
	default:
		x.ok(lineWorker, "%s", text)
	}
}

func (x *examination) cacheHits(s statistics) {
	c := s.Cache
	switch {
	case !c.Enabled:
		x.warn(lineCache, "the cache is off", "set SEMANTIC_CACHE_ENABLED=true")
	case c.Hits == 0:
		x.warn(lineCache, fmt.Sprintf("no hits yet, %d misses", c.Misses), "ask the same question in two conversations, and repeat this")
	default:
		x.ok(lineCache, "%d hits, %d misses: %.0f %%", c.Hits, c.Misses, percent(c.Hits, c.Misses))
	}
}

func percent(hits, misses int64) float64 { return 100 * float64(hits) / float64(max(hits+misses, 1)) }
