package access

import (
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// closed is the state of a TCP socket without a connection (TCP_CLOSE in include/net/tcp_states.h).
const closed = 7

// unconnected reports whether a socket of this process has no connection: it was not made yet, or both sides ended it. Such a socket is
// in no table but leads to nobody. A server holds one for half a second after it refused a request whose body it did not read. Only
// of its own sockets can a process ask that.
func unconnected(inode uint64) bool {
	names, _ := os.ReadDir("/proc/self/fd") // without them it is not found
	for _, name := range names {
		fd, err := strconv.Atoi(name.Name())
		if err != nil {
			continue
		}
		if target, _ := os.Readlink(filepath.Join("/proc/self/fd", name.Name())); target != socketName(inode) {
			continue
		}
		info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
		// Another goroutine may have closed it meanwhile, and its number be another socket's.
		var stat unix.Stat_t
		same := unix.Fstat(fd, &stat) == nil && stat.Ino == inode
		return err == nil && same && info.State == closed
	}
	return false
}

// socketName is what a descriptor of a socket links to in /proc.
func socketName(inode uint64) string { return "socket:[" + strconv.FormatUint(inode, 10) + "]" }
