package schedule

import (
	"testing"

	"tania/internal/tania"
)

// TestInboxIn reads the number after the mark, and nothing else.
func TestInboxIn(t *testing.T) {
	for body, want := range map[string]tania.InboxID{
		`"inbox":7,"content":"hola"}`: 7,
		`"inbox":1099}`:               1099,
		`"inbox":90}`:                 90,
		`"inbox":}`:                   0,
		`"inbox":7`:                   0, // cut off: the rest of the number may be missing
		`"account":7}`:                0,
		`7}`:                          0,
		``:                            0,
	} {
		if got := InboxIn([]byte(body)); got != want {
			t.Errorf("%s: %d, want %d", body, got, want)
		}
	}
}
