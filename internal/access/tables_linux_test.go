package access

import (
	"net/netip"
	"testing"
)

func TestAddressesOfTheKernel(t *testing.T) {
	for text, want := range map[string]string{
		"0100007F:2253": "127.0.0.1:8787", "00000000:0050": "0.0.0.0:80", "0000000000000000FFFF00000100007F:2253": "127.0.0.1:8787",
		"00000000000000000000000001000000:2253": "[::1]:8787",
	} {
		// The kernel prints words of the machine's byte order; these are a little-endian machine's.
		if got, err := hexAddress(text); err != nil || got.String() != want {
			t.Errorf("%s is %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0100007F", "0100007F:", "xyz:0050", "01:0050", "0100007F:12345"} {
		if got, err := hexAddress(text); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}

// TestWhatAPersonsProgramMayHave: each kind of socket that a program at the other end has beside its connection to Tania. It is
// process 7, Tania is this one, and 9 is another program.
func TestWhatAPersonsProgramMayHave(t *testing.T) {
	at := netip.MustParseAddrPort
	tania := processes(-1) // this process alone
	var mine int
	for pid := range tania.sockets {
		mine = pid
	}
	all := running{program: tania.program, holders: map[uint64][]int{20: {7}, 21: {mine}, 22: {7}, 23: {7, 9}, 24: {9}}}
	tb := &tables{
		byInode:   map[uint64]socket{},
		listeners: map[uint16]bool{80: true, 3000: true, 6379: true, 8787: true},
		udp:       map[uint64]netip.AddrPort{40: at("127.0.0.1:8125"), 41: at("0.0.0.0:0"), 42: at("203.0.113.7:443")},
		unix:      map[uint64]string{50: "", 51: "/run/web.sock", 52: "/run/web.sock", 53: "@0001/bus"}, unixListeners: map[uint64]bool{51: true},
		unixNames: map[string]bool{"/run/web.sock": true}, netlink: map[uint64]bool{60: true}, tcp: map[ends]socket{},
	}
	add := func(inode uint64, local, remote, state string) {
		s := socket{local: at(local), remote: at(remote), state: state, inode: inode}
		tb.byInode[inode] = s
		if state != listening {
			tb.tcp[ends{s.local, s.remote}] = s
		}
	}
	const established = "01"
	add(1, "0.0.0.0:3000", "0.0.0.0:0", listening)
	add(2, "127.0.0.1:3000", "127.0.0.1:40001", established) // Tania called it
	add(21, "127.0.0.1:40001", "127.0.0.1:3000", established)
	add(3, "127.0.0.1:3000", "127.0.0.1:40002", established) // it called itself
	add(20, "127.0.0.1:40002", "127.0.0.1:3000", established)
	add(4, "127.0.0.1:40003", "127.0.0.1:6379", established) // it called Redis
	add(5, "127.0.0.1:3000", "127.0.0.1:40004", established) // another program called it
	add(24, "127.0.0.1:40004", "127.0.0.1:3000", established)
	add(6, "127.0.0.1:3000", "127.0.0.1:40005", established) // a connection that another program has, too
	add(23, "127.0.0.1:40005", "127.0.0.1:3000", established)
	add(7, "192.0.2.1:3000", "203.0.113.9:5555", established)  // somebody called it from outside
	add(8, "192.0.2.1:40006", "203.0.113.9:443", established)  // it called outside, as a tunnel does
	add(9, "127.0.0.1:3000", "127.0.0.1:40007", "08")          // CLOSE_WAIT: who called has gone
	add(10, "127.0.0.1:8787", "127.0.0.1:6379", established)   // no telling who called whom
	add(11, "127.0.0.1:40008", "127.0.0.1:40009", established) // the listening socket is gone
	add(12, "192.0.2.1:3000", "203.0.113.9:5556", "08")        // CLOSE_WAIT: a stranger has gone
	add(13, "127.0.0.1:3000", "127.0.0.1:40010", "05")         // FIN_WAIT2: it has ended its side, and who called has gone
	for inode := range uint64(14) {
		if got := tb.left(inode); got != (inode == 9 || inode == 13) {
			t.Errorf("socket %d is what is left of a connection within the machine: %v", inode, got)
		}
	}
	for name, c := range map[string]struct {
		inode    uint64
		harmless bool
	}{
		"a listening socket": {1, true}, "Tania's connection": {2, true}, "its own": {3, true}, "to a server here": {4, true},
		"another program's": {5, false}, "another program's as well": {6, false}, "from outside": {7, false}, "to the outside": {8, false},
		"of one who has gone": {9, false}, "between two ports that listen": {10, false}, "to a port where nobody listens": {11, false},
		"UDP to a server here": {40, true}, "UDP from anybody": {41, false}, "UDP to the outside": {42, false},
		"a pair of unix sockets": {50, true}, "a listening unix socket": {51, true}, "one that was called there": {52, false},
		"a named client's": {53, true},
		"netlink":          {60, true}, "one in no table": {70, false},
	} {
		if got := tb.harmless(all, 7, c.inode); got != c.harmless {
			t.Errorf("%s: %v", name, got)
		}
	}
}
