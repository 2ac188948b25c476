package access

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"testing"
)

// TestAConnectionThatHasEndedLeadsToNobody: this process still holds its end of one, which is in none of the kernel's tables.
func TestAConnectionThatHasEndedLeadsToNobody(t *testing.T) {
	peers := &Peers{}
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, map[bool]string{true: "own", false: "stranger"}[peers.Own(r)])
	}))
	defer door.Close()
	ours, theirs := pair(t)
	inode := inodeOf(t, ours)
	if unconnected(inode) {
		t.Error("a connection that stands is taken for one that has ended")
	}
	// With a reset no state is left of it.
	if err := theirs.SetLinger(0); err != nil {
		t.Fatal(err)
	}
	_ = theirs.Close()
	if _, err := ours.Read(make([]byte, 1)); err == nil {
		t.Fatal("the connection has not ended")
	}
	if !unconnected(inode) {
		t.Error("a connection that has ended is taken for one that stands")
	}
	if unconnected(inode + 1_000_000_000) {
		t.Error("another process's socket is taken for a connection that has ended")
	}
	answer, err := http.Get(door.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if text, _ := io.ReadAll(answer.Body); string(text) != "own" {
		t.Errorf("this process is taken for a %s", text)
	}
}

// pair gives the two ends of a connection.
func pair(t *testing.T) (accepted, dialled *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	dial, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	accept, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = accept.Close(), dial.Close() })
	return accept.(*net.TCPConn), dial.(*net.TCPConn)
}

// inodeOf gives the inode of a connection's socket.
func inodeOf(t *testing.T, c *net.TCPConn) uint64 {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var stat syscall.Stat_t
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = syscall.Fstat(int(fd), &stat) }); err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	return stat.Ino
}

// TestAConnectionThatIsEndingLeadsToNobody: this process has sent its last word over it, and whoever was at the other end is gone.
func TestAConnectionThatIsEndingLeadsToNobody(t *testing.T) {
	ours, theirs := pair(t)
	inode := inodeOf(t, ours)
	if err := ours.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	us := process{pid: os.Getpid()}
	for who, c := range map[string]struct {
		holder process
		known  map[process]bool
		over   bool
	}{
		"this process":        {us, nil, true},
		"one that is known":   {process{pid: 1}, map[process]bool{{pid: 1}: true}, true},
		"one that is unknown": {process{pid: 1}, nil, false},
	} {
		tb, err := readTables()
		if err != nil {
			t.Fatal(err)
		}
		if tb.over(c.holder, c.known, inode) {
			t.Errorf("%s: over although the other end may still be written to", who)
		}
		s := tb.byInode[inode]
		other := tb.tcp[ends{s.remote, s.local}]
		other.inode = 0 // as closing it would make it
		tb.tcp[ends{s.remote, s.local}] = other
		if got := tb.over(c.holder, c.known, inode); got != c.over {
			t.Errorf("%s, with nobody at the other end: over is %v", who, got)
		}
	}
	_ = theirs.Close()
}
