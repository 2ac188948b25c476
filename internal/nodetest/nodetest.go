// Package nodetest runs programs of Node with packages from npm, for tests that hold Tania to what other programs write and send.
package nodetest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// installing bounds a download from the registry, running a program.
const (
	installing = 3 * time.Minute
	running    = 5 * time.Minute
)

// Install gives a directory whose node_modules has the packages, each named with its exact version ("bullmq@5.81.5"). It is kept in the
// user's cache for the next run. The test fails where there is no npm.
func Install(t testing.TB, packages ...string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	sum := sha256.Sum256([]byte(strings.Join(packages, "\n")))
	dir := filepath.Join(cache, "tania-nodetest", hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	if err := install(dir, packages); err != nil {
		t.Fatal("nodetest: ", err)
	}
	return dir
}

// install fills a directory beside dir and then renames it, so that dir is whole when it is there.
func install(dir string, packages []string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	made, err := os.MkdirTemp(filepath.Dir(dir), "installing-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(made) }()
	ctx, done := context.WithTimeout(context.Background(), installing)
	defer done()
	cmd := exec.CommandContext(ctx, "npm", append([]string{"install", "--prefix", made, "--no-audit", "--no-fund", "--no-package-lock"}, packages...)...) //nolint:gosec // packages are named by tests
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install %s (make prepare installs npm): %w: %s", strings.Join(packages, " "), err, out)
	}
	if err := os.Rename(made, dir); err != nil {
		if _, there := os.Stat(dir); there != nil { // else another test was faster
			return err
		}
	}
	return nil
}

// Program is a running program of Node.
type Program struct {
	t      testing.TB
	cmd    *exec.Cmd
	lines  *bufio.Scanner
	errors bytes.Buffer
}

// Start runs a script with the packages in dir; input is its standard input.
func Start(t testing.TB, dir, script string, input []byte, env ...string) *Program {
	t.Helper()
	code, err := os.ReadFile(script)
	if err != nil {
		t.Fatal("nodetest: ", err)
	}
	ctx, done := context.WithTimeout(context.Background(), running)
	t.Cleanup(done)
	// The script runs where the packages are, for that is where Node looks for them.
	p := &Program{t: t, cmd: exec.CommandContext(ctx, "node", "--input-type=module", "-e", string(code))} //nolint:gosec // a test's own
	p.cmd.Dir, p.cmd.Env = dir, append(os.Environ(), env...)
	p.cmd.Stdin, p.cmd.Stderr = bytes.NewReader(input), &p.errors
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal("nodetest: node (make prepare installs it): ", err)
	}
	p.lines = bufio.NewScanner(out)
	p.lines.Buffer(nil, 1<<20)
	t.Cleanup(p.Kill)
	return p
}

// Await reads the program's output up to a line that begins with prefix, and gives the rest of that line.
func (p *Program) Await(prefix string) string {
	p.t.Helper()
	for p.lines.Scan() {
		if rest, ok := strings.CutPrefix(p.lines.Text(), prefix); ok {
			return strings.TrimSpace(rest)
		}
	}
	p.Kill()
	p.t.Fatalf("nodetest: the program ended without %q: %s", prefix, p.errors.String())
	return ""
}

// Wait reads what remains of the output until the program ends; the test fails when it ends with an error.
func (p *Program) Wait() string {
	p.t.Helper()
	var all strings.Builder
	for p.lines.Scan() {
		_, _ = io.WriteString(&all, p.lines.Text()+"\n")
	}
	err := p.cmd.Wait()
	p.cmd = nil
	if err != nil {
		p.t.Fatalf("nodetest: %v: %s%s", err, all.String(), p.errors.String())
	}
	return all.String()
}

// Kill ends the program at once, as a power cut would.
func (p *Program) Kill() {
	if p.cmd != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		p.cmd = nil
	}
}
