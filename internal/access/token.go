package access

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// TokenFile is the file of the data directory that holds the operators' token where ADMIN_TOKEN is not set.
const TokenFile = "admin-token"

// leastToken is the fewest characters that a kept token may have: fewer can be guessed.
const leastToken = 16

// TokenPath is where the token of a data directory is, from the root.
func TokenPath(dir string) string {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	return filepath.Join(dir, TokenFile)
}

// ReadToken gives the token kept in a data directory; fs.ErrNotExist is in the error when there is none yet. The token is in no error.
func ReadToken(dir string) (string, error) {
	path := TokenPath(dir)
	content, err := os.ReadFile(path) //nolint:gosec // the operator names the directory
	if err != nil {
		return "", fmt.Errorf("access: %w", err)
	}
	token := strings.TrimSpace(string(content))
	if len(token) < leastToken || strings.ContainsAny(token, " \t\r\n") {
		return "", fmt.Errorf("access: %s does not hold a token of %d characters or more; remove the file and a new one is made at the next start", path, leastToken)
	}
	return token, nil
}

// KeepToken gives the token kept in a data directory, and makes one, readable for its owner alone, where there is none. Of several
// processes that begin at once in one directory one makes it, and all have the same.
func KeepToken(dir string) (string, error) {
	token, err := ReadToken(dir)
	if err == nil {
		return token, tighten(TokenPath(dir))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("access: %w", err)
	}
	if err := publish(dir, rand.Text()+rand.Text()); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("access: %w", err)
	}
	return ReadToken(dir)
}

// publish writes a token under another name and gives it its own when it is on the disk: whoever sees the file sees a whole token. It is
// fs.ErrExist when another process came first.
func publish(dir, token string) error {
	draft, err := os.CreateTemp(dir, TokenFile+"-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = draft.WriteString(token + "\n")
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), TokenPath(dir)); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// A file system without hard links: the last of several that begin in the same instant wins.
	if _, err := os.Stat(TokenPath(dir)); err == nil {
		return fs.ErrExist
	}
	return os.Rename(draft.Name(), TokenPath(dir))
}

// tighten takes from others the right to read a file, if they have it.
func tighten(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("access: others may read the operators' token: %w", err)
	}
	return nil
}
