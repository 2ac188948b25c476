package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// Space from which the data directory is too small, in bytes.
const (
	leastSpace  = 64 << 20
	littleSpace = 1 << 30
)

// storage looks whether the data directory can be written, has space, and is on a disk that SQLite can trust.
func (x *examination) storage(diskOf func(dir string) disk) {
	const name = "data directory"
	dir := x.config.DataDir
	fix := "make it writable for the user Tania runs as, or change TANIA_DATA_DIR"
	info, err := os.Stat(dir)
	there := dir
	switch {
	case err == nil && !info.IsDir():
		x.fail(name, dir+" is not a directory", "remove it, or change TANIA_DATA_DIR")
		return
	case errors.Is(err, fs.ErrNotExist):
		if there, err = existingParent(dir); err != nil {
			x.fail(name, fmt.Sprintf("%s cannot be made: %v", dir, err), fix)
			return
		}
	case err != nil:
		x.fail(name, fmt.Sprintf("%s cannot be opened: %v", dir, err), fix)
		return
	}
	if err := tryWriting(there); err != nil {
		x.fail(name, fmt.Sprintf("%s cannot be written: %v", there, err), fix)
		return
	}
	d := diskOf(there)
	switch {
	case d.network != "":
		x.fail(name, fmt.Sprintf("%s is on a network file system (%s), where SQLite's write-ahead log does not work", dir, d.network),
			"set TANIA_DATA_DIR to a directory on a local disk")
	case d.known && d.free < leastSpace:
		x.fail(name, fmt.Sprintf("%s has %d MiB free", dir, d.free>>20), "free some space: a full disk refuses messages")
	case d.known && d.free < littleSpace:
		x.warn(name, fmt.Sprintf("%s has %d MiB free", dir, d.free>>20), "free some space: a full disk refuses messages")
	case there != dir:
		x.ok(name, "%s will be made in %s, which can be written", dir, there)
	case inUse(dir):
		x.info(name, "%s can be written, and is in use by a running Tania", dir)
	default:
		x.ok(name, "%s can be written", dir)
	}
}

// inUse looks whether a Tania holds the embedded store's lock. Nothing is made where there is no lock file.
func inUse(dir string) bool {
	path := filepath.Join(dir, "tania.db.lock")
	if _, err := os.Stat(path); err != nil {
		return false
	}
	lock := flock.New(path)
	free, err := lock.TryRLock()
	return err == nil && (!free || lock.Unlock() != nil)
}

// existingParent is the nearest directory above that exists.
func existingParent(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		dir = filepath.Dir(dir)
		info, err := os.Stat(dir)
		switch {
		case err == nil && !info.IsDir():
			return "", fmt.Errorf("%s is not a directory", dir)
		case err == nil || !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir):
			return dir, err
		}
	}
}

// tryWriting writes, syncs and removes a small file.
func tryWriting(dir string) error {
	f, err := os.CreateTemp(dir, ".tania-doctor-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString("ok")
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

// disk is what is known of the file system of a directory.
type disk struct {
	// free is in bytes, if known.
	free  uint64
	known bool
	// network is the kind of a network file system, empty for a local one.
	network string
}
