package aspect

import (
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		asked, other                 string
		same, plainlyNot, perhapsNot bool
	}{
		{"cuanto sale el bano", "cuanto cuesta el bano", true, false, false},
		{"how much is a bath", "quanto custa o banho", true, false, false},
		{"cada cuando lo bano", "cuanto cuesta el bano", false, true, true},
		{"how often should i deworm", "cada cuanto se desparasita", true, false, false},
		{"donde estan", "a que hora abren", false, true, true},
		{"puedo llevar a mi perro", "cuanto cuesta el bano", false, false, true},
		{"cuanto cuesta y donde estan", "donde esta el taller", true, false, false},
		{"el bano", "cuanto cuesta el bano", false, false, false},
		{"", "", false, false, false},
		// A word inside another one opens nothing.
		{"condonde", "donde esta", false, false, false},
	} {
		same, plainlyNot, perhapsNot := Compare(Of(strings.Fields(c.asked)), Of(strings.Fields(c.other)))
		if same != c.same || plainlyNot != c.plainlyNot || perhapsNot != c.perhapsNot {
			t.Errorf("%q, %q: same %t, plainly not %t, perhaps not %t", c.asked, c.other, same, plainlyNot, perhapsNot)
		}
	}
}
