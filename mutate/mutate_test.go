package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

const samplePackage = "tania/mutate/testdata/sample"

// TestASampleOfMutants has a package whose tests are known to notice some faults and to miss others.
func TestASampleOfMutants(t *testing.T) {
	var out bytes.Buffer
	r := room{name: "sample", packages: []string{samplePackage}}
	got, err := r.mutate(t.Context(), &out, options{side: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Within: each operand ignored and negated, and two boundaries. Sum: negated, boundary, plus, dropped. Weak: negated.
	// InTime: dropped, negated, and none for the timer that it gives back. Ended: dropped.
	want := map[verdict]int{caught: 6 + 4 + 1 + 2 + 1, survived: 2, unseen: 1}
	for v, n := range want {
		if got.by[v] != n {
			t.Errorf("%d %s, want %d", got.by[v], v, n)
		}
	}
	for _, line := range []string{
		"survived: mutate/testdata/sample/sample.go:30: boundary in Weak\n\t- n > 10\n\t+ >=",
		"not run: mutate/testdata/sample/sample.go:25: dropped in Forgotten\n\t- n++\n\t+ nothing",
	} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q is missing in\n%s", line, out.String())
		}
	}
}

func TestAnEquivalentIsNotCounted(t *testing.T) {
	known, err := equivalents("# words\n\nmutate/testdata/sample/sample.go | Weak | boundary | n > 10 # for the test\n")
	if err != nil {
		t.Fatal(err)
	}
	r := room{name: "sample", packages: []string{samplePackage}}
	got, err := r.mutate(t.Context(), &bytes.Buffer{}, options{side: 2}, known)
	if err != nil || got.equivalent != 1 || got.by[survived] != 1 {
		t.Errorf("%+v (%v), want one equivalent and one survivor", got, err)
	}
	if _, err := equivalents("a.go | F | dropped | x"); err == nil {
		t.Error("an equivalent without a reason is taken")
	}
}

// TestTheSameSeedChoosesTheSame draws a sample twice.
func TestTheSameSeedChoosesTheSame(t *testing.T) {
	draw := func(seed uint64) string {
		var out bytes.Buffer
		r := room{name: "sample", packages: []string{samplePackage}}
		if _, err := r.mutate(t.Context(), &out, options{n: 4, seed: seed, list: true}, nil); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if a, b, c := draw(1), draw(1), draw(2); a != b || a == c {
		t.Errorf("seed 1: %q, again %q, seed 2: %q", a, b, c)
	}
}

// TestEveryRoomCanBeMutated reads each room's code, and checks that each equivalent is the name of a mutant.
func TestEveryRoomCanBeMutated(t *testing.T) {
	known, err := equivalents(equivalentText)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		for _, path := range r.packages {
			s, err := load(path)
			if err != nil {
				t.Fatal(err)
			}
			all := s.mutants()
			if len(all) < 100 {
				t.Errorf("%s: %d mutants", path, len(all))
			}
			for _, m := range all {
				delete(known, strings.TrimPrefix(s.path, "tania/")+"/"+m.key())
			}
		}
	}
	for key := range known {
		t.Errorf("equivalent.txt: there is no mutant %q", key)
	}
}

// TestARoomThatIsNoneIsRefused: a table without a line would read as if nothing had survived.
func TestARoomThatIsNoneIsRefused(t *testing.T) {
	err := mutate(t.Context(), io.Discard, options{room: "workers"})
	if err == nil || !strings.Contains(err.Error(), "worker") || !strings.Contains(err.Error(), "sqlite") {
		t.Errorf("%v, want the rooms that there are", err)
	}
}
