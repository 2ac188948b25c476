package access

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// socket is one end of a TCP connection, or a listening socket.
type socket struct {
	local, remote netip.AddrPort
	state         string
	uid           int
	// inode is 0 when no process has the socket any more.
	inode uint64
}

// States of TCP sockets (include/net/tcp_states.h).
const (
	listening = "0A"
	finWait1  = "04"
	finWait2  = "05"
	closeWait = "08"
	lastAck   = "09"
	closing   = "0B"
)

// ending are the states of a connection that one side has ended at least.
var ending = map[string]bool{finWait1: true, finWait2: true, closeWait: true, lastAck: true, closing: true}

// tables are the kernel's lists of sockets in this network namespace, by proc_pid_net(5).
type tables struct {
	tcp     map[ends]socket
	byInode map[uint64]socket
	// listeners are the ports on which any process listens.
	listeners map[uint16]bool
	// udp has the other end of each socket, none when it is not connected.
	udp map[uint64]netip.AddrPort
	// unix has the name of each socket, "" for most; unixListeners are those that listen, unixNames their names.
	unix          map[uint64]string
	unixListeners map[uint64]bool
	unixNames     map[string]bool
	netlink       map[uint64]bool
}

func readTables() (*tables, error) {
	t := &tables{
		tcp: map[ends]socket{}, byInode: map[uint64]socket{}, listeners: map[uint16]bool{}, udp: map[uint64]netip.AddrPort{},
		unix: map[uint64]string{}, unixListeners: map[uint64]bool{}, unixNames: map[string]bool{}, netlink: map[uint64]bool{},
	}
	return t, errors.Join(
		each("tcp", t.addTCP), each("tcp6", t.addTCP), each("udp", t.addUDP), each("udp6", t.addUDP), each("unix", t.addUnix),
		each("netlink", t.addNetlink),
	)
}

// each gives the fields of a table's lines, but of its heading. A table that this kernel does not have is empty.
func each(table string, add func(fields []string)) error {
	f, err := os.Open("/proc/net/" + table)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	lines.Scan()
	for lines.Scan() {
		add(strings.Fields(lines.Text()))
	}
	return lines.Err()
}

// addTCP reads "sl local remote st tx:rx tr:when retrnsmt uid timeout inode …".
func (t *tables) addTCP(fields []string) {
	s, ok := inet(fields)
	if !ok {
		return
	}
	if s.state == listening {
		t.listeners[s.local.Port()] = true
	} else {
		t.tcp[ends{s.local, s.remote}] = s
	}
	if s.inode != 0 {
		t.byInode[s.inode] = s
	}
}

func (t *tables) addUDP(fields []string) {
	if s, ok := inet(fields); ok {
		t.udp[s.inode] = s.remote
	}
}

func inet(fields []string) (s socket, ok bool) {
	if len(fields) < 10 {
		return socket{}, false
	}
	var errs [4]error
	s.local, errs[0] = hexAddress(fields[1])
	s.remote, errs[1] = hexAddress(fields[2])
	s.state = fields[3]
	s.uid, errs[2] = strconv.Atoi(fields[7])
	s.inode, errs[3] = strconv.ParseUint(fields[9], 10, 64)
	return s, errors.Join(errs[:]...) == nil
}

// hexAddress reads 0100007F:2253: the address as words of the machine's byte order, the port as a number.
func hexAddress(text string) (netip.AddrPort, error) {
	address, port, _ := strings.Cut(text, ":")
	words, err := hex.DecodeString(address)
	if err != nil {
		return netip.AddrPort{}, err
	}
	for at := 0; at+4 <= len(words); at += 4 {
		binary.NativeEndian.PutUint32(words[at:], binary.BigEndian.Uint32(words[at:]))
	}
	addr, ok := netip.AddrFromSlice(words)
	if !ok {
		return netip.AddrPort{}, strconv.ErrSyntax
	}
	n, err := strconv.ParseUint(port, 16, 16)
	return plain(netip.AddrPortFrom(addr, uint16(n))), err
}

// addUnix reads "num refcount protocol flags type st inode path". The flag __SO_ACCEPTCON is on sockets that listen.
func (t *tables) addUnix(fields []string) {
	if len(fields) < 7 {
		return
	}
	inode, err := strconv.ParseUint(fields[6], 10, 64)
	if err != nil {
		return
	}
	name := strings.Join(fields[7:], " ")
	t.unix[inode] = name
	if flags, err := strconv.ParseUint(fields[3], 16, 64); err == nil && flags&(1<<16) != 0 && name != "" {
		t.unixListeners[inode], t.unixNames[name] = true, true
	}
}

// addNetlink reads "sk eth pid groups rmem wmem dump locks drops inode".
func (t *tables) addNetlink(fields []string) {
	if len(fields) < 10 {
		return
	}
	if inode, err := strconv.ParseUint(fields[9], 10, 64); err == nil {
		t.netlink[inode] = true
	}
}
