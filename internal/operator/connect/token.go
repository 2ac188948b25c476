package connect

import (
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"strconv"

	"tania/internal/access"
	"tania/internal/config"
)

// AdminToken is what opens the operators' routes of the process at an address: ADMIN_TOKEN, else, for this machine, that of the data
// directory; "" where there is none.
func AdminToken(c *config.Config, address string) (string, error) {
	if c.Server.AdminToken != "" || address != LocalURL(c, c.Server.Port) && !OnLoopback(address) {
		return c.Server.AdminToken.Reveal(), nil
	}
	token, err := access.ReadToken(c.DataDir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return "", nil // the process may let this user in without
	}
	return token, err
}

// OnLoopback reports whether an address is this machine by its number or as localhost.
func OnLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// LocalURL is where the process of this machine listens with a port.
func LocalURL(c *config.Config, port int) string {
	host := c.Server.Host
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port))
}
