package learned

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// holdFor is the folder that this test's program holds, in a process of its own, until it is killed.
const holdFor = "TANIA_TEST_HOLDS"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdFor); dir != "" {
		unlock, err := Store{Dir: dir, Now: time.Now}.Lock("tania serve")
		if err != nil {
			_, _ = os.Stdout.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		_, _ = os.Stdout.WriteString("held\n")
		_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
		_ = unlock()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestTheFolderHasOneWriter: another process holds it, is named, and is killed.
func TestTheFolderHasOneWriter(t *testing.T) {
	f := newFolder(t)
	other := exec.Command(os.Args[0]) //nolint:gosec // this test's own program
	other.Env = append(os.Environ(), holdFor+"="+f.Dir)
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	stop := func() {
		_ = other.Process.Kill()
		_ = other.Wait()
	}
	defer stop()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "held\n" {
		t.Fatalf("%q, %v", line, err)
	}

	_, err = f.Lock("tania learn")
	held, ok := errors.AsType[HeldError](err)
	if !ok || held.By.Name != "tania serve" || held.By.Process != other.Process.Pid || held.By.Since.IsZero() {
		t.Errorf("%+v, %v", held, err)
	}
	if host, _ := os.Hostname(); !strings.Contains(err.Error(), "tania serve (process ") || !strings.Contains(err.Error(), host) {
		t.Errorf("it does not say who: %v", err)
	}

	stop()
	unlock, err := f.Lock("tania learn")
	if err != nil {
		t.Fatalf("after a kill: %v", err)
	}
	_, err = f.Lock("tania learn")
	if held, ok := errors.AsType[HeldError](err); !ok || held.By.Process != os.Getpid() || held.By.Name != "tania learn" {
		t.Errorf("taken twice by one process: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if unlock, err = f.Lock("tania learn"); err != nil {
		t.Fatalf("after it was let go: %v", err)
	}
	// Somebody who has just taken it has not signed yet.
	if err := os.Truncate(filepath.Join(f.Dir, lockFile), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Lock("tania learn"); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("%v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderThatCannotBeWrittenIsSaidToBeSo(t *testing.T) {
	f := newFolder(t)
	for _, cause := range []error{syscall.EROFS, syscall.EACCES, syscall.EPERM} {
		err := f.unwritable(&fs.PathError{Op: "mkdir", Path: f.Dir, Err: cause})
		if !errors.Is(err, cause) || !strings.Contains(err.Error(), "make the folder beside bot.yaml writable") {
			t.Errorf("%v: %v", cause, err)
		}
	}
	if err := os.WriteFile(f.Dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Lock("tania learn"); !errors.Is(err, syscall.ENOTDIR) || strings.Contains(err.Error(), "make the folder") {
		t.Errorf("a file in its place: %v", err)
	}
}
