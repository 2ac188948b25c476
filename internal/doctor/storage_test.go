package doctor

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/gofrs/flock"
)

func TestTheDataDirectory(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, dir string
		status    Status
		words     []string
	}{
		{"exists", root, OK, []string{"can be written"}},
		{"will be made", filepath.Join(root, "a", "b"), OK, []string{"will be made in " + root}},
		{"is a file", file, Fail, []string{"not a directory"}},
		{"is below a file", filepath.Join(file, "data"), Fail, []string{"not a directory"}},
		{"is on a file system that takes no files", "/proc/self", Fail, []string{"cannot be written", "TANIA_DATA_DIR"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			expect(t, examine(t, Deps{}, "TANIA_DATA_DIR="+x.dir), "data directory", x.status, x.words...)
		})
	}
	lock := flock.New(filepath.Join(t.TempDir(), "tania.db.lock"))
	if held, err := lock.TryLock(); !held || err != nil {
		t.Fatal(held, err)
	}
	expect(t, examine(t, Deps{}, "TANIA_DATA_DIR="+filepath.Dir(lock.Path())), "data directory", Info, "in use by a running Tania")
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	expect(t, examine(t, Deps{}, "TANIA_DATA_DIR="+filepath.Dir(lock.Path())), "data directory", OK)

	left, err := os.ReadDir(root)
	if err != nil || len(left) != 1 {
		t.Errorf("the check left something behind: %v %v", left, err)
	}
}

func TestADiskThatTheStoreCannotTrust(t *testing.T) {
	c, err := load(t, "TANIA_DATA_DIR="+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name   string
		disk   disk
		status Status
		words  string
	}{
		{"network", disk{network: "NFS", known: true, free: 1 << 40}, Fail, "network file system (NFS)"},
		{"full", disk{known: true, free: 5 << 20}, Fail, "5 MiB free"},
		{"nearly full", disk{known: true, free: 500 << 20}, Warn, "500 MiB free"},
		{"unknown", disk{}, OK, "can be written"},
	} {
		e := &examination{config: c}
		e.storage(func(string) disk { return x.disk })
		expect(t, e.checks, "data directory", x.status, x.words)
	}
	if runtime.GOOS == "linux" && !diskOf(t.TempDir()).known {
		t.Error("the kernel does not tell the space")
	}
}
