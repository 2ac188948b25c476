package session

import (
	"fmt"
	"testing"
	"time"
)

// TestGuessesForANameAreLimited, from however many addresses they come; another name can sign in meanwhile.
func TestGuessesForANameAreLimited(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	l := NewLimits(func() time.Time { return now })
	from := func(i int) string { return fmt.Sprintf("192.0.2.%d:4711", i) }
	for i := range triesOfName {
		if !l.Allow(from(i), "Ana") {
			t.Fatalf("guess %d is not taken", i)
		}
		l.Failed(from(i), "Ana")
	}
	if l.Allow(from(100), "aNA") {
		t.Error("one guess more is taken, with the name in other letters")
	}
	if !l.Allow(from(100), "Eva") || !l.Allow(from(100), "") {
		t.Error("another name and the token are refused too")
	}
	now = now.Add(nameAgainAfter)
	if !l.Allow(from(100), "Ana") {
		t.Error("after a while no guess is taken")
	}
}
