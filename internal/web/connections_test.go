package web_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/web"
)

// serve has a server answer until stop is called; ended gives what Serve does.
func serve(t *testing.T) (address string, stop func(), ended chan error) {
	t.Helper()
	engine, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := web.New(web.Options{
		Engine: engine, Intake: intake.New(intake.Options{Engine: engine, Governor: governor.New(governor.Options{})}),
		Log: slog.New(slog.DiscardHandler), Token: "t0ken",
	})
	ctx, stop := context.WithCancel(t.Context())
	ended = make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l, 20*time.Millisecond) }()
	return l.Addr().String(), stop, ended
}

// dial opens a connection. The server has accepted it when another one that was opened later is answered.
func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	later := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := later.Get("http://" + address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return conn
}

// TestAConnectionInReserveDoesNotFailTheStop: clients open one more than they come to use.
func TestAConnectionInReserveDoesNotFailTheStop(t *testing.T) {
	address, stop, ended := serve(t)
	conn := dial(t, address)
	stop()
	if err := <-ended; err != nil {
		t.Errorf("the stop failed: %v", err)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection is open still: %v", err)
	}
}

// TestARequestThatDoesNotEndFailsTheStop, as before.
func TestARequestThatDoesNotEndFailsTheStop(t *testing.T) {
	address, stop, ended := serve(t)
	conn := dial(t, address)
	// The interim answer says that its handler waits for the rest.
	request := "POST /chatwoot/webhook HTTP/1.1\r\nHost: x\r\nX-Webhook-Token: t0ken\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	stop()
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}
