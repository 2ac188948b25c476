package learned

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Files is the folder of a source that a Change names.
func Files(dir string) fs.FS { return os.DirFS(dir) }

// Bring writes documents that another machine has learned, by their paths in the folder, where they are missing or others. What was
// remembered of a source whose documents are replaced counts no more: it is read anew.
func (s Store) Bring(files map[string]string) error {
	replaced := map[string]bool{}
	for name, text := range files {
		path := filepath.Join(s.Dir, filepath.FromSlash(name))
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("learned: %q is not below the folder", name)
		}
		had, err := os.ReadFile(path) //nolint:gosec // in the folder
		if err == nil && bytes.Equal(had, []byte(text)) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // the bot may run as another user
			return fmt.Errorf("learned: %w", err)
		}
		if err := replace(path, []byte(text)); err != nil {
			return err
		}
		replaced[filepath.Dir(path)] = true
	}
	for dir := range replaced {
		if err := forgetMarks(dir); err != nil {
			return err
		}
	}
	return nil
}

func forgetMarks(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, stateFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	st, err := loadState(filepath.Join(dir, stateFile))
	if err != nil {
		return err
	}
	for id, k := range st.Documents {
		k.Mark = Mark{}
		st.Documents[id] = k
	}
	return st.save(dir)
}
