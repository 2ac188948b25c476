package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"

	"tania/internal/access"
	"tania/internal/config"
	"tania/internal/store"
)

// keepAdminToken gives a process that has operators' routes a token for them where ADMIN_TOKEN is not set: that of the data directory,
// made at the first start.
func keepAdminToken(c *config.Config, log *slog.Logger) error {
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

// adminToken is what opens the operators' routes of the process at an address: ADMIN_TOKEN, else, for this machine, that of the data
// directory; "" where there is none.
func adminToken(c *config.Config, address string) (string, error) {
	if c.Server.AdminToken != "" || address != localURL(c, c.Server.Port) && !onLoopback(address) {
		return c.Server.AdminToken.Reveal(), nil
	}
	token, err := access.ReadToken(c.DataDir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return "", nil // the process may let this user in without
	}
	return token, err
}

// onLoopback reports whether an address is this machine by its number or as localhost.
func onLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
