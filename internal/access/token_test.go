package access_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tania/internal/access"
)

// TestProcessesThatBeginAtOnceHaveOneToken: each of many keeps a token in one new directory.
func TestProcessesThatBeginAtOnceHaveOneToken(t *testing.T) {
	for range 20 {
		dir := filepath.Join(t.TempDir(), "data")
		var tokens [16]string
		var all sync.WaitGroup
		for i := range tokens {
			all.Go(func() {
				var err error
				if tokens[i], err = access.KeepToken(dir); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, token := range tokens {
			if token != tokens[0] || len(token) < 32 {
				t.Fatalf("tokens of %d and %d characters, the same: %v", len(token), len(tokens[0]), token == tokens[0])
			}
		}
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != 1 {
			t.Fatalf("%d files are left, %v", len(files), err)
		}
		if info, err := files[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file has the mode %v, %v", info.Mode(), err)
		}
		if again, err := access.KeepToken(dir); err != nil || again != tokens[0] {
			t.Errorf("the next start has another token: %v", err)
		}
	}
}

func TestATokenOfTheOperators(t *testing.T) {
	dir := t.TempDir()
	path := access.TokenPath(dir)
	if _, err := access.ReadToken(dir); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("no file: %v", err)
	}
	for name, text := range map[string]string{"empty": "", "short": "abc\n", "two words": "a-token-of-many characters\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := access.KeepToken(dir)
		if err == nil || !strings.Contains(err.Error(), "remove the file") ||
			text != "" && strings.Contains(err.Error(), strings.TrimSpace(text)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(path, []byte("  one-of-my-own-choice\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if token, err := access.KeepToken(dir); err != nil || token != "one-of-my-own-choice" {
		t.Errorf("%q, %v", token, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it still: %v, %v", info.Mode(), err)
	}
	if _, err := access.KeepToken(filepath.Join(path, "data")); err == nil || errorsIsNotExist(err) {
		t.Errorf("a directory that cannot be: %v", err)
	}
}

func errorsIsNotExist(err error) bool { return strings.Contains(err.Error(), fs.ErrNotExist.Error()) }
