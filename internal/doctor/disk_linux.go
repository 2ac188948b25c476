package doctor

import "golang.org/x/sys/unix"

// diskOf asks the kernel.
func diskOf(dir string) disk {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil || s.Bsize <= 0 {
		return disk{}
	}
	d := disk{free: s.Bavail * uint64(s.Bsize), known: true}
	// Type is 32 bits wide on some machines and 64 on others; the numbers are 32 bits wide.
	switch uint32(s.Type) { //nolint:gosec // see above
	case unix.NFS_SUPER_MAGIC:
		d.network = "NFS"
	case unix.CIFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC:
		d.network = "SMB"
	case unix.V9FS_MAGIC:
		d.network = "9p"
	}
	return d
}
