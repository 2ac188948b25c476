package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// binary is a package's tests with all of its mutants built in.
type binary struct {
	path, dir, tmp string
	// tests are those that pass without a mutant, the quickest first; seen has the mutants whose code each runs.
	tests []string
	took  map[string]time.Duration
	seen  map[string]map[int]bool
	// leftOut are the tests that fail without a mutant.
	leftOut []string
}

// slack is added to the time that a test may take with a mutant, which is else five times what it takes without.
const slack = 30 * time.Second

// build compiles the tests of a package with its mutants.
func build(ctx context.Context, s *source, mutants []*mutant, work string) (*binary, error) {
	replace := map[string]string{}
	write := func(name, as string, text []byte) error {
		replace[name] = filepath.Join(work, as)
		return os.WriteFile(replace[name], text, 0o600)
	}
	for i, name := range s.names {
		if err := write(name, filepath.Base(name), s.rewritten(i, mutants)); err != nil {
			return nil, err
		}
	}
	if err := write(filepath.Join(s.dir, "mutants_support.go"), "mutants_support.go", s.support(len(mutants))); err != nil {
		return nil, err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	overlayFile := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return nil, err
	}
	b := &binary{path: filepath.Join(work, "tests"), dir: s.dir, tmp: filepath.Join(work, "tmp")}
	if err := os.Mkdir(b.tmp, 0o700); err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlayFile, "-o", b.path, s.path).CombinedOutput() //nolint:gosec // a package of this module
	if err != nil {
		return nil, fmt.Errorf("build %s with its mutants: %w\n%s", s.path, err, out)
	}
	return b, nil
}

// measure runs each test alone, without a mutant, to learn how long it takes and which mutants' code it runs.
func (b *binary) measure(ctx context.Context) error {
	out, err := b.command(ctx, "-test.list", ".").Output()
	if err != nil {
		return fmt.Errorf("list tests: %w", err)
	}
	b.took, b.seen = map[string]time.Duration{}, map[string]map[int]bool{}
	for _, test := range strings.Fields(string(out)) {
		if strings.HasPrefix(test, "Benchmark") {
			continue
		}
		ok, err := b.alone(ctx, test)
		if err == nil && !ok {
			// Under load a test may fail that passes; one that fails twice tells nothing of a mutant.
			ok, err = b.alone(ctx, test)
		}
		if err != nil {
			return err
		}
		if !ok {
			b.leftOut = append(b.leftOut, test)
			continue
		}
		b.tests = append(b.tests, test)
	}
	slices.SortFunc(b.tests, func(x, y string) int { return int(b.took[x] - b.took[y]) })
	return nil
}

// alone runs a test without a mutant, and reports whether it passes.
func (b *binary) alone(ctx context.Context, test string) (passes bool, err error) {
	seen := filepath.Join(b.tmp, "seen")
	began := time.Now()
	cmd := b.command(ctx, "-test.short", "-test.run", "^"+test+"$")
	cmd.Env = append(cmd.Env, "TANIA_MUTANTS_SEEN="+seen)
	failed := cmd.Run()
	b.took[test] = time.Since(began)
	b.seen[test], err = readIDs(seen)
	return failed == nil, errors.Join(err, ctx.Err())
}

// readIDs reads the ids that a run has seen, and removes the file.
func readIDs(name string) (map[int]bool, error) {
	ids := map[int]bool{}
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return ids, nil
	} else if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close(); _ = os.Remove(name) }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		id, err := strconv.Atoi(lines.Text())
		if err != nil {
			return nil, err
		}
		ids[id] = true
	}
	return ids, lines.Err()
}

func (b *binary) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, b.path, args...) //nolint:gosec // what was built just now
	cmd.Dir, cmd.Env = b.dir, append(os.Environ(), "TMPDIR="+b.tmp)
	// Servers that a test began die with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	return cmd
}

// verdict is what became of a mutant.
type verdict string

const (
	caught   verdict = "caught"
	hung     verdict = "hung" // the tests did not end in time, which is noticed too
	survived verdict = "survived"
	unseen   verdict = "not run" // no test runs its code
)

// batches are how many tests are run at a time, so that most mutants meet the quick ones alone.
var batches = []int{3, 10, 30, 1000}

// try runs the tests that run a mutant's code with it, the quickest first, until one fails.
func (b *binary) try(ctx context.Context, id int) (verdict, error) {
	var tests []string
	for _, test := range b.tests {
		if b.seen[test][id] {
			tests = append(tests, test)
		}
	}
	if len(tests) == 0 {
		return unseen, nil
	}
	for _, n := range batches {
		batch := tests[:min(n, len(tests))]
		tests = tests[len(batch):]
		if v, err := b.run(ctx, id, batch); v != survived || err != nil || len(tests) == 0 {
			return v, err
		}
	}
	return survived, nil
}

func (b *binary) run(ctx context.Context, id int, tests []string) (verdict, error) {
	limit := slack
	for _, test := range tests {
		limit += 5 * b.took[test]
	}
	within, done := context.WithTimeout(ctx, limit)
	defer done()
	cmd := b.command(within, "-test.short", "-test.failfast", "-test.timeout", "0", "-test.run", "^("+strings.Join(tests, "|")+")$")
	cmd.Env = append(cmd.Env, "TANIA_MUTANT="+strconv.Itoa(id))
	err := cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case within.Err() != nil:
		return hung, nil
	case errors.As(err, &failed):
		return caught, nil
	case err != nil:
		return "", err
	}
	return survived, nil
}
