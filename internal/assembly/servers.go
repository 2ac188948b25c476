package assembly

import (
	"log/slog"

	"tania/internal/bots"
	"tania/internal/config"
	"tania/internal/tool"
	"tania/internal/tool/mcpclient"
)

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
