package main

import (
	"testing"
	"time"

	"tania/internal/config"
)

// TestRetentionDaysReachTheStore: that an engine keeps no longer than it is told is in queuetest's Invariant11Bounded.
func TestRetentionDaysReachTheStore(t *testing.T) {
	for days, want := range map[string]time.Duration{"": 30 * 24 * time.Hour, "7": 7 * 24 * time.Hour} {
		c, err := config.Load([]string{"RETENTION_DAYS=" + days}, "")
		if err != nil {
			t.Fatal(err)
		}
		if o := queueOptions(c); o.KeepFor != want || o.KeepDead != want {
			t.Errorf("RETENTION_DAYS=%s keeps conversations and records for %s, dead letters for %s", days, o.KeepFor, o.KeepDead)
		}
	}
}
