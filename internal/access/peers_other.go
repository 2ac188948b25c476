//go:build !linux

package access

// look finds nobody where there are no tables to look into.
func look(ends, map[process]bool) (verdict, []process) { return stranger, nil }
