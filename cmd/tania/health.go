package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/config"
)

type healthCmd struct {
	Env     string
	Port    int
	Path    string
	Timeout time.Duration
}

func healthCommand(pick picker) *cobra.Command {
	var c healthCmd
	cmd := &cobra.Command{
		Use: "health", Short: "Ask the process on this machine whether it takes webhooks, for container health checks",
		Args: none, Run: pick(&c),
	}
	flags := cmd.Flags()
	envFlag(cmd, &c.Env)
	flags.IntVar(&c.Port, "port", 0, "Port `N` of the process on this machine; default: PORT")
	flags.StringVar(&c.Path, "path", "/readyz", "The `PATH` to request")
	flags.DurationVar(&c.Timeout, "timeout", 3*time.Second, "How long the answer may take")
	return cmd
}

// Run asks the process on this machine how it is: no error means that it takes webhooks. It is for containers that hold no shell
// and no curl.
func (c healthCmd) Run(ctx context.Context) error {
	settings, err := config.Load(os.Environ(), c.Env)
	if err != nil {
		return err
	}
	if c.Port == 0 {
		c.Port = settings.Server.Port
	}
	ctx, done := context.WithTimeout(ctx, c.Timeout)
	defer done()
	url := localURL(settings, c.Port) + "/" + strings.TrimPrefix(c.Path, "/")
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	// Not by a proxy that the environment names, and by a connection of its own.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %d: %s", url, answer.StatusCode, oneLine(string(body), 200))
	}
	_, err = fmt.Println(oneLine(string(body), 200))
	return err
}

// localURL is where the process of this machine listens.
func localURL(c *config.Config, port int) string {
	host := c.Server.Host
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port))
}
