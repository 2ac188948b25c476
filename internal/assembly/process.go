// Package assembly makes a running Tania of the rooms: it opens the store, wires web, intake, worker, cache, alerts and dashboard by hand,
// as the settings say, and starts and stops them in order. It is the only room that knows all others; what comes in is a valid
// configuration.
package assembly

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/queue/failover"
	"tania/internal/scrub"
	"tania/internal/store"
	"tania/internal/tania"
	"tania/internal/web"
)

// Process is one running Tania: the web side, the worker, or both, over one store.
type Process struct {
	Settings *config.Config
	// Listener is the web side's; without it there is none.
	Listener net.Listener
	// Watched is for metrics and health where there is no web side; nil: for neither.
	Watched net.Listener
	// Reload has the bot's files read at once, with each value; nil: they are when they change.
	Reload <-chan struct{}
	// Worker reports whether customers are answered here.
	Worker bool
	Log    *slog.Logger
	// Began is when the start began; the log says how long it took.
	Began time.Time
	// Version is the program's.
	Version string
}

// Run serves until ctx ends, and stops in that order's reverse: no new webhooks, running turns end or are given back, the
// store closes.
func (p Process) Run(ctx context.Context) error {
	settings, log := p.Settings, p.Log
	if p.Listener != nil || p.Watched != nil {
		if err := KeepAdminToken(settings, log); err != nil {
			return err
		}
	}
	hidden := scrub.New(settings.Secrets()...)
	log = slog.New(hidden.Handler(log.Handler()))
	personal := hider(settings.Model.Hidden)
	if personal != nil {
		log = slog.New(scrub.Handler(log.Handler(), personal))
	}
	watched, err := newWatch(ctx, p.Version, p.Listener != nil, p.Worker, personal, log)
	if err != nil {
		return err
	}
	watched.hidden = hidden
	defer watched.close(ctx, log)
	opened, err := store.Open(ctx, settings, log)
	if err != nil {
		return err
	}
	engine := opened.Queue
	watched.store = opened.Kind
	var kept *failover.Failover
	if p.Listener != nil {
		if kept, err = opened.OpenSpool(ctx, log); err != nil {
			return errors.Join(err, engine.Close())
		}
	}
	watched.peers = watched.newPeers(settings, engine, log)
	client := newClient(settings, watched, log)
	watched.peers.Chatwoot.Probe = client.Ping
	me := identify(ctx, client, log)
	parts, err := assemble(ctx, settings, engine, kept, client, me, watched, log)
	if err != nil {
		if kept != nil {
			err = errors.Join(err, kept.Close())
		}
		return errors.Join(err, engine.Close())
	}
	if kept != nil {
		opened.Fleet.OnForget(parts.intake.ErasedElsewhere)
	}

	settleBot(ctx, parts, log)

	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error { return parts.versions.Run(groupCtx, p.Reload) })
	group.Go(func() error { parts.pauses.Run(groupCtx); return nil })
	group.Go(func() error { return parts.sources.Run(groupCtx) })
	group.Go(func() error { parts.vectors.vectors().Run(groupCtx); return nil })
	if p.Listener != nil {
		warnOfUnsignedWebhooks(settings, log)
		group.Go(func() error { return parts.web.Serve(groupCtx, p.Listener, 2*time.Second) })
	}
	if p.Watched != nil {
		side := web.NewWatched(web.Options{
			Engine: engine, Log: log, Version: p.Version, AdminToken: settings.Server.AdminToken.Reveal(),
			OpenHere: settings.Server.AdminTokenKept, Metrics: watched.metrics.Handler(),
		})
		group.Go(func() error { return side.Serve(groupCtx, p.Watched, time.Second) })
	}
	group.Go(func() error { return parts.intake.Run(groupCtx) })
	group.Go(func() error { parts.confirmer.Run(groupCtx); return nil })
	if parts.cache != nil {
		group.Go(func() error { return parts.cache.run(groupCtx) })
	}
	group.Go(func() error { return parts.alerts.Run(groupCtx) })
	if !p.Worker {
		// The page where answers are tried asks the model too.
		group.Go(func() error { watched.peers.Model.Run(groupCtx); return nil })
	}
	if p.Worker {
		group.Go(func() error { parts.servers.Run(groupCtx); return nil })
		group.Go(func() error {
			parts.cache.awaitLoaded(groupCtx)
			parts.vectors.awaitFound(groupCtx)
			return parts.worker.Run(groupCtx)
		})
	}
	group.Go(func() error { return parts.meter.Run(groupCtx, engine, log) })
	log.Info("ready", "after_ms", time.Since(p.Began).Milliseconds(), "engine", opened.Where, "web", p.Listener != nil,
		"worker", p.Worker, "responder", parts.responder, "user", me)
	debug.FreeOSMemory() // what starting took, which gcPercent would keep for good in a quiet installation
	err = errors.Join(group.Wait(), parts.vectors.close(), parts.libraries.close())
	parts.servers.Close()
	if kept != nil {
		err = errors.Join(err, kept.Close())
	}
	log.Info("stopped")
	return errors.Join(err, engine.Close())
}

// settleBot finds out which version of the bot answers, and where none does. While the store is away bot.yaml's does, until it can be
// compared.
func settleBot(ctx context.Context, p parts, log *slog.Logger) {
	ctx, done := context.WithTimeout(ctx, 2*time.Second)
	defer done()
	if err := errors.Join(p.versions.Settle(ctx), p.pauses.Settle(ctx)); err != nil {
		log.Warn("the bot's versions could not be read; bot.yaml answers until they can", "error", err)
	}
}

// identify asks Chatwoot who the token is: a user's id, or 0 for a bot's. When Chatwoot cannot be asked now, a bot's
// token is assumed: own messages are recognised by their marker in any case.
func identify(ctx context.Context, client *chatwoot.Client, log *slog.Logger) tania.UserID {
	ctx, done := context.WithTimeout(ctx, 2*time.Second)
	defer done()
	profile, err := client.Profile(ctx)
	switch {
	case err == nil:
		log.Info("the token is a user's", "user", profile.ID)
		return profile.ID
	case chatwoot.IsStatus(err, 401):
		log.Info("the token is not a user's; assuming an agent bot's (tania doctor checks it)")
	default:
		log.Warn("Chatwoot did not say whose token this is; assuming an agent bot's", "error", err)
	}
	return 0
}

// warnOfUnsignedWebhooks says that nothing tells Chatwoot's webhooks from forgeries, and the fix.
func warnOfUnsignedWebhooks(settings *config.Config, log *slog.Logger) {
	if len(settings.Chatwoot.WebhookSecrets) == 0 && settings.Chatwoot.WebhookToken == "" {
		log.Warn("neither CHATWOOT_WEBHOOK_SECRET nor CHATWOOT_WEBHOOK_TOKEN is set: webhooks are taken only from a program of Tania's own user on this machine "+
			"that has no connection with anybody else; a Chatwoot's are refused (401)",
			"fix", "set CHATWOOT_WEBHOOK_SECRET to the secret that Chatwoot shows with the bot, or CHATWOOT_WEBHOOK_TOKEN and end the webhook's address in ?token= and its value")
	}
}
