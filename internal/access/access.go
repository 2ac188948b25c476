// Package access says where a request comes from, keeps the operators' token where none is configured, and compares secrets. It decides
// nothing by itself.
package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Same compares secrets in constant time, their lengths too.
func Same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// forThisMachine reports whether a request came over loopback, asked for loopback, and says nothing of a proxy. That is what every
// request of a person at this machine has, and those of a proxy that forwards without a word have it too: Peers tells them apart.
func forThisMachine(r *http.Request) bool {
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

// FromAnotherSite reports whether a browser says that a page of another origin made the request: by Sec-Fetch-Site, or, where a browser
// does not know that header, by the Origin or the Referer that it sends instead.
func FromAnotherSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
		return otherHost(r, "Origin") || otherHost(r, "Referer")
	}
	return true
}

// otherHost reports whether a header names a page of another host or port, or one that must not be named ("null").
func otherHost(r *http.Request, header string) bool {
	page := r.Header.Get(header)
	if page == "" {
		return false
	}
	u, err := url.Parse(page)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
