// Package demo is Tania with a simulated Chatwoot and an offline responder in one process, to be tried in a browser: nothing is configured
// and nothing is left behind. What comes in is where its page is served.
package demo

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

	"golang.org/x/sync/errgroup"

	"tania/examples"
	"tania/internal/assembly"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/config"
	"tania/internal/dashboard/session"
	"tania/internal/tania"
)

// Options say how the demo is run.
type Options struct {
	// Port is that of its page on loopback; if it is in use, the next free one is taken.
	Port int
	// Out is told where the pages are.
	Out io.Writer
	// Log takes Tania's lines.
	Log *slog.Logger
	// Version is the program's.
	Version string
}

// Secrets of the demo's two sides, which only meet on loopback.
const (
	botToken      = "demo-bot-token"
	webhookSecret = "demo-webhook-secret"
)

const welcome = `
  Tania's demo is ready after %d ms. Open

      http://%s

  You are the customer on the left and the agent on the right. What Tania does, and why, is shown at

      %s

  Ctrl-C ends the demo; nothing is kept.

`

// Run starts both sides in one process, with a store that is removed at the end, and serves until ctx ends.
func Run(ctx context.Context, o Options) error {
	began := time.Now()
	dir, err := os.MkdirTemp("", "tania-demo-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	page, err := listenNear(ctx, o.Port)
	if err != nil {
		return err
	}
	hook, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, page.Close())
	}
	settings, err := newSettings(dir, "http://"+page.Addr().String())
	if err != nil {
		return err
	}
	if err := assembly.KeepAdminToken(settings, o.Log); err != nil {
		return err
	}
	token := settings.Server.AdminToken.Reveal()
	sim, err := newChatwoot("http://"+hook.Addr().String(), token, o.Log)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return sim.Serve(ctx, page) })
	group.Go(func() error {
		return assembly.Process{Settings: settings, Listener: hook, Worker: true, Log: o.Log, Began: began, Version: o.Version}.Run(ctx)
	})
	group.Go(func() error {
		if err := waitHealthy(ctx, "http://"+hook.Addr().String()+"/readyz"); err != nil {
			return err
		}
		_, err := fmt.Fprintf(o.Out, welcome, time.Since(began).Milliseconds(), page.Addr(),
			session.SignInLink("http://"+hook.Addr().String(), token, began.Add(linkLife)))
		return err
	})
	return group.Wait()
}

// newSettings are what serve would read from the environment, with the example bot.
func newSettings(dir, chatwootURL string) (*config.Config, error) {
	settings, err := config.Load([]string{
		"TANIA_DATA_DIR=" + dir, "CHATWOOT_BASE_URL=" + chatwootURL, "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_API_ACCESS_TOKEN=" + botToken,
		"CHATWOOT_WEBHOOK_SECRET=" + webhookSecret, `CHATWOOT_INBOX_TO_TEAM={"11":5}`, "QUEUE_DEBOUNCE_MS=1200",
	}, "")
	if err != nil {
		return nil, err
	}
	return settings, settings.UseBot(examples.FS, examples.Bot)
}

// latency is how long the simulated Chatwoot takes to post a message, about as long as a real one in another town with
// a model before it: without it the answers come too soon for the typing dots to be seen.
const latency = 700 * time.Millisecond

// linkLife is how long the printed link signs in: longer than anybody tries a demo.
const linkLife = 24 * time.Hour

func newChatwoot(taniaURL, token string, log *slog.Logger) (*installation.Server, error) {
	sim, err := installation.New(chatwootsim.Options{
		Account: chatwootsim.Account{ID: 1, Name: "Panadería La Espiga"},
		Bot:     chatwootsim.Bot{ID: 2, Name: "Lupita", Token: botToken, URL: taniaURL + "/chatwoot/webhook", Secret: webhookSecret},
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
		Kind: chatwootsim.FaultDelay, Method: http.MethodPost, Path: "/messages", DelayMS: latency.Milliseconds(),
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
