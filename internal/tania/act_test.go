package tania_test

import (
	"bytes"
	"testing"

	"tania/internal/tania"
)

// TestLooksPushNoWriteOut: what limits count was changed in a conversation, however much was looked up since.
func TestLooksPushNoWriteOut(t *testing.T) {
	var c tania.Conversation
	n := 0
	act := func(wrote bool, result int) {
		n++
		c.Acted([]tania.Act{{Turn: "t", Number: n, Tool: "tool", OK: true, Wrote: wrote, Result: bytes.Repeat([]byte("1"), result)}})
	}
	act(true, 10)
	for range 3 * tania.ActsLimit {
		act(false, 4096)
	}
	if len(c.Acts) > tania.ActsLimit || !c.Acts[0].Wrote || c.Acts[0].Number != 1 || c.Acts[len(c.Acts)-1].Number != n {
		t.Fatalf("%d acts, from %+v", len(c.Acts), c.Acts[0])
	}
	act(false, tania.ActsBytes+1)
	for range 20 {
		act(true, 4096)
	}
	size := 0
	for _, a := range c.Acts {
		size += len(a.Result)
	}
	if len(c.Acts) != 21 || c.Acts[0].Number != 1 || size > tania.ActsBytes {
		t.Errorf("%d acts of %d bytes, want 21 writes without the results of the oldest", len(c.Acts), size)
	}
}
