package assembly

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"tania/internal/alert"
	"tania/internal/answer/llm"
	"tania/internal/audit"
	"tania/internal/bots"
	"tania/internal/bots/pauses"
	"tania/internal/bots/sources"
	"tania/internal/bots/versions"
	"tania/internal/cache"
	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/intake"
	"tania/internal/ledger"
	"tania/internal/operator"
	"tania/internal/outage/guarded"
	"tania/internal/privacy"
	"tania/internal/pulse"
	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/rating"
	"tania/internal/tania"
	"tania/internal/tool/call"
	"tania/internal/tool/mcpclient"
	"tania/internal/tool/once"
	"tania/internal/web"
	"tania/internal/worker"
)

// parts are the rooms of one process, wired.
type parts struct {
	intake *intake.Intake
	web    *web.Server
	worker *worker.Worker
	// cache is nil where it is off.
	cache  *cacheParts
	alerts *alert.Watcher
	meter  *pulse.Meter
	// versions has the bots follow what is published.
	versions *versions.Follower
	// pauses has the process know where bots are silent.
	pauses *pauses.Board
	// sources reads what bot.yaml names, for all processes.
	sources *sources.Reader
	// confirmer tells agents that their ratings were taken.
	confirmer *rating.Confirmer
	// vectors are nil where nothing makes any.
	vectors *vectorParts
	// libraries are closed when everything has ended.
	libraries *libraries
	// servers are those of tools. They end when the turns have.
	servers *mcpclient.Servers
	// responder names what answers, for the log.
	responder string
}

func newClient(c *config.Config, w watch, log *slog.Logger) *chatwoot.Client {
	observe := func(call tania.ChatwootCall) {
		w.metrics.Chatwoot(call)
		w.refused.heard(call)
		if call.Err == nil {
			w.peers.Chatwoot.Succeeded(call.Op)
		}
	}
	return chatwoot.NewClient(chatwoot.ClientOptions{
		BaseURL: c.Chatwoot.BaseURL.String(), Token: c.Chatwoot.Token.Reveal(), Observe: observe,
		Transport: w.tracer.Transport(w.hidden.Transport(chatwoot.NewTransport()), "chatwoot", true),
		Clock:     w.clock,
	})
}

// sayClocks tells operators that Chatwoot's clock and this machine's are apart, or together again.
func sayClocks(ahead time.Duration, log *slog.Logger) {
	switch {
	case ahead > 0:
		log.Warn("Chatwoot's clock is ahead of this machine's; its times are corrected by the difference. Synchronise both by NTP", "by",
			ahead.Round(time.Second))
	case ahead < 0:
		log.Warn("Chatwoot's clock is behind this machine's; its times are corrected by the difference. Synchronise both by NTP", "by",
			(-ahead).Round(time.Second))
	default:
		log.Info("Chatwoot's clock and this machine's agree again")
	}
}

