package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSurvey(t *testing.T) {
	h, err := survey(fstest.MapFS{
		"a/a.go": {Data: []byte("// Package a.\npackage a\n\n// Told has a comment.\nvar Told, _ = 1, 2\n\nvar quiet int\n\ntype Bare struct{}\n\n// Long is long.\nfunc (*Bare) Long() {\n" +
			strings.Repeat("\tquiet++\n", 60) + "}\n\nfunc (b hidden[T]) Of() {}\n\ntype hidden[T any] struct{} // " + strings.Repeat("x", 120) +
			"\n")},
		"a/a_test.go":         {Data: []byte("package a\n\n\n")},
		"b/b.go":              {Data: []byte("package b\n")},
		"cmd/x/main.go":       {Data: []byte("package main\n\nimport _ \"m/b\"\n\nvar _ = 1 > 0 && 1 > 0 && 1 > 0 && 1 > 0 || 1 > 0 || 1 > 0 // a && b\n")},
		"ctest/d/d.go":        {Data: []byte("package d\n\nimport _ \"m/b\" // a && b && c && d && e && f && g\n")},
		"go.mod":              {Data: []byte("module m\n\ngo 1.26\n")},
		"AGENTS.md":           {Data: []byte("For agents.\n")},
		"CONTRIBUTING.md":     {Data: []byte("Welcome.\n")},
		"docs/adr/0001-x.md":  {Data: []byte("# X\n")},
		"b/testdata/x/x.go":   {Data: []byte("no Go")},
		"node_modules/x/x.go": {Data: []byte("no Go")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := h.packages["a"], 77; got != want || h.packages["b"] != 1 || len(h.packages) != 4 {
		t.Errorf("packages %v, want a of %d and b of 1", h.packages, want)
	}
	type counts struct{ functions, long, letters, exported, documented, variables, comments, wide, tests int }
	got := counts{len(h.functions), h.longFunctions, h.nameLetters, h.exported, h.documented, h.variables, h.comments, h.wide, h.testLines}
	if want := (counts{2, 1, 6, 3, 2, 2, 3, 1, 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if h.tangled != 1 || h.contributing != 3 || h.decisions != 1 {
		t.Errorf("%d tangled lines, %d words, %d decisions", h.tangled, h.contributing, h.decisions)
	}
	if shipped, suites := h.shipped(), h.suites(); shipped != h.packages["cmd/x"]+h.packages["b"] || suites != h.packages["ctest/d"] {
		t.Errorf("%d lines are shipped, %d are suites", shipped, suites)
	}
	if q := quantile([]int{9, 1, 5}, 50); q != 5 || quantile(nil, 50) != 0 || quantile([]int{9, 1, 5}, 100) != 9 {
		t.Errorf("the median of 9, 1, 5 is %d", q)
	}
	if _, err := survey(fstest.MapFS{"a.go": {Data: []byte("no Go")}}); err == nil {
		t.Error("what is no Go is measured")
	}
}

// TestTheHouseIsKept counts this very tree.
func TestTheHouseIsKept(t *testing.T) {
	h, err := survey(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	if len(h.packages) < 50 {
		t.Fatalf("only %d packages were found", len(h.packages))
	}
	for name, lines := range h.packages {
		if lines > largest {
			t.Errorf("%s has %d lines: find the rooms that are in it", name, lines)
		}
	}
	if longest := quantile(h.files, 100); longest > 500 {
		t.Errorf("a file has %d lines", longest)
	}
	if h.tangled > 0 {
		t.Errorf("%d lines have more than %d && and ||", h.tangled, mostOperators)
	}
}
