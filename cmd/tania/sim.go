package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"

	"github.com/spf13/cobra"

	"tania/internal/access"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/cli"
	"tania/internal/operator/connect"
	"tania/internal/tania"
	"tania/internal/telemetry"
)

type simCmd struct {
	Port       int
	WebhookURL string
	Token      string
	Secret     string
	TaniaURL   string
	AdminToken string
	UserToken  string
	Portals    string
}

func simCommand(pick cli.Picker) *cobra.Command {
	var c simCmd
	cmd := &cobra.Command{
		Use: "sim", Short: "Run the simulated Chatwoot alone, for tests against a real server process", Args: cli.None, Run: pick(&c),
	}
	flags := cmd.Flags()
	flags.IntVar(&c.Port, "port", 3000, "Port `N` of the simulated Chatwoot")
	flags.StringVar(&c.WebhookURL, "webhook-url", "http://127.0.0.1:8787/chatwoot/webhook", "`URL` of its agent bot's webhooks")
	flags.StringVar(&c.Token, "token", "sim-bot-token", "The agent bot's access `TOKEN`")
	flags.StringVar(&c.UserToken, "user-token", "sim-user-token", "An administrator's access `TOKEN`, for other clients of the API")
	flags.StringVar(&c.Portals, "portals", "", "JSON `FILE` of help centres; default: a small one, /hc/help/en")
	flags.StringVar(&c.Secret, "secret", "sim-webhook-secret", "`SECRET` that signs the webhooks")
	flags.StringVar(&c.TaniaURL, "tania-url", "http://127.0.0.1:8787", "`URL` from which the page gets decision records")
	flags.StringVar(&c.AdminToken, "admin-token", "", "`TOKEN` for them, Tania's ADMIN_TOKEN; default: from the environment")
	c.AdminToken = os.Getenv("ADMIN_TOKEN") // not as the flag's default, which the help would print
	return cmd
}

// keptToken is that of a Tania on this machine with the same data directory, "" where there is none.
func (c simCmd) keptToken() string {
	if !connect.OnLoopback(c.TaniaURL) {
		return ""
	}
	dir := os.Getenv("TANIA_DATA_DIR")
	if dir == "" {
		dir = "data"
	}
	token, _ := access.ReadToken(dir) // without one the page says that it was refused
	return token
}

// Run serves the simulated Chatwoot on loopback until it is told to stop.
func (c simCmd) Run(ctx context.Context) error {
	portals, err := c.portals()
	if err != nil {
		return err
	}
	sim, err := installation.New(chatwootsim.Options{
		Bot: chatwootsim.Bot{Token: c.Token, URL: c.WebhookURL, Secret: c.Secret}, Portals: portals,
		Users: []chatwootsim.User{
			{ID: 7, Name: "Jane Cooper", Email: "jane@example.com"},
			{ID: 8, Name: "Integration", Email: "integration@example.com", Role: "administrator", Token: c.UserToken},
		},
		Inboxes: []chatwootsim.Inbox{
			{ID: 11, Name: "Website", Channel: tania.ChannelWebWidget, ActiveBot: true},
			{ID: 12, Name: "API", Channel: tania.ChannelAPI, ActiveBot: true, Identifier: "sim-inbox"},
		},
		TaniaURL: c.TaniaURL, AdminToken: c.AdminToken, FindAdminToken: c.keptToken, Log: telemetry.NewLogger(os.Stderr, slog.LevelInfo, "text"),
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
	fmt.Printf("Clients of the API: token %s of a user, account 1, inbox 12; of the public API: inbox sim-inbox. Help centre: http://%s/hc/help/en/articles.json\n",
		c.UserToken, listener.Addr())
	return sim.Serve(ctx, listener)
}

// portals reads the help centres of the file, nil where none is named.
func (c simCmd) portals() (list []chatwootsim.Portal, err error) {
	if c.Portals == "" {
		return nil, nil
	}
	data, err := os.ReadFile(c.Portals)
	if err == nil {
		err = json.Unmarshal(data, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("--portals: %w", err)
	}
	return list, nil
}