// assemble wires the rooms. me is the user behind the token, 0 for a bot's token.
func assemble(
	ctx context.Context, c *config.Config, engine queue.Engine, kept *failover.Failover, client *chatwoot.Client, me tania.UserID,
	watched watch, log *slog.Logger,
) (parts, error) {
	meter := &pulse.Meter{}
	model, name := newModel(c, engine, watched, log)
	var registry *bots.Registry
	vectors, err := newVectors(c, func() *bots.Registry { return registry }, model, payer("", engine, log), watched, log)
	if err != nil {
		return parts{}, err
	}
	runtimes := newMaker(ctx, c, engine, account{client, me, newSelf(ctx, c, engine, log)}, model, vectors.vectors(), watched, log)
	runtimes.shared = watched.store.Many
	runtimes.guard = func(r llm.Responder, ownServer bool) llm.Responder {
		if r = (counted{r, meter}); ownServer {
			return r // that the main bot's is away says nothing of it
		}
		return guarded.Responder(r, watched.peers.Model)
	}
	main, assigned, err := runtimes.runtimes(c.Bot, 0)
	if err != nil {
		return parts{}, err
	}
	registry = bots.NewRegistry(main, assigned...)
	follower := runtimes.follower(registry, engine, log)
	actions := audit.New(engine, time.Now, watched.hidden.Text)
	follower.Published = func(ctx context.Context, v queue.BotVersion) {
		e := audit.Entry{As: audit.File, By: v.By, Action: audit.PublishBot, On: strconv.Itoa(v.Number), Outcome: audit.Done}
		actions.Note(ctx, log, e)
	}
	published := operator.LocalBots(engine, follower)
	paused := &pauses.Board{
		Store: engine, Account: c.Chatwoot.Account, Known: func(name string) bool { return registry.Named(name) != nil }, Log: log,
	}
	read := newSources(c, engine, registry, follower, watched, log)
	watched.failing = read.Failing
	cached, err := newCache(ctx, c, engine, registry, model, vectors.vectors(), log)
	if err != nil {
		return parts{}, err
	}
	cached.follow(follower)
	if cached != nil {
		watched.cache = cached
	}
	alerts := watched.newAlerts(c, engine, model, log)
	retries := operator.NewRetrier(engine, log)
	shown := privacy.Scrubbed(engine, watched.hidden.Text)
	callers, servers := call.NewHTTP(c.ToolSecrets()), newServers(c, registry, watched.version, log)
	panel := newDashboard(c, shown, kept, cached.panel(), retries, alertPanel{alerts},
		actions, trial{c, registry, runtimes.runtimes, engine, cached, vectors.vectors(), paused, log, callers, servers}, published, paused, name,
		watched.version, log)
	var answers *web.Answers
	if !c.Server.AsyncWebhook {
		answers = &web.Answers{}
	}
	finished := func(r tania.Record) {
		measure(meter, r)
		if answers != nil {
			answers.Finished(r)
		}
	}
	follow := watched.follow()
	reads, err := newMedia(c, log)
	if err != nil {
		return parts{}, err
	}
	quiet, quietMost := c.QuietTime()
	o := worker.Options{
		Engine: engine, Media: reads, Chatwoot: client, Bots: registry, Pauses: paused,
		Log: log, Concurrency: c.Worker.Concurrency, TypingInterval: typingInterval(c),
		ProcessingTimeout: c.Worker.ProcessingTimeout, RestartOnNew: c.Worker.RestartOnNew, Quiet: quiet, QuietMost: quietMost,
		MaxAttempts: c.Queue.MaxRetries, RetryDelay: c.Queue.RetryDelay, Lease: c.Queue.Lease,
		Peers: watched.peers, ModelPatience: patience(c), ReplyMaxAge: c.Worker.ReplyMaxAge,
		Finished: finished, Observer: watched.metrics, Tracer: follow,
		Tools:  once.Callers{HTTP: callers, MCP: servers},
		MCP:    servers,
		Hidden: c.Model.Hidden, ToolCalls: c.Tools.Calls, ToolTokens: int64(c.Tools.Tokens), Steers: steering(c, registry),
		ApprovalPatience: c.Approvals.Patience,
	}
	in := intake.Options{
		Engine: engine, Governor: main.Governor, Assigned: governorIn(registry), Attributes: registry.Attributes, Recalls: registry.Recalls,
		Spool: kept, Clock: client.Clock(),
		Tracer: follow, DoubtWithin: cache.FeedbackWithin, Log: log, Undelivered: watched.notDelivered,
	}
	confirmer := rating.NewConfirmer(log)
	takeRatings(&in, c, registry, client, confirmer)
	approvals{registry, client, confirmer, actions, log}.take(&in, c)
	if cached != nil {
		o.Cache, in.EraseCache = cached.cache, cached.cache.Erase
		in.Doubt = func(entry string, from tania.ConversationKey) {
			cached.cache.Feedback(entry, from, cache.SignalCorrected)
		}
	}
	w, door := worker.New(o), intake.New(in)
	s := web.New(web.Options{
		Engine: shown, Intake: door, Log: log, Version: watched.version,
		Verifier: newVerifier(c), Token: c.Chatwoot.WebhookToken.Reveal(), AdminToken: c.Server.AdminToken.Reveal(),
		OpenHere: c.Server.AdminTokenKept,
		Clock:    client.Clock(), ReadClock: client.ReadClock,
		Mask: privacy.Mask(c.Server.PrivacyMask), Dashboard: panel, Retries: retries, Took: meter.Webhook.Observe,
		WorkerStats: func() any { return w.Stats() },
		LLMStats:    func(ctx context.Context) (any, error) { return modelStats(ctx, engine, name) },
		Outages:     alerts.Outages,
		Stopping:    alerts.Stopping,
		Cache:       cached.operated(), Bots: published, Pauses: paused, Users: panel.Users, Audit: actions,
		Answers: answers, AnswerTimeout: c.Worker.ProcessingTimeout + 5*time.Second,
		Observe: watched.webhook, Tracer: follow, Metrics: watched.metrics.Handler(),
	})
	scraped := watched.sources(c, engine, kept, w, model, alerts)
	scraped.Connections = s.Connections
	watched.metrics.Watch(scraped)
	return parts{
		intake: door, web: s, worker: w, cache: cached, alerts: alerts, meter: meter, responder: name,
		versions: follower, pauses: paused, sources: read, confirmer: confirmer, vectors: vectors,
		libraries: runtimes.libraries, servers: servers,
	}, nil
}

