package access

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// look finds the processes at the other end of a connection, peer, which has their end first, and looks at their other sockets. known are
// those that were found alone before.
func look(peer ends, known map[process]bool) (verdict, []process) {
	me := os.Geteuid()
	// First the processes, then the tables: a socket that was closed in between is in no table, and the next look does not find it.
	all := processes(me)
	tables, err := readTables()
	if err != nil {
		return stranger, nil
	}
	end, ok := tables.tcp[peer]
	if !ok {
		// A table that changes while it is read may lack a line; the next look finds it.
		return connected, nil
	}
	if end.uid != me {
		return stranger, nil
	}
	var holders []process
	for _, pid := range all.holders[end.inode] {
		holder := process{pid, startOf(pid)}
		for _, inode := range all.sockets[pid] {
			if !tables.harmless(all, pid, inode) && !tables.over(holder, known, inode) {
				return connected, nil
			}
		}
		holders = append(holders, holder)
	}
	if len(holders) == 0 {
		return stranger, nil
	}
	return alone, holders
}

// startOf is when a process began, in the kernel's count: the twenty-second field of its line, by proc_pid_stat(5).
func startOf(pid int) string {
	line, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(line[max(0, strings.LastIndex(string(line), ")")):]), " ")
	if fields := strings.Fields(rest); len(fields) > 19 {
		return fields[19]
	}
	return ""
}

// over reports whether a process's connection has ended. A stranger who hangs up at once leaves such a one too, so it counts only for
// processes that are known, and for this one, which passes on for nobody.
func (t *tables) over(holder process, known map[process]bool, inode uint64) bool {
	if holder.pid == os.Getpid() {
		return t.left(inode) || unconnected(inode)
	}
	return known[holder] && t.left(inode)
}

// left reports whether a socket is what remains of a connection within this machine whose other end was closed. A server that is slow
// to notice that Tania gave a request up has such.
func (t *tables) left(inode uint64) bool {
	s, ok := t.byInode[inode]
	return ok && ending[s.state] && s.remote.Addr().IsLoopback() && t.tcp[ends{s.remote, s.local}].inode == 0
}

// harmless reports whether a socket of a process leads to nobody that the process could be passing on for.
func (t *tables) harmless(all running, pid int, inode uint64) bool {
	if s, ok := t.byInode[inode]; ok {
		return s.state == listening || t.within(all, pid, s) || t.called(s)
	}
	if remote, ok := t.udp[inode]; ok {
		return remote.Addr().IsLoopback()
	}
	if path, ok := t.unix[inode]; ok {
		// Whoever was called has the name of the socket that was called.
		return t.unixListeners[inode] || !t.unixNames[path]
	}
	return t.netlink[inode]
}

// within reports whether the other end of a connection is the process's own, or Tania's.
func (t *tables) within(all running, pid int, s socket) bool {
	other, ok := t.tcp[ends{s.remote, s.local}]
	if !ok || len(all.holders[other.inode]) == 0 {
		return false
	}
	return !slices.ContainsFunc(all.holders[other.inode], func(holder int) bool { return holder != pid && !all.tania(holder) })
}

// called reports whether the process itself called a server of this machine, rather than was called.
func (t *tables) called(s socket) bool {
	return s.remote.Addr().IsLoopback() && t.listeners[s.remote.Port()] && !t.listeners[s.local.Port()]
}

// running are the processes of one user, with the inodes of their sockets.
type running struct {
	sockets map[int][]uint64
	holders map[uint64][]int
	program os.FileInfo
}

// tania reports whether a process runs the same program as this one.
func (r running) tania(pid int) bool {
	info, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid), "exe"))
	return err == nil && r.program != nil && os.SameFile(info, r.program)
}

// processes finds those of a user, and this one, as far as they may be looked at.
func processes(uid int) running {
	found := running{sockets: map[int][]uint64{}, holders: map[uint64][]int{}}
	found.program, _ = os.Stat("/proc/self/exe") // without it no process counts as Tania
	entries, _ := os.ReadDir("/proc")            // without them no process is found
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid != os.Getpid() && !owns(uid, e) {
			continue
		}
		found.sockets[pid] = socketsOf(pid)
		for _, inode := range found.sockets[pid] {
			if !slices.Contains(found.holders[inode], pid) {
				found.holders[inode] = append(found.holders[inode], pid)
			}
		}
	}
	return found
}

func owns(uid int, e os.DirEntry) bool {
	info, err := e.Info()
	if err != nil {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == uid
}

// socketsOf gives the inodes of a process's sockets, none when it may not be looked at.
func socketsOf(pid int) (inodes []uint64) {
	dir := filepath.Join("/proc", strconv.Itoa(pid), "fd")
	names, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, name := range names {
		target, err := os.Readlink(filepath.Join(dir, name.Name()))
		if err != nil {
			continue
		}
		number, ok := strings.CutPrefix(target, "socket:[")
		if !ok {
			continue
		}
		if inode, err := strconv.ParseUint(strings.TrimSuffix(number, "]"), 10, 64); err == nil {
			inodes = append(inodes, inode)
		}
	}
	return inodes
}
