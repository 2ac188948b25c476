package embedding

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// lengths makes a vector of each text, and counts what is asked for.
type lengths struct{ batches [][]string }

func (l *lengths) ask(_ context.Context, texts []string) ([][]float32, error) {
	l.batches = append(l.batches, texts)
	made := make([][]float32, len(texts))
	for i, text := range texts {
		made[i] = []float32{float32(len(text)), 1, -2}
	}
	return made, nil
}

func opened(t *testing.T, path string) *Kept {
	t.Helper()
	kept, err := OpenKept(path, func(err error) { t.Errorf("vectors are not written: %v", err) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	return kept
}

func all(t *testing.T, s *Server, texts ...string) []Vector {
	t.Helper()
	made, err := s.All(t.Context(), texts)
	if err != nil || len(made) != len(texts) {
		t.Fatalf("%d vectors, %v", len(made), err)
	}
	for i, v := range made {
		if want := Quantise([]float32{float32(len(cut(texts[i]))), 1, -2}); v.Cosine(want) < 0.9999 {
			t.Errorf("%q has the vector %v", texts[i], v.Numbers())
		}
	}
	return made
}

func TestARestartAsksForNothingAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors")
	var asked lengths
	kept := opened(t, path)
	s := NewServer(Options{Ask: asked.ask, Model: "m", Kept: kept, Batch: 2})
	all(t, s, "a", "bb", "ccc", "dddd", "eeeee")
	if len(asked.batches) != 3 || len(asked.batches[2]) != 1 {
		t.Errorf("asked for %q, want batches of two", asked.batches)
	}
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	kept = opened(t, path)
	var again lengths
	all(t, NewServer(Options{Ask: again.ask, Model: "m", Kept: kept}), "eeeee", "a", "ffffff")
	if want := [][]string{{"ffffff"}}; len(again.batches) != 1 || !slices.Equal(again.batches[0], want[0]) {
		t.Errorf("asked for %q, want %q", again.batches, want)
	}
	var other lengths
	all(t, NewServer(Options{Ask: other.ask, Model: "n", Kept: kept}), "a")
	if len(other.batches) != 1 {
		t.Error("another model's vector was taken")
	}
}

func TestACustomersWordsAreNotKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors")
	var asked lengths
	s := NewServer(Options{Ask: asked.ask, Model: "m", Kept: opened(t, path)})
	for range 2 {
		if v, err := s.One(t.Context(), "hola"); err != nil || v.Empty() {
			t.Fatal(v, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 0 || len(asked.batches) != 2 {
		t.Errorf("%v %v after %d requests", info.Size(), err, len(asked.batches))
	}
}

func TestDamageIsAskedForAgain(t *testing.T) {
	for name, spoil := range map[string]func([]byte) []byte{
		"a flipped bit": func(b []byte) []byte { b[len(b)-6] ^= 4; return b },
		"cut off":       func(b []byte) []byte { return b[:len(b)-1] },
		"more behind":   func(b []byte) []byte { return append(b, "half of a record that a kill left be"...) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "vectors")
			kept := opened(t, path)
			all(t, NewServer(Options{Ask: (&lengths{}).ask, Model: "m", Kept: kept}), "a", "bb")
			_ = kept.Close()
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, spoil(content), 0o600); err != nil {
				t.Fatal(err)
			}
			kept = opened(t, path)
			var asked lengths
			all(t, NewServer(Options{Ask: asked.ask, Model: "m", Kept: kept}), "a", "bb")
			if name != "more behind" && (len(asked.batches) != 1 || !slices.Equal(asked.batches[0], []string{"bb"})) {
				t.Errorf("asked for %q, want what was damaged", asked.batches)
			}
			_ = kept.Close()
			var again lengths
			all(t, NewServer(Options{Ask: again.ask, Model: "m", Kept: opened(t, path)}), "a", "bb")
			if len(again.batches) != 0 {
				t.Errorf("asked for %q after the damage was mended", again.batches)
			}
		})
	}
}

func TestTheSecondProcessReadsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors")
	all(t, NewServer(Options{Ask: (&lengths{}).ask, Model: "m", Kept: opened(t, path)}), "a")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var asked lengths
	all(t, NewServer(Options{Ask: asked.ask, Model: "m", Kept: opened(t, path)}), "a", "bb")
	if after, _ := os.ReadFile(path); len(asked.batches) != 1 || len(asked.batches[0]) != 1 || string(after) != string(before) {
		t.Errorf("asked for %q", asked.batches)
	}
}

