package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestPrivateAddressesAreRefusedUnlessNamed(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(s.host())
	if err != nil {
		t.Fatal(err)
	}
	for named, reads := range map[string]bool{
		"": false, "example.com": false, "10.0.0.0/8": false, "127.0.0.1:1": false,
		"127.0.0.1": true, "127.0.0.0/8": true, "127.0.0.1:" + port: true,
	} {
		var o Options
		if named != "" {
			o.Private = []string{named}
		}
		before := s.hits.Load()
		_, err := fetcher(t, o).Get(t.Context(), Request{URL: s.URL})
		if (err == nil) != reads || (s.hits.Load() > before) != reads || !reads && !errors.Is(err, ErrPrivate) {
			t.Errorf("named %q: %v", named, err)
		}
	}
	for _, wrong := range []string{"http://a.example", "", "*.example.com", "10.0.0.0/99"} {
		if _, err := New(Options{Private: []string{wrong}}); err == nil {
			t.Errorf("%q is taken for a host", wrong)
		}
	}
}

func TestRedirectsToPrivateAddressesAreRefused(t *testing.T) {
	secret := serve(t, func(http.ResponseWriter, *http.Request) {})
	for _, to := range []string{
		secret.URL, strings.Replace(secret.URL, "127.0.0.1", "localhost", 1), strings.Replace(secret.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1),
		"http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://0.0.0.0/", "http://10.0.0.1/", "http://[fd00::1]/",
		"http://[64:ff9b::7f00:1]/",
	} {
		front := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
		for _, crawls := range []bool{false, true} {
			_, err := fetcher(t, Options{}, front).Get(t.Context(), Request{URL: front.URL, Robots: crawls})
			if !errors.Is(err, ErrPrivate) {
				t.Errorf("redirect to %s: %v", to, err)
			}
		}
	}
	if n := secret.hits.Load(); n > 0 {
		t.Errorf("the private server was asked %d times", n)
	}
	front := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	if _, err := fetcher(t, Options{}, front).Get(t.Context(), Request{URL: front.URL}); !errors.Is(err, ErrAddress) {
		t.Errorf("redirect to a file: %v", err)
	}
	loop := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) })
	_, err := fetcher(t, Options{}, loop).Get(t.Context(), Request{URL: loop.URL + "/"})
	if !errors.Is(err, errRedirects) || loop.hits.Load() > mostRedirects+1 {
		t.Errorf("a loop: %v after %d requests", err, loop.hits.Load())
	}
}

// TestANameThatChangesItsAddressGainsNothing is DNS rebinding: the first answer may be read, the next is an address that may not.
func TestANameThatChangesItsAddressGainsNothing(t *testing.T) {
	open := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	_, port, err := net.SplitHostPort(open.host())
	if err != nil {
		t.Fatal(err)
	}
	var answer atomic.Pointer[netip.Addr]
	say := func(address string) { a := netip.MustParseAddr(address); answer.Store(&a) }
	f := fetcher(t, Options{Private: []string{"127.0.0.1/32"}, Resolver: nameserver(t, &answer)})
	say("127.0.0.1")
	if _, err := f.Get(t.Context(), Request{URL: "http://rebind.example:" + port}); err != nil {
		t.Fatal(err)
	}
	say("127.0.0.2")
	if _, err := f.Get(t.Context(), Request{URL: "http://rebind.example:" + port}); !errors.Is(err, ErrPrivate) {
		t.Errorf("got %v", err)
	}
}

// nameserver resolves every name to one IPv4 address.
func nameserver(t *testing.T, answer *atomic.Pointer[netip.Addr]) *net.Resolver {
	t.Helper()
	conn, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = conn.Close(); <-done })
	go func() {
		defer close(done)
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: answer.Load().As4()},
				}}
			}
			if reply, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func TestWhichAddressesArePublic(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.215.14": true, "2606:2800:21f:cb07::1": true, "::ffff:93.184.215.14": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.31.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false,
		"0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false, "::": false, "::1": false, "::7f00:1": false,
		"fe80::1": false, "fe80::1%eth0": false, "fd12::1": false, "fec0::1": false, "ff02::1": false, "::ffff:10.0.0.1": false,
		"64:ff9b::a00:1": false, "2002:7f00:1::": false, "2001:db8::1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("public(%s) = %v", address, got)
		}
	}
}
