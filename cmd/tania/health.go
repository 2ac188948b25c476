package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/operator/connect"
)

type healthCmd struct {
	Env     string
	Port    int
	Path    string
	Timeout time.Duration
}

func healthCommand(pick cli.Picker) *cobra.Command {
	var c healthCmd
	cmd := &cobra.Command{
		Use: "health", Short: "Ask the process on this machine whether it takes webhooks, for container health checks",
		Args: cli.None, Run: pick(&c),
	}
	flags := cmd.Flags()
	cli.EnvFlag(cmd, &c.Env)
	flags.IntVar(&c.Port, "port", 0, "Port `N` of the process on this machine; default: PORT")
	flags.StringVar(&c.Path, "path", "/readyz", "The `PATH` to request")
	flags.DurationVar(&c.Timeout, "timeout", 3*time.Second, "How long the answer may take")
	return cmd
}

// Run asks the process on this machine how it is: no error means that it takes webhooks.
func (c healthCmd) Run(ctx context.Context) error {
	settings, err := config.LoadSettings(os.Environ(), c.Env)
	if err != nil {
		return err
	}
	if c.Port == 0 {
		c.Port = settings.Server.Port
	}
	ctx, done := context.WithTimeout(ctx, c.Timeout)
	defer done()
	url := connect.LocalURL(settings, c.Port) + "/" + strings.TrimPrefix(c.Path, "/")
	status, text, err := connect.Health(ctx, url)
	switch {
	case err != nil:
		return err
	case status != http.StatusOK:
		return fmt.Errorf("%s: %d: %s", url, status, oneLine(text, 200))
	}
	_, err = fmt.Println(oneLine(text, 200))
	return err
}
