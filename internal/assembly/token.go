package assembly

import (
	"fmt"
	"log/slog"

	"tania/internal/access"
	"tania/internal/config"
	"tania/internal/store"
)

// KeepAdminToken gives a process that has operators' routes a token for them where ADMIN_TOKEN is not set: that of the data directory,
// made at the first start.
func KeepAdminToken(c *config.Config, log *slog.Logger) error {
	if c.Server.AdminToken != "" {
		return nil
	}
	token, err := access.KeepToken(c.DataDir)
	if err != nil {
		return fmt.Errorf("ADMIN_TOKEN is not set, and none can be kept in TANIA_DATA_DIR; set one: %w", err)
	}
	c.Server.AdminToken, c.Server.AdminTokenKept = config.Secret(token), true
	log.Info("ADMIN_TOKEN is not set: the token of the operators' routes and of the dashboard is in a file; tania dashboard prints a link that signs in",
		"file", access.TokenPath(c.DataDir))
	if store.KindOf(c).Many {
		log.Info("every machine has a token of its own, which opens the processes with that data directory only; set ADMIN_TOKEN on all of them for one token")
	}
	return nil
}
