//go:build unix

package pdftext

import "golang.org/x/sys/unix"

// bound has the system end this process when it takes too much memory, or so many seconds of a processor.
func bound(seconds uint64) error {
	memory := unix.Rlimit{Cur: mostMemory, Max: mostMemory}
	if err := unix.Setrlimit(unix.RLIMIT_DATA, &memory); err != nil {
		return err
	}
	return unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: seconds, Max: seconds})
}
