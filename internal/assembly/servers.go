package assembly

import (
	"context"
	"log/slog"

	"tania/internal/bots"
	"tania/internal/config"
	"tania/internal/reply"
	"tania/internal/tool"
	"tania/internal/tool/mcpclient"
	"tania/internal/tool/once"
	"tania/internal/tool/tryout"
)

// tries gives what the model may call in a trial: reads are made, what changes something is not.
func (t trial) tries(by *bots.Runtime) func(context.Context, *reply.Case) reply.TrialTools {
	c, servers, callers := t.settings, t.servers, once.Callers{HTTP: t.http, MCP: t.servers}
	return func(ctx context.Context, trial *reply.Case) reply.TrialTools {
		if len(by.Bot.Tools) == 0 || by.Bot.Policy == nil {
			return nil
		}
		now := servers.Tools(ctx, by.Bot.Tools, by.Bot.ToolFacts, by.Bot.Policy)
		return tryout.New(tryout.Options{
			Tools: now.List, Policy: now.Policy, Hidden: now.Hidden, Callers: callers, Calls: c.Tools.Calls, Tokens: int64(c.Tools.Tokens),
			Facts: tryout.FactsOf(&trial.Messages[len(trial.Messages)-1], trial.Memory.Acts, trial.Now),
		})
	}
}

// newServers are the MCP servers of all bots, which stay connected as long as a current bot names them.
func newServers(c *config.Config, registry *bots.Registry, version string, log *slog.Logger) *mcpclient.Servers {
	return mcpclient.New(mcpclient.Options{
		Secrets: c.ToolSecrets(), Log: log, Version: version,
		Wanted: func() (all []tool.Tool) {
			for _, by := range registry.All() {
				all = append(all, by.Bot.Tools...)
			}
			return all
		},
	})
}
