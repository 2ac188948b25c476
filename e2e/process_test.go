// Package e2e tests Tania as its users run it: the built binary, as processes that are killed, stopped and started again.
package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"tania/internal/access"
	"tania/internal/porttest"
)

// binary is tania, built once for all tests, in the directory programs.
var binary, programs string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if programs, err = os.MkdirTemp("", "tania-e2e-*"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(programs) }()
		if binary, err = build("tania"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// build makes a binary.
func build(name string, flags ...string) (string, error) {
	path := filepath.Join(programs, name)
	out, err := exec.Command("go", append(append([]string{"build", "-o", path}, flags...), "tania/cmd/tania")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, nil
}

// process is a running tania. Its output is shown when the test fails.
type process struct {
	t       testing.TB
	address string
	env     []string
	args    []string
	// program is the binary, unless another is set.
	program string
	output  lockedBuffer
	cmd     *exec.Cmd
}

// lockedBuffer is what a program said so far.
type lockedBuffer struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more chan struct{} // closed by the next Write
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
	return l.b.Write(p)
}

// await waits until the program has said what is looked for, and gives it.
func (l *lockedBuffer) await(t testing.TB, long time.Duration, what string, wanted *regexp.Regexp) string {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), long)
	defer done()
	for {
		l.mu.Lock()
		found := wanted.FindString(l.b.String())
		if l.more == nil {
			l.more = make(chan struct{})
		}
		more := l.more
		l.mu.Unlock()
		if found != "" {
			return found
		}
		select {
		case <-more:
		case <-ctx.Done():
			t.Fatalf("waited %s in vain for %s", long, what)
		}
	}
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newProcess prepares `tania serve` on a free port, in an environment of its own.
func newProcess(t *testing.T, env ...string) *process {
	t.Helper()
	address := freeAddress(t)
	_, port, _ := net.SplitHostPort(address)
	p := &process{t: t, program: binary, address: address, args: []string{"serve", "--env", ""}, env: append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "HOST=127.0.0.1", "PORT=" + port, "TANIA_DATA_DIR=" +
			filepath.Join(t.TempDir(), "data"),
		"GOVERNOR_LOOP_REPLIES=0", // simulated customers write faster than people
	}, env...)}
	t.Cleanup(func() {
		if p.cmd != nil {
			p.kill()
		}
		if t.Failed() {
			out := p.output.String()
			t.Logf("output of tania, its end:\n%s", out[max(0, len(out)-8000):])
		}
	})
	return p
}

// token is what opens the operators' routes: the one that is set, else the one that tania made, "" as long as it has not. Without it a
// program of this machine is let in that has no connection with others; the tests have many, which come and go.
func (p *process) token() string {
	if token := setting(p.env, "ADMIN_TOKEN"); token != "" {
		return token
	}
	made, err := access.ReadToken(setting(p.env, "TANIA_DATA_DIR"))
	if err != nil {
		return ""
	}
	return made
}

// freeAddress is the test's own until it ends, also while nobody listens on it.
func freeAddress(t testing.TB) string {
	t.Helper()
	port, err := porttest.Take()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(port.Free)
	return port.Address()
}

func (p *process) launch() {
	p.cmd = exec.Command(p.program, p.args...)
	p.cmd.Env = p.env
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
}

// start runs the process and waits until it is ready.
func (p *process) start() {
	p.t.Helper()
	p.launch()
	p.awaitReady()
}

func (p *process) awaitReady() {
	p.t.Helper()
	await(p.t, 30*time.Second, "tania to get ready", func() bool {
		resp, err := http.Get("http://" + p.address + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// kill is kill -9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	p.cmd = nil
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// end asks to end and waits for it, whatever the process was at: nothing comes of it afterwards.
func (p *process) end() {
	p.signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
	p.cmd = nil
}

// stop asks to end, and gives how long that took.
func (p *process) stop() time.Duration {
	p.t.Helper()
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("tania ended with %v", err)
	}
	p.cmd = nil
	return time.Since(began)
}

// await polls a real process, which gives no signal, until the condition holds.
func await(t testing.TB, long time.Duration, what string, condition func() bool) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), long)
	defer done()
	tick := time.NewTicker(10 * time.Millisecond) // a look takes time from the process that is waited for
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited %s in vain for %s", long, what)
		}
	}
}
