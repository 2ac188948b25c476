package redisstore

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"tania/internal/cache/store"
	"tania/internal/redistest"
)

// TestEveryKeyExpires, later with each write, so that an installation that is gone leaves nothing.
func TestEveryKeyExpires(t *testing.T) {
	own := redistest.Start(t)
	s := process(t, own.URL(), "shop")
	ctx := t.Context()
	writes := map[string]func() error{
		"Load":   func() error { _, err := s.Load(ctx); return err },
		"Put":    func() error { put(t, s, "a"); return nil },
		"Touch":  func() error { return s.Touch(ctx, map[string]store.Use{"a": {Hits: 1, Used: time.Now()}}) },
		"Learn":  func() error { return s.Learn(ctx, "s", map[string]int64{"n": 1}) },
		"Drop":   func() error { return s.Drop(ctx, "x") },
		"Lead":   func() error { _, err := s.Lead(ctx, "q", "h", time.Hour); return err },
		"Unlead": func() error { return s.Unlead(ctx, "q", "h") },
	}
	for _, name := range []string{"Put", "Touch", "Learn", "Lead"} {
		if err := writes[name](); err != nil {
			t.Fatal(err)
		}
	}
	left := func(key string) int {
		seconds, err := strconv.Atoi(own.Do(t, "TTL", key))
		if err != nil {
			t.Fatal(err)
		}
		return seconds
	}
	const month = 30 * 24 * 3600
	keys := strings.Fields(own.Do(t, "EVAL", "return table.concat(redis.call('KEYS', '*'), ' ')", "0"))
	if len(keys) != 7 {
		t.Errorf("the keys are %q", keys)
	}
	for _, key := range keys {
		if !strings.HasPrefix(key, "{shop:cache}:") || left(key) <= 0 || left(key) > month {
			t.Errorf("%s expires in %d s", key, left(key))
		}
	}
	for _, name := range []string{"Load", "Put", "Touch", "Learn", "Drop", "Unlead"} {
		for _, key := range keys {
			own.Do(t, "EXPIRE", key, "100")
		}
		if err := writes[name](); err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			if n := left(key); n >= 0 && n < month-100 && !strings.Contains(key, ":lead:") {
				t.Errorf("%s leaves %s with %d s", name, key, n)
			}
		}
	}
	if _, _, err := s.Clear(ctx); err != nil {
		t.Fatal(err)
	}
	for _, key := range strings.Fields(own.Do(t, "EVAL", "return table.concat(redis.call('KEYS', '*'), ' ')", "0")) {
		if left(key) <= 0 {
			t.Errorf("%s does not expire after Clear", key)
		}
	}
}

// TestTheLogIsBounded by the option.
func TestTheLogIsBounded(t *testing.T) {
	s := process(t, server.URL(), newName())
	for range 2000 {
		if err := s.Learn(t.Context(), "s", map[string]int64{"n": 1}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := strconv.Atoi(server.Do(t, "XLEN", s.base+":log")); err != nil || n < 200 || n > 400 {
		t.Errorf("the log has %d events, %v, want about 200", n, err)
	}
}
