package learned

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// lockFile is in the folder. The system's lock on it ends with its process, however that ends; what stands in it tells others who has it.
const lockFile = ".lock"

// Holder is who writes the folder now.
type Holder struct {
	// Name is what it runs as, "tania learn" for example.
	Name string `json:"name"`
	Host string `json:"host"`
	// Process is its number on that host.
	Process int       `json:"process"`
	Since   time.Time `json:"since"`
}

// HeldError is for a folder that another process writes.
type HeldError struct {
	Dir string
	// By is zero where it does not say.
	By Holder
}

// Error says who holds the folder.
func (e HeldError) Error() string {
	if e.By.Name == "" {
		return fmt.Sprintf("learned: %s is being written by another process: wait until it is done", e.Dir)
	}
	return fmt.Sprintf("learned: %s is being written by %s (process %d on %s, since %s): wait until it is done", e.Dir, e.By.Name,
		e.By.Process, e.By.Host, e.By.Since.UTC().Format("2006-01-02 15:04:05 UTC"))
}

// Lock makes the caller the only one who writes the folder, until it unlocks it or its process ends. name is what it runs as. Where another
// process has it, the error is a HeldError; where nobody can write here, it says so with fs.ErrPermission or the like.
func (s Store) Lock(name string) (unlock func() error, err error) {
	if err := os.MkdirAll(s.Dir, 0o755); err != nil { //nolint:gosec // the bot may run as another user
		return nil, s.unwritable(err)
	}
	path := filepath.Join(s.Dir, lockFile)
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, s.unwritable(err)
	}
	if !locked {
		return nil, HeldError{Dir: s.Dir, By: readHolder(path)}
	}
	if err := s.sign(path, name); err != nil {
		return nil, errors.Join(s.unwritable(err), lock.Unlock())
	}
	return func() error {
		return errors.Join(os.Truncate(path, 0), lock.Unlock())
	}, nil
}

// sign writes who holds the lock into its file, which stays the same file: the lock is on that.
func (s Store) sign(path, name string) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	content, err := json.Marshal(Holder{Name: name, Host: host, Process: os.Getpid(), Since: s.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(content, '\n'), 0o644) //nolint:gosec // others read who holds it
}

// readHolder is zero for a file that does not say, for one who has just taken it for example.
func readHolder(path string) (h Holder) {
	content, err := os.ReadFile(path) //nolint:gosec // in the folder
	if err != nil || json.Unmarshal(content, &h) != nil {
		return Holder{}
	}
	return h
}

// unwritable says of an error what to do where the folder belongs to somebody else.
func (s Store) unwritable(err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("learned: %s cannot be written here: %w; make the folder beside bot.yaml writable for Tania's user, or run "+
			"tania learn where it can be written and bring %s here with bot.yaml", s.Dir, err, Folder)
	}
	return fmt.Errorf("learned: %w", err)
}
