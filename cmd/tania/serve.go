package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/queue/failover"
	"tania/internal/scrub"
	"tania/internal/store"
	"tania/internal/tania"
	"tania/internal/telemetry"
	"tania/internal/web"
)

type serveCmd struct {
	Env    string
	Worker bool
}

func serveCommand(pick picker) *cobra.Command {
	var c serveCmd
	cmd := &cobra.Command{
		Use: "serve", Short: "Take webhooks and answer customers", Args: none, Run: pick(&c),
		Long: "Take webhooks and answer customers. Configured by environment variables, .env and bot.yaml.",
	}
	flags := cmd.Flags()
	envFlag(cmd, &c.Env)
	flags.BoolVar(&c.Worker, "worker", true, "Answer customers too")
	flags.BoolFunc("no-worker", "Take webhooks only, with separate workers (needs "+store.ManyProcesses+"); same as --worker=false", func(s string) error {
		without, err := strconv.ParseBool(s)
		c.Worker = !without
		return err
	})
	return withVariables(cmd)
}

type workerCmd struct {
	Env string
}

func workerCommand(pick picker) *cobra.Command {
	var c workerCmd
	cmd := &cobra.Command{
		Use: "worker", Short: "Answer customers only, beside tania serve --no-worker; any number of workers (needs " + store.ManyProcesses + ")",
		Args: none, Run: pick(&c),
	}
	envFlag(cmd, &c.Env)
	return withVariables(cmd)
}

// withVariables adds every variable to the help of a command that reads them.
func withVariables(cmd *cobra.Command) *cobra.Command {
	show := cmd.HelpFunc()
	cmd.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		show(cmd, args)
		_, _ = fmt.Fprintln(cmd.OutOrStdout(), "\nVariables (with their defaults):")
		_ = config.PrintVariables(cmd.OutOrStdout())
	})
	return cmd
}

// gcPercent lets the heap grow to five times what lives in it before it is collected: that is little, a few MB, and
// collecting less often is worth a tenth of the webhook rate. GOGC overrides it.
const gcPercent = 400

// Run serves until it is told to stop.
func (c serveCmd) Run(ctx context.Context) error {
	began := time.Now()
	settings, log, err := load(c.Env)
	if err != nil {
		return err
	}
	if !c.Worker && !store.KindOf(settings).Many {
		return store.ErrAlone
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(settings.Server.Host, strconv.Itoa(settings.Server.Port)))
	if err != nil {
		return fmt.Errorf("HOST, PORT: %w", err)
	}
	defer func() { _ = listener.Close() }()
	log.Info("listening", "address", listener.Addr().String(), "version", version)
	return process{settings: settings, listener: listener, worker: c.Worker, log: log, began: began}.run(ctx)
}

// Run answers customers whose messages other processes take, until it is told to stop.
func (c workerCmd) Run(ctx context.Context) error {
	began := time.Now()
	settings, log, err := load(c.Env)
	if err != nil {
		return err
	}
	if !store.KindOf(settings).Many {
		return store.ErrAlone
	}
	p := process{settings: settings, worker: true, log: log, began: began}
	if settings.Watch.MetricsPort != 0 {
		p.watched, err = new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(settings.Server.Host, strconv.Itoa(settings.Watch.MetricsPort)))
		if err != nil {
			return fmt.Errorf("HOST, METRICS_PORT: %w", err)
		}
		defer func() { _ = p.watched.Close() }()
		log.Info("metrics and health", "address", p.watched.Addr().String())
	}
	return p.run(ctx)
}

// load reads the settings of a process that serves.
func load(env string) (*config.Config, *slog.Logger, error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	settings, err := config.Load(os.Environ(), env)
	if err == nil {
		err = settings.Require("CHATWOOT_BASE_URL", "CHATWOOT_API_ACCESS_TOKEN")
	}
	if err != nil {
		return nil, nil, err
	}
	for name, value := range settings.Watch.OpenTelemetry {
		if os.Getenv(name) == "" {
			if err := os.Setenv(name, value); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	log := telemetry.NewLogger(os.Stderr, settings.LogLevel, settings.LogFormat)
	for _, warning := range settings.Warnings {
		log.Warn(warning)
	}
	return settings, log, nil
}

// process is one running Tania: the web side, the worker, or both, over one engine.
type process struct {
	settings *config.Config
	// listener is the web side's; without it there is none.
	listener net.Listener
	// watched is for metrics and health where there is no web side; nil: for neither.
	watched net.Listener
	worker  bool
	log     *slog.Logger
	began   time.Time
}

// run serves until ctx ends, and stops in that order's reverse: no new webhooks, running turns end or are given back, the
// store closes.
func (p process) run(ctx context.Context) error {
	settings, log := p.settings, p.log
	if p.listener != nil || p.watched != nil {
		if err := keepAdminToken(settings, log); err != nil {
			return err
		}
	}
	hidden := scrub.New(settings.Secrets()...)
	log = slog.New(hidden.Handler(log.Handler()))
	watched, err := newWatch(ctx, p.listener != nil, p.worker, log)
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
	if p.listener != nil {
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

	group, groupCtx := errgroup.WithContext(ctx)
	if p.listener != nil {
		warnOfUnsignedWebhooks(settings, log)
		group.Go(func() error { return parts.web.Serve(groupCtx, p.listener, 2*time.Second) })
	}
	if p.watched != nil {
		side := web.NewWatched(web.Options{
			Engine: engine, Log: log, Version: version, AdminToken: settings.Server.AdminToken.Reveal(),
			OpenHere: settings.Server.AdminTokenKept, Metrics: watched.metrics.Handler(),
		})
		group.Go(func() error { return side.Serve(groupCtx, p.watched, time.Second) })
	}
	group.Go(func() error { return parts.intake.Run(groupCtx) })
	if parts.cache != nil {
		group.Go(func() error { return parts.cache.run(groupCtx) })
	}
	group.Go(func() error { return parts.alerts.Run(groupCtx) })
	if !p.worker {
		// The page where answers are tried asks the model too.
		group.Go(func() error { watched.peers.Model.Run(groupCtx); return nil })
	}
	if p.worker {
		group.Go(func() error {
			parts.cache.awaitLoaded(groupCtx)
			return parts.worker.Run(groupCtx)
		})
	}
	group.Go(func() error { return parts.meter.Run(groupCtx, engine, log) })
	log.Info("ready", "after_ms", time.Since(p.began).Milliseconds(), "engine", opened.Where, "web", p.listener != nil,
		"worker", p.worker, "responder", parts.responder, "user", me)
	debug.FreeOSMemory() // what starting took, which gcPercent would keep for good in a quiet installation
	err = group.Wait()
	if kept != nil {
		err = errors.Join(err, kept.Close())
	}
	log.Info("stopped")
	return errors.Join(err, engine.Close())
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
