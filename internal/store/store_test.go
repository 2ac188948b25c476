package store

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"tania/internal/config"
	"tania/internal/queue"
	"tania/internal/redistest"
	"tania/internal/tania"
)

func settings(t *testing.T, variables ...string) *config.Config {
	t.Helper()
	c, err := config.Load(append(variables, "TANIA_DATA_DIR="+t.TempDir()), "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestRetentionDaysReachTheStore: that an engine keeps no longer than it is told is in queuetest's Invariant11Bounded.
func TestRetentionDaysReachTheStore(t *testing.T) {
	for days, want := range map[string]time.Duration{"": 30 * 24 * time.Hour, "7": 7 * 24 * time.Hour} {
		if o := options(settings(t, "RETENTION_DAYS="+days)); o.KeepFor != want || o.KeepDead != want {
			t.Errorf("RETENTION_DAYS=%s keeps conversations and records for %s, dead turns for %s", days, o.KeepFor, o.KeepDead)
		}
	}
}

// TestWhatAStoreCanDoIsSaidBeforeItIsOpened, and is so: one that many processes may have has a fleet, and a spool while it is away.
func TestWhatAStoreCanDoIsSaidBeforeItIsOpened(t *testing.T) {
	for name, variables := range map[string][]string{
		"SQLite": nil, "Redis": {"REDIS_URL=" + redistest.Start(t).URL()},
	} {
		c := settings(t, variables...)
		kind := KindOf(c)
		s, err := Open(t.Context(), c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if s.Kind != kind || s.Name != name || kind.Many != (s.Fleet != nil) {
			t.Errorf("%+v opened as %+v", kind, s)
		}
		if _, err := s.Queue.Push(t.Context(), tania.Message{
			ID: 1, Key: tania.ConversationKey{Account: 1, Conversation: 2},
			Content: "hola",
		}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		stats, err := s.Queue.Stats(t.Context())
		if err != nil || stats.Shared != kind.Many || stats.Messages != 1 || !strings.EqualFold(stats.Engine, name) {
			t.Errorf("%s: %+v, %v", name, stats, err)
		}
		if _, err := s.Bots.PublishBot(t.Context(), 0, queue.BotVersion{Bot: "shop", By: "ana", Content: []byte("tone: warm")}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if v, err := s.Queue.BotVersion(t.Context(), "shop", 0); err != nil || v.Number != 1 {
			t.Errorf("%s: the bots are not the queue's: %+v, %v", name, v, err)
		}
		spool, err := s.OpenSpool(t.Context(), slog.New(slog.DiscardHandler))
		if err != nil || (spool != nil) != kind.Many {
			t.Errorf("%s: spool %v, %v", name, spool, err)
		}
		if spool != nil {
			err = spool.Close()
		}
		cache, errCache := OpenCache(t.Context(), c, slog.New(slog.DiscardHandler))
		if errCache == nil {
			errCache = cache.Close()
		}
		if err != nil || errCache != nil || s.Close() != nil {
			t.Errorf("%s: %v, %v", name, err, errCache)
		}
	}
}
