package tania_test

import (
	"testing"

	"tania/internal/tania"
)

// TestARoleIncludesThoseBeforeIt, and what names no role is open to nobody.
func TestARoleIncludesThoseBeforeIt(t *testing.T) {
	all := append([]tania.Role{tania.Anyone}, tania.Roles()...)
	for i, has := range all {
		for j, needs := range all {
			if has.May(needs) != (i >= j) {
				t.Errorf("%s may do what needs %s: %v", has, needs, has.May(needs))
			}
		}
		if has.May("") || has.May("root") || tania.Role("").May(has) || tania.Role("root").May(has) {
			t.Errorf("%s and what is no role", has)
		}
		if has.Valid() != (i > 0) {
			t.Errorf("a user can be %s: %v", has, has.Valid())
		}
	}
}
