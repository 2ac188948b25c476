package lazyregexp

import (
	"sync"
	"testing"
)

func TestAnExpressionIsCompiledOnceAndByItsUse(t *testing.T) {
	underTest = false
	defer func() { underTest = true }()
	r := New(`(\d+)-\pL`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := r.FindAllStringSubmatch("12-a 3-ñ", -1); len(got) != 2 || got[1][1] != "3" {
				t.Errorf("%q", got)
			}
		})
	}
	all.Wait()
	if first := r.compiled(); first != r.compiled() {
		t.Error("compiled again")
	}
	wrong := New(`(`)
	defer func() {
		if recover() == nil {
			t.Error("a mistake passes")
		}
	}()
	wrong.MatchString("")
}

func TestAMistakeFailsTestsAtOnce(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a mistake passes in a test")
		}
	}()
	New(`(`)
}
