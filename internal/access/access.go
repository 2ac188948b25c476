// Package access says where a request comes from and compares secrets. It decides nothing by itself.
package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Same compares secrets in constant time, their lengths too.
func Same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// Local reports whether a request was made on this machine, for this machine: not through a proxy that happens to run
// here, nor by a web page that a browser here has open (another origin, or a name that was pointed to loopback).
func Local(r *http.Request) bool { return OnThisMachine(r) && !FromAnotherSite(r) }

// OnThisMachine is Local without the look at the page that sent the browser.
func OnThisMachine(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !loopback(host) {
		return false
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	asked := r.Host
	if name, _, err := net.SplitHostPort(asked); err == nil {
		asked = name
	}
	return loopback(strings.Trim(asked, "[]"))
}

// FromAnotherSite reports whether a browser says that a page of another origin made the request.
func FromAnotherSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return true
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
