package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/telemetry"
)

type simCmd struct {
	Port       int    `help:"Port of the simulated Chatwoot." default:"3000"`
	WebhookURL string `help:"Where its agent bot's webhooks go." default:"http://127.0.0.1:8787/chatwoot/webhook"`
	Token      string `help:"The agent bot's access token." default:"sim-bot-token"`
	Secret     string `help:"Signs the webhooks." default:"sim-webhook-secret"`
	TaniaURL   string `help:"Where the page asks for decision records." default:"http://127.0.0.1:8787"`
	AdminToken string `help:"Tania's ADMIN_TOKEN, for those." env:"ADMIN_TOKEN"`
}

// Run serves the simulated Chatwoot on loopback until it is told to stop.
func (c simCmd) Run(ctx context.Context) error {
	sim, err := chatwootsim.New(chatwootsim.Options{
		Bot:      chatwootsim.Bot{Token: c.Token, URL: c.WebhookURL, Secret: c.Secret},
		TaniaURL: c.TaniaURL, AdminToken: c.AdminToken, Log: telemetry.NewLogger(os.Stderr, slog.LevelInfo, "text"),
	})
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", c.Port))
	if err != nil {
		return err
	}
	fmt.Printf("Chatwoot is simulated at http://%s. Start Tania with\n  CHATWOOT_BASE_URL=http://%s CHATWOOT_ACCOUNT_ID=1 CHATWOOT_API_ACCESS_TOKEN=%s CHATWOOT_WEBHOOK_SECRET=%s tania serve\n",
		listener.Addr(), listener.Addr(), c.Token, c.Secret)
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		sim.Close()
		_ = server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
