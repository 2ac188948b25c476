package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
	"tania/internal/telemetry"
)

type serveCmd struct {
	Env string `help:"File of variables; the environment wins over it." default:".env" placeholder:"FILE"`
}

// help adds every variable to the help of serve and doctor.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	if node := ctx.Selected(); node != nil && (node.Name == "serve" || node.Name == "doctor") {
		if _, err := fmt.Fprintln(ctx.Stdout, "\nVariables (with their defaults):"); err != nil {
			return err
		}
		return config.PrintVariables(ctx.Stdout)
	}
	return nil
}

// gcPercent lets the heap grow to five times what lives in it before it is collected: that is little, a few MB, and
// collecting less often is worth a tenth of the webhook rate. GOGC overrides it.
const gcPercent = 400

// Run serves until it is told to stop.
func (c serveCmd) Run(ctx context.Context) error {
	began := time.Now()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	settings, err := config.Load(os.Environ(), c.Env)
	if err == nil {
		err = settings.Require("CHATWOOT_BASE_URL", "CHATWOOT_API_ACCESS_TOKEN")
	}
	if err != nil {
		return err
	}
	log := telemetry.NewLogger(os.Stderr, settings.LogLevel, settings.LogFormat)
	for _, warning := range settings.Warnings {
		log.Warn(warning)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(settings.Server.Host, strconv.Itoa(settings.Server.Port)))
	if err != nil {
		return fmt.Errorf("HOST, PORT: %w", err)
	}
	defer func() { _ = listener.Close() }()
	log.Info("listening", "address", listener.Addr().String(), "version", version)
	return serve(ctx, settings, listener, log, began)
}

// serve runs the web side and the worker over one engine until ctx ends, and stops them in that order's reverse:
// no new webhooks, running turns end or are given back, the store closes.
func serve(ctx context.Context, settings *config.Config, listener net.Listener, log *slog.Logger, began time.Time) error {
	if err := os.MkdirAll(settings.DataDir, 0o700); err != nil {
		return fmt.Errorf("TANIA_DATA_DIR: %w", err)
	}
	engine, err := sqlitequeue.Open(ctx, filepath.Join(settings.DataDir, "tania.db"), queueOptions(settings))
	if err != nil {
		return err
	}
	client := newClient(settings)
	me := identify(ctx, client, log)
	parts, err := assemble(settings, engine, client, me, log)
	if err != nil {
		return errors.Join(err, engine.Close())
	}

	warnOfOpenDoors(settings, log)
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error { return parts.web.Serve(groupCtx, listener, 2*time.Second) })
	group.Go(func() error { return parts.worker.Run(groupCtx) })
	log.Info("ready", "after_ms", time.Since(began).Milliseconds(), "engine", "sqlite", "data", settings.DataDir,
		"responder", parts.responder, "user", me)
	err = group.Wait()
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
		log.Info("the token is not a user's, so it is taken for an agent bot's; tania doctor checks it")
	default:
		log.Warn("Chatwoot did not say whose the token is; an agent bot's is assumed", "error", err)
	}
	return 0
}

// warnOfOpenDoors says which routes are closed for want of a secret.
func warnOfOpenDoors(settings *config.Config, log *slog.Logger) {
	if len(settings.Chatwoot.WebhookSecrets) == 0 && settings.Chatwoot.WebhookToken == "" {
		log.Warn("neither CHATWOOT_WEBHOOK_SECRET nor CHATWOOT_WEBHOOK_TOKEN is set: webhooks are taken from loopback only")
	}
	if settings.Server.AdminToken == "" {
		log.Info("ADMIN_TOKEN is not set: the operators' routes are open on loopback only")
	}
}
