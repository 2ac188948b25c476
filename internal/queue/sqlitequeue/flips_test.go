package sqlitequeue

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tania/internal/tania"
	"tania/internal/testsize"
)

// envFlips is how many damages TestNoFlippedBitOrCutIsSilent does; make simulate sets it.
const envFlips = "TANIA_FLIPS"

var flips = testsize.Of(60, 8) // by default

// logFrame is the size of a page in the log with its header, logHeader that of the log's header, in bytes.
const logFrame, logHeader = 4096 + 24, 32

// TestNoFlippedBitOrCutIsSilent flips a bit in the files that a killed process leaves, or cuts one of them off: what the next start
// hands out is what was pushed, or it says that something is lost.
func TestNoFlippedBitOrCutIsSilent(t *testing.T) {
	wanted := flips
	if set := os.Getenv(envFlips); set != "" {
		n, err := strconv.Atoi(set)
		if err != nil {
			t.Fatalf("%s: %v", envFlips, err)
		}
		wanted = n
	}
	files := killedFiles(t)
	want, said := afterDamage(t, files)
	if said != "" {
		t.Fatalf("of whole files: %s", said)
	}
	counts := map[string]int{}
	r := rand.New(rand.NewPCG(7, 7))
	for n := range wanted {
		suffix := []string{"", "-wal", "", "-shm"}[n%4]
		damaged, at := maps.Clone(files), ""
		damaged[suffix], at = damage(r, files[suffix])
		got, said := afterDamage(t, damaged)
		switch {
		case said == "" && got != want:
			t.Errorf("damage %d, q.db%s %s: silent\ngot  %s\nwant %s", n, suffix, at, got, want)
		case suffix == "" && strings.HasPrefix(at, "flip") && got != want:
			t.Errorf("damage %d, q.db %s was not put right: %s", n, at, said)
		}
		what, _, _ := strings.Cut(at, " ")
		if said == "" {
			what += ", harmless"
		}
		counts[fmt.Sprintf("q.db%s %s", suffix, what)]++
	}
	t.Logf("%d damages: %v", wanted, counts)
}

// damage flips a bit or cuts the end off, but not the log where a transaction may end: a log that was cut off there is a whole one.
func damage(r *rand.Rand, content []byte) (damaged []byte, what string) {
	at := r.IntN(len(content))
	if r.IntN(4) == 0 && at%logFrame != logHeader {
		return content[:at:at], fmt.Sprint("cut at byte ", at)
	}
	damaged = slices.Clone(content)
	damaged[at] ^= 1 << r.IntN(8)
	return damaged, fmt.Sprint("flip in byte ", at)
}

// killedFiles are those of a process that was killed while a good part of its work was in the log, and the other in the file.
func killedFiles(t *testing.T) map[string][]byte {
	t.Helper()
	s := newStore(t, childOptions())
	t.Cleanup(s.Remove)
	pragma(t, s.e, "wal_autocheckpoint = 60")
	pushAll(t, s.e, 1, 200)
	for range 60 {
		turn, err := s.e.Claim(t.Context())
		if err == nil {
			err = s.e.Complete(t.Context(), turn)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	files := map[string][]byte{}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		content, err := os.ReadFile(filepath.Join(s.dir, "q.db"+suffix))
		if err != nil {
			t.Fatal(err)
		}
		files[suffix] = content
	}
	if len(files[""]) < 10*4096 || len(files["-wal"]) < 10*logFrame {
		t.Fatalf("the file has %d bytes, the log %d", len(files[""]), len(files["-wal"]))
	}
	return files
}

// afterDamage is what an engine hands out that opens the files, and what it says was wrong with them.
func afterDamage(t *testing.T, files map[string][]byte) (handedOut, said string) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	for suffix, content := range files {
		if err := os.WriteFile(filepath.Join(dir, "q.db"+suffix), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e, err := Open(t.Context(), filepath.Join(dir, "q.db"), childOptions())
	if err != nil {
		return "", err.Error()
	}
	defer func() { _ = e.Close() }()
	if left := e.Left(); left != (Left{}) {
		said = fmt.Sprintf("%+v", left)
	}
	got := map[tania.MessageID]int{}
	for {
		s, err := e.Stats(t.Context())
		if err != nil || s.Waiting == 0 {
			return fmt.Sprint(got, s.Active, s.Delayed, s.Failed), said + told(err)
		}
		turn, err := e.Claim(t.Context())
		if err != nil {
			return fmt.Sprint(got), said + told(err)
		}
		for _, m := range turn.Messages {
			if m.Content != childMessage(int(m.ID)).Content {
				return fmt.Sprintf("message %d is %q", m.ID, m.Content), said
			}
			got[m.ID]++
		}
	}
}

func told(err error) string {
	if err == nil {
		return ""
	}
	return errors.Join(errors.New("; "), err).Error()
}