// patience is the worker's, which takes 0 for its default.
func patience(c *config.Config) time.Duration {
	if c.Model.Patience == 0 {
		return -1
	}
	return c.Model.Patience
}

func typingInterval(c *config.Config) time.Duration {
	if !c.Worker.Typing {
		return 0
	}
	return c.Worker.TypingInterval
}

func newVerifier(c *config.Config) *chatwoot.Verifier {
	if len(c.Chatwoot.WebhookSecrets) == 0 {
		return nil
	}
	var secrets []string
	for _, s := range c.Chatwoot.WebhookSecrets {
		secrets = append(secrets, s.Reveal())
	}
	return chatwoot.NewVerifier(secrets...)
}

// newModel gives the model, nil where none is configured, and the name of what answers.
func newModel(c *config.Config, memory queue.Memory, w watch, log *slog.Logger) (*llm.OpenAI, string) {
	if !c.Model.Online() {
		return nil, "offline"
	}
	model := connectModel(c, ledger.SpentThisMonth(memory), w, log)
	if w.peers.Model != nil { // a command that only looks has none
		w.peers.Model.Probe = probeModel(model, memory, log)
	}
	return model, c.Model.Name
}

// connectModel makes the model of settings; spent tells what the month has cost that its budget is for.
func connectModel(c *config.Config, spent func(context.Context) (int64, error), w watch, log *slog.Logger) *llm.OpenAI {
	base := ""
	if c.Model.BaseURL != nil {
		base = c.Model.BaseURL.String()
	}
	w.metrics.Models(append([]string{c.Model.Name}, c.Model.Fallbacks...)...)
	return llm.NewOpenAI(llm.OpenAIOptions{
		Observe: w.metrics.Model, Transport: w.tracer.Transport(w.hidden.Transport(llm.NewTransport()), "model", false),
		APIKey: c.Model.Key.Reveal(), BaseURL: base, Model: c.Model.Name, Fallbacks: c.Model.Fallbacks,
		Timeout: c.Model.Timeout, MaxTokens: c.Model.MaxTokens, Prices: c.Bot.Prices,
		Budget: c.Model.MonthlyBudget, Spent: spent, Log: log,
	})
}

// modelStats is the llm group of /chatwoot/stats.
func modelStats(ctx context.Context, memory queue.Memory, responder string) (any, error) {
	b, err := ledger.Read(ctx, memory)
	if err != nil {
		return nil, err
	}
	usd := func(micro int64) float64 { return float64(micro) / 1e6 }
	return map[string]any{
		"responder": responder, "calls": b.Calls, "tokens": map[string]int64{"input": b.InputTokens, "output": b.OutputTokens},
		"cost": usd(b.Cost), "cost_this_month": usd(b.CostThisMonth), "saved": usd(b.SavedCost), "saved_tokens": b.SavedTokens,
		"given_up": b.GivenUp, "given_up_cost": usd(b.GivenUpCost()),
	}, nil
}
