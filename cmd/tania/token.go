package main

import (
	"errors"
	"io/fs"
	"net/netip"
	"net/url"

	"tania/internal/access"
	"tania/internal/config"
)

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
