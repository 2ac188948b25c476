package main

import (
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
		"b/testdata/x/x.go":   {Data: []byte("no Go")},
		"node_modules/x/x.go": {Data: []byte("no Go")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := h.packages["a"], 77; got != want || h.packages["b"] != 1 || len(h.packages) != 2 {
		t.Errorf("packages %v, want a of %d and b of 1", h.packages, want)
	}
	type counts struct{ functions, long, letters, exported, documented, variables, comments, wide, tests int }
	got := counts{len(h.functions), h.longFunctions, h.nameLetters, h.exported, h.documented, h.variables, h.comments, h.wide, h.testLines}
	if want := (counts{2, 1, 6, 3, 2, 2, 3, 1, 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if q := quantile([]int{9, 1, 5}, 50); q != 5 || quantile(nil, 50) != 0 || quantile([]int{9, 1, 5}, 100) != 9 {
		t.Errorf("the median of 9, 1, 5 is %d", q)
	}
	if _, err := survey(fstest.MapFS{"a.go": {Data: []byte("no Go")}}); err == nil {
		t.Error("what is no Go is measured")
	}
}