func TestWhatServersSendIsChecked(t *testing.T) {
	down := errors.New("connection refused")
	for name, ask := range map[string]Ask{
		"down":       func(context.Context, []string) ([][]float32, error) { return nil, down },
		"too few":    func(context.Context, []string) ([][]float32, error) { return [][]float32{{1}}, nil },
		"none":       func(context.Context, []string) ([][]float32, error) { return nil, nil },
		"of nothing": func(context.Context, []string) ([][]float32, error) { return [][]float32{{1}, {0, 0}}, nil },
	} {
		if made, err := NewServer(Options{Ask: ask, Model: "m"}).All(t.Context(), []string{"a", "b"}); err == nil {
			t.Errorf("%s: %v", name, made)
		}
	}
}

func TestAServerThatHangsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewServer(Options{Model: "m", Timeout: time.Second, Ask: func(ctx context.Context, _ []string) ([][]float32, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		began := time.Now()
		if _, err := s.One(t.Context(), "a"); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

func TestLongTextsAreCut(t *testing.T) {
	var asked lengths
	all(t, NewServer(Options{Ask: asked.ask, Model: "m"}), strings.Repeat("ñ", 3*longestText), "")
	if got := utf8.RuneCountInString(asked.batches[0][0]); got != longestText || asked.batches[0][1] == "" {
		t.Errorf("%d characters were sent, and %q", got, asked.batches[0][1])
	}
}

// TestTextsThatAServerDoesNotTakeAreAskedForInParts has a server that takes three texts at a time, of at most 500 letters, and not one of
// them.
func TestTextsThatAServerDoesNotTakeAreAskedForInParts(t *testing.T) {
	var asked lengths
	ask := func(ctx context.Context, texts []string) ([][]float32, error) {
		for _, text := range texts {
			if len(text) > 500 || strings.HasPrefix(text, "!") {
				return nil, fmt.Errorf("400: %w", ErrNotTaken)
			}
		}
		if len(texts) > 3 {
			return nil, ErrNotTaken
		}
		return asked.ask(ctx, texts)
	}
	s := NewServer(Options{Ask: ask, Model: "m"})
	texts := []string{"a", "bb", strings.Repeat("x", 1600), "!" + strings.Repeat("y", 300), "ccccc", "d", "e"}
	made, err := s.All(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, length := range []int{1, 2, 400, 0, 5, 1, 1} {
		if length == 0 {
			if !made[i].Empty() {
				t.Errorf("%.10q has a vector", texts[i])
			}
			continue
		}
		if want := Quantise([]float32{float32(length), 1, -2}); made[i].Cosine(want) < 0.9999 {
			t.Errorf("%.10q has the vector %v", texts[i], made[i].Numbers())
		}
	}
	if _, known := s.Known(texts[2]); !known {
		t.Error("what was made of a part is not kept")
	}
}

// TestAServerThatTakesNothingIsAnError, after two requests: it has no model of that name.
func TestAServerThatTakesNothingIsAnError(t *testing.T) {
	requests := 0
	s := NewServer(Options{Model: "typo", Ask: func(context.Context, []string) ([][]float32, error) {
		requests++
		return nil, fmt.Errorf("400 invalid model: %w", ErrNotTaken)
	}})
	made, err := s.All(t.Context(), []string{"a", "b", strings.Repeat("c", 500)})
	if err == nil || errors.Is(err, ErrNotTaken) || !strings.Contains(err.Error(), "invalid model") || made != nil || requests != 2 {
		t.Errorf("%v, %v after %d requests", made, err, requests)
	}
	if _, err := s.One(t.Context(), strings.Repeat("x", 1600)); err == nil || errors.Is(err, ErrNotTaken) || requests != 4 {
		t.Errorf("of a question: %v after %d requests", err, requests)
	}
}

// TestALongQuestionIsShortened, and one that is not taken does not have the server left alone.
func TestALongQuestionIsShortened(t *testing.T) {
	var asked lengths
	s := NewServer(Options{Model: "m", Ask: func(ctx context.Context, texts []string) ([][]float32, error) {
		if len(texts[0]) > 500 || strings.HasPrefix(texts[0], "!") {
			return nil, ErrNotTaken
		}
		return asked.ask(ctx, texts)
	}})
	if v, err := s.One(t.Context(), strings.Repeat("x", 1600)); err != nil || v.Empty() || len(asked.batches[len(asked.batches)-1][0]) != 400 {
		t.Errorf("%v, %v", v, err)
	}
	q := NewQuestions(s.One, time.Second)
	defer q.Close()
	for i := range 2 * mostLate {
		if v := q.Vector(t.Context(), fmt.Sprint("!", i)); !v.Empty() {
			t.Error("a refused question has a vector")
		}
	}
	if q.Vector(t.Context(), "¿horario?").Empty() {
		t.Error("the server is left alone because of questions that it refused")
	}
}
