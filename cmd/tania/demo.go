package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"tania/examples"
	"tania/internal/assembly"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/config"
	"tania/internal/dashboard/session"
	"tania/internal/tania"
	"tania/internal/telemetry"
)

type demoCmd struct {
	Port    int
	Verbose bool
}

func demoCommand(pick picker) *cobra.Command {
	var c demoCmd
	cmd := &cobra.Command{
		Use: "demo", Short: "Try Tania with a simulated Chatwoot and an offline responder; nothing to configure", Args: none, Run: pick(&c),
	}
	flags := cmd.Flags()
	flags.IntVar(&c.Port, "port", 8788, "Port `N` of the demo's page; if it is in use, the next free one")
	flags.BoolVarP(&c.Verbose, "verbose", "v", false, "Show Tania's log lines")
	return cmd
}

// Secrets of the demo's two sides, which only meet on loopback.
const (
	demoToken  = "demo-bot-token"
	demoSecret = "demo-webhook-secret"
)

// Run starts both sides in one process, with a store that is removed at the end.
func (c demoCmd) Run(ctx context.Context) error {
	began := time.Now()
	dir, err := os.MkdirTemp("", "tania-demo-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	page, err := listenNear(ctx, c.Port)
	if err != nil {
		return err
	}
	hook, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, page.Close())
	}
	settings, err := demoSettings(dir, "http://"+page.Addr().String())
	if err != nil {
		return err
	}
	log := telemetry.NewLogger(io.Discard, slog.LevelError, "text")
	if c.Verbose {
		log = telemetry.NewLogger(os.Stderr, slog.LevelInfo, "text")
	}
	if err := assembly.KeepAdminToken(settings, log); err != nil {
		return err
	}
	token := settings.Server.AdminToken.Reveal()
	sim, err := newDemoChatwoot("http://"+hook.Addr().String(), token, log)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	chatwoot := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 5 * time.Second}
	group.Go(func() error {
		if err := chatwoot.Serve(page); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		sim.Close()
		return chatwoot.Close()
	})
	group.Go(func() error {
		return assembly.Process{Settings: settings, Listener: hook, Worker: true, Log: log, Began: began, Version: version}.Run(ctx)
	})
	group.Go(func() error {
		if err := waitHealthy(ctx, "http://"+hook.Addr().String()+"/readyz"); err != nil {
			return err
		}
		fmt.Printf("\n  Tania's demo is ready after %d ms. Open\n\n      http://%s\n\n  You are the customer on the left and the agent on the right. What Tania does, and why, is shown at\n\n      %s\n\n  Ctrl-C ends the demo; nothing is kept.\n\n",
			time.Since(began).Milliseconds(), page.Addr(), session.SignInLink("http://"+hook.Addr().String(), token, began.Add(demoLink)))
		return nil
	})
	return group.Wait()
}

// demoSettings are what serve would read from the environment, with the example bot.
func demoSettings(dir, chatwootURL string) (*config.Config, error) {
	settings, err := config.Load([]string{
		"TANIA_DATA_DIR=" + dir, "CHATWOOT_BASE_URL=" + chatwootURL, "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_API_ACCESS_TOKEN=" + demoToken,
		"CHATWOOT_WEBHOOK_SECRET=" + demoSecret, `CHATWOOT_INBOX_TO_TEAM={"11":5}`, "QUEUE_DEBOUNCE_MS=1200",
	}, "")
	if err != nil {
		return nil, err
	}
	return settings, settings.UseBot(examples.FS, examples.Bot)
}

// demoLatency is how long the simulated Chatwoot takes to post a message, about as long as a real one in another town with
// a model before it: without it the answers come too soon for the typing dots to be seen.
const demoLatency = 700 * time.Millisecond

// demoLink is how long the printed link signs in: longer than anybody tries a demo.
const demoLink = 24 * time.Hour

func newDemoChatwoot(taniaURL, token string, log *slog.Logger) (*installation.Server, error) {
	sim, err := installation.New(chatwootsim.Options{
		Account: chatwootsim.Account{ID: 1, Name: "Panadería La Espiga"},
		Bot:     chatwootsim.Bot{ID: 2, Name: "Lupita", Token: demoToken, URL: taniaURL + "/chatwoot/webhook", Secret: demoSecret},
		Inboxes: []chatwootsim.Inbox{
			{ID: 11, Name: "Web", Channel: tania.ChannelWebWidget, ActiveBot: true},
			{ID: 12, Name: "WhatsApp", Channel: tania.ChannelWhatsApp, ActiveBot: true},
		},
		Users: []chatwootsim.User{{ID: 7, Name: "Ana Torres", Email: "ana@example.com"}},
		Teams: []chatwootsim.Team{{ID: 5, Name: "atención", Agent: 7}}, TaniaURL: taniaURL, AdminToken: token, Log: log,
	})
	if err != nil {
		return nil, err
	}
	return sim, sim.Inject(chatwootsim.Fault{
		Kind: chatwootsim.FaultDelay, Method: http.MethodPost, Path: "/messages", DelayMS: demoLatency.Milliseconds(),
	})
}

// listenNear takes a port of loopback, or the next free one.
func listenNear(ctx context.Context, port int) (net.Listener, error) {
	var first error
	for p := port; p < port+20; p++ {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", p))
		if err == nil {
			return l, nil
		}
		first = errors.Join(first, err)
	}
	return nil, first
}

// waitHealthy asks until it is answered 200.
func waitHealthy(ctx context.Context, url string) error {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(2 * time.Millisecond):
		}
	}
}
