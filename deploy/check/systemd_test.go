package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// mostExposed is the worst that `systemd-analyze security` may say, of 10; a unit without hardening has 9.6.
const mostExposed = 1.5

var exposure = regexp.MustCompile(`exposure level for \S+: ([0-9.]+)`)

func TestTheUnitsAreValidAndHardened(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Fatal("systemd-analyze is not installed: make test installs it where apt-get may")
	}
	for _, name := range []string{"tania.service", "tania-worker@.service"} {
		text, err := os.ReadFile(filepath.Join(root, "deploy", "systemd", name))
		if err != nil {
			t.Fatal(err)
		}
		// The program of a unit must be there; here it is not installed.
		program := filepath.Join(t.TempDir(), "tania")
		if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		unit := filepath.Join(t.TempDir(), strings.Replace(name, "@.", "@1.", 1))
		if err := os.WriteFile(unit, []byte(strings.ReplaceAll(string(text), "/usr/local/bin/tania", program)), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit).CombinedOutput(); err != nil ||
			strings.Contains(string(out), filepath.Base(unit)) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--no-pager", unit).CombinedOutput()
		said := exposure.FindStringSubmatch(string(out))
		if said == nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		if level, err := strconv.ParseFloat(said[1], 64); err != nil || level > mostExposed {
			t.Errorf("%s: exposure %s, %v at most is wanted\n%s", name, said[1], mostExposed, out)
		}
		t.Logf("%s: exposure %s", name, said[1])
	}
}
