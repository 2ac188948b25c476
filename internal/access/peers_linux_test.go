package access_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tania/internal/access"
)

// door answers who it takes a request for.
func door(t *testing.T) *httptest.Server {
	t.Helper()
	peers := &access.Peers{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peers.Own(r) {
			_, _ = io.WriteString(w, "own")
			return
		}
		_, _ = io.WriteString(w, "stranger")
	}))
	t.Cleanup(s.Close)
	return s
}

// curl asks as a program of its own, as another user where one is given.
func curl(t *testing.T, uid uint32, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "curl", append([]string{"-sS", "--max-time", "20"}, args...)...)
	if uid != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("curl %v: %v: %s", args, err, out)
	}
	return string(out)
}

// listening runs a program that listens on a port of its own, until the test ends.
func listening(t *testing.T, args func(port string) []string) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	_ = l.Close()
	line := args(port)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its own group: what it started, too
		_ = cmd.Wait()
	})
	for end := time.Now().Add(20 * time.Second); ; {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
			return address
		}
		if time.Now().After(end) {
			t.Fatalf("%v does not listen: %v", line, err)
		}
	}
}

func TestAPersonAtTheMachine(t *testing.T) {
	s := door(t)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for name, args := range map[string][]string{
		"by number":            {s.URL},
		"by name":              {"http://localhost:" + port},
		"with a body":          {"-d", "x=1", s.URL},
		"twice, one following": {s.URL, "-o", "/dev/null", "--next", "-sS", s.URL},
	} {
		if got := curl(t, 0, args...); got != "own" {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, header := range map[string]string{
		"a proxy that says so": "X-Forwarded-For: 203.0.113.9", "another name": "Host: evil.example:8787",
		"another site": "Origin: https://evil.example",
	} {
		if got := curl(t, 0, "-H", header, s.URL); got != "stranger" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if os.Geteuid() == 0 {
		if got := curl(t, 65534, s.URL); got != "stranger" {
			t.Errorf("another user: %s", got)
		}
	}
	// This process: what it is connected with is itself.
	answer, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if text, _ := io.ReadAll(answer.Body); string(text) != "own" {
		t.Errorf("this process: %s", text)
	}
}

// TestAForwarderOfThisUser: programs that run as the person who asks would, add nothing to a request, and pass on for somebody else.
func TestAForwarderOfThisUser(t *testing.T) {
	s := door(t)
	here := s.Listener.Addr().String()
	for name, args := range map[string]func(port string) []string{
		"bytes": func(port string) []string {
			return []string{"socat", "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork", "TCP:" + here}
		},
		"bytes, by one process": func(port string) []string {
			return []string{"sh", "-c", "while :; do socat TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr TCP:" + here + "; done"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			through := listening(t, args)
			// before it curl says what it tried again
			if got := curl(t, 0, "-H", "Host: "+here, "--retry", "5", "--retry-connrefused", "http://"+through); !strings.HasSuffix(got,
				"stranger") {

				t.Errorf("who asks through it is taken for %s", got)
			}
		})
	}
	t.Run("a program that still has who it was called by", func(t *testing.T) {
		// The stranger's connection is one that curl has by inheritance, as a program that inetd starts has.
		// socat has uses of its own for the colons of an address
		script := filepath.Join(t.TempDir(), "ask")
		if err := os.WriteFile(script, []byte("#!/bin/sh\nexec curl -sS "+s.URL+"\n"), 0o700); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
		through := listening(t, func(port string) []string {
			return []string{"socat", "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork", "EXEC:" + script + ",nofork"}
		})
		conn, err := net.Dial("tcp", through)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if text, _ := io.ReadAll(conn); string(text) != "own" {
			t.Errorf("called by this program: %s", text)
		}
		out, err := exec.Command("bash", "-c", "cat </dev/tcp/"+strings.Replace(through, ":", "/", 1)).CombinedOutput()
		if err != nil || string(out) != "stranger" {
			t.Errorf("called by another program: %s, %v", out, err)
		}
	})
}

// TestAServerThatWeCall: a program that listens, as a simulated Chatwoot does, is the machine's own while it has no connection but with us.
func TestAServerThatWeCall(t *testing.T) {
	s := door(t)
	// A shell with a second connection to us, which its curl has by inheritance.
	script := fmt.Sprintf(`exec 3<>/dev/tcp/%s; curl -sS %s`, strings.Replace(s.Listener.Addr().String(), ":", "/", 1), s.URL)
	out, err := exec.Command("bash", "-c", script).CombinedOutput()
	if err != nil || string(out) != "own" {
		t.Errorf("with a second connection to us: %s, %v", out, err)
	}
}
