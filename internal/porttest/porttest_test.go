package porttest

import (
	"net"
	"testing"
)

// TestATakenPortIsNobodyElses: it is outside of what the system hands out, is not picked twice, and neither is one above it.
func TestATakenPortIsNobodyElses(t *testing.T) {
	first, err := firstEphemeral()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for range 50 {
		p, err := Take(1000)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Free)
		for _, n := range []int{p.Number, p.Number + 1000} {
			if seen[n] || n < lowest || n >= first {
				t.Errorf("port %d is picked, of %d to %d; it was before: %v", n, lowest, first, seen[n])
			}
			seen[n] = true
			if again := (&Port{Number: n}); again.reserve([]int{0}) {
				t.Errorf("port %d is free for others", n)
			}
		}
		l, err := net.Listen("tcp", p.Address())
		if err != nil {
			t.Fatalf("the program that it is for cannot listen: %v", err)
		}
		_ = l.Close()
	}
}

// TestAPortInUseIsNotPicked: somebody listens, on it or on one above.
func TestAPortInUseIsNotPicked(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	used := l.Addr().(*net.TCPAddr).Port
	if p := (&Port{Number: used}); p.reserve([]int{0}) {
		t.Errorf("port %d is picked, on which somebody listens", used)
	}
	p := &Port{Number: used - 7}
	if p.reserve([]int{0, 7}) {
		t.Errorf("port %d is picked, and somebody listens seven above it", p.Number)
	}
	again, err := mark(p.Number)
	if err != nil {
		t.Fatal("a port that was not picked stays marked: ", err)
	}
	_ = again.Close()
}
