// Package redistest starts real Redis servers for tests, on free ports of loopback, and stops them.
package redistest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"tania/internal/logtest"
	"tania/internal/porttest"
)

// Server is a redis-server or valkey-server process with a directory of its own.
type Server struct {
	Port int
	port *porttest.Port
	dir  string
	args []string
	// sentinel is the configuration file of a Sentinel, which it rewrites.
	sentinel string
	cmd      *exec.Cmd
	out      *logtest.Buffer
}

// Start starts a server; args are its options after ours, "--appendonly", "yes" for example. The test fails when
// neither redis-server nor valkey-server is installed.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "tania-redis-*")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(dir, args...)
	if err != nil {
		_ = os.RemoveAll(dir)
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Kill()
		_ = os.RemoveAll(dir)
	})
	return s
}

// startSentinel starts a Redis Sentinel with a configuration file.
func startSentinel(t testing.TB, config string) *Server {
	t.Helper()
	port, err := porttest.Take()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Port: port.Number, port: port, sentinel: config}
	if err := s.Launch(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	return s
}

// clusterBus is how far above its port a Cluster's node listens as well.
const clusterBus = 10_000

// New starts a server in a directory. Kill ends it.
func New(dir string, args ...string) (*Server, error) {
	port, err := porttest.Take(clusterBus)
	if err != nil {
		return nil, err
	}
	s := &Server{Port: port.Number, port: port, dir: dir, args: args}
	return s, s.Launch()
}

func program() (string, error) {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("neither redis-server nor valkey-server is installed: make test installs it where apt-get may; or set PATH")
}

// Launch starts the process again, on the same port and directory, and waits until it answers.
func (s *Server) Launch() error {
	path, err := program()
	if err != nil {
		return err
	}
	s.out = &logtest.Buffer{}
	args := append([]string{"--port", strconv.Itoa(s.Port), "--bind", "127.0.0.1", "--dir", s.dir, "--save", "", "--appendonly", "no"},
		s.args...)
	if s.sentinel != "" {
		args = []string{s.sentinel, "--sentinel", "--port", strconv.Itoa(s.Port), "--bind", "127.0.0.1"}
	}
	s.cmd = exec.Command(path, args...) //nolint:gosec // for tests
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("redistest: %w", err)
	}
	ctx, done := context.WithTimeout(context.Background(), 20*time.Second)
	defer done()
	for !s.answers() {
		select {
		case <-ctx.Done():
			s.Kill()
			return fmt.Errorf("redistest: the server does not answer:\n%s", s.out.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

func (s *Server) answers() bool {
	conn, err := net.DialTimeout("tcp", s.Addr(), time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	answer := make([]byte, 64)
	n, err := conn.Read(answer)
	// A server that asks for a password is up; one that loads its file is not yet.
	return err == nil && (bytes.HasPrefix(answer[:n], []byte("+PONG")) || bytes.HasPrefix(answer[:n], []byte("-NOAUTH")))
}

// Addr is host:port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

// URL is redis://host:port.
func (s *Server) URL() string { return "redis://" + s.Addr() }

// PID is the process's id while it runs.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Kill is kill -9.
func (s *Server) Kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

// Freeze and Thaw stop the process and let it go on: connections stay open and nobody answers.
func (s *Server) Freeze() error { return s.cmd.Process.Signal(syscall.SIGSTOP) }

// Thaw undoes Freeze.
func (s *Server) Thaw() error { return s.cmd.Process.Signal(syscall.SIGCONT) }
