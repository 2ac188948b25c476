package connect

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tania/internal/audit"
	"tania/internal/bot"
	"tania/internal/cache"
	"tania/internal/operator"
	"tania/internal/porttest"
	"tania/internal/redistest"
	"tania/internal/store"
	"tania/internal/tania"
)

// TestCommandsOnASharedStoreAreAudited: those that change something, with the user of this machine; many of one kind are one entry.
func TestCommandsOnASharedStoreAreAudited(t *testing.T) {
	t.Setenv("TANIA_DATA_DIR", t.TempDir())
	t.Setenv("REDIS_URL", redistest.Start(t).URL())
	ctx, target := t.Context(), Target{}
	for what, run := range map[string]error{
		"queue": target.Queue(ctx, func(q operator.Queue) error {
			_, _ = q.Pause(ctx, User())
			_, _ = q.Resume(ctx, User())
			_ = q.RetryDead(ctx, "01AAA") // there is none
			_ = q.RetryDead(ctx, "01BBB")
			_ = q.DiscardDead(ctx, "01CCC")
			_, err := q.Forget(ctx, 1, 4711)
			return err
		}),
		"cache": target.Cache(ctx, func(c operator.Cache) error {
			_, _ = c.Clear(ctx)
			_, _ = c.WarmUp(ctx)
			_, err := c.Invalidate(ctx, cache.Selection{Pattern: "what Ana asked"})
			return err
		}),
		"bots": target.Bots(ctx, func(b operator.Bots) error {
			_, _ = b.Reload(ctx)
			_, _ = b.RollBack(ctx, 99, User(), "why")
			_, _ = b.Teach(ctx, operator.Teaching{Lesson: bot.Lesson{Questions: []string{"Gift cards?"}, Answer: "Yes."}})
			_, _ = b.Unteach(ctx, operator.Teaching{Lesson: bot.Lesson{ID: "gift-cards"}})
			return nil
		}),
		"users": target.Users(ctx, func(u operator.Users) error {
			_ = u.Add(ctx, "Ana", tania.Viewer, "correct horse battery")
			_ = u.SetRole(ctx, "Ana", tania.Editor)
			_ = u.SetPassword(ctx, "Ana", "correct horse battery 2")
			return u.Remove(ctx, "Ana")
		}),
	} {
		if run != nil {
			t.Errorf("%s: %v", what, run)
		}
	}
	var got []string
	err := target.Audit(ctx, func(a operator.Audit) error {
		list, err := a.List(ctx, time.Time{})
		for _, e := range list {
			if e.As != audit.CommandLine || e.By != User() {
				t.Errorf("by %s %s", e.As, e.By)
			}
			got = append(got, string(e.Action)+" "+e.On+" "+string(e.Outcome))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"pause  done", "resume  done", "dead_retry 01AAA 01BBB failed", "dead_discard 01CCC failed", "forget  done", "cache_clear  done",
		"cache_warm  done", "cache_invalidate  done", "bot_rollback 99 failed", "bot_publish 1 2 done", "user_add Ana done", "user_role Ana done",
		"user_password Ana done", "user_remove Ana done",
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("%q is not in the log", w)
		}
	}
	if len(got) != len(want)+1 { // and the reload, whose version is the built-in's
		t.Errorf("the log has %q", got)
	}
}

// TestACommandBesideTheStoreIsNoted where there is a store: by the process that has it, else in its file; a fresh machine has none after.
func TestACommandBesideTheStoreIsNoted(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TANIA_DATA_DIR", dir)
	t.Setenv("REDIS_URL", "")
	port, err := porttest.Take()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(port.Free)
	t.Setenv("PORT", strconv.Itoa(port.Number))
	ctx, target := t.Context(), Target{}
	if err := target.Note(ctx, audit.Learn, "a.md"); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Fatalf("on a fresh machine it made %v, %v", left, err)
	}
	c := settings(t)
	c.DataDir = dir
	list := func() (all []audit.Entry) {
		t.Helper()
		err := withStore(ctx, c, func(s *store.Store) (err error) {
			all, err = audit.New(s.Queue, time.Now, nil).List(ctx, time.Time{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if got := list(); len(got) != 0 { // and now there is a store
		t.Fatal(got)
	}
	if err := target.Note(ctx, audit.Learn, "a.md"); err != nil {
		t.Fatal(err)
	}
	want := audit.Entry{As: audit.CommandLine, By: User(), Action: audit.Learn, On: "a.md", Outcome: audit.Done}
	if got := list(); len(got) != 1 || !cmp.Equal(want, got[0], cmpopts.IgnoreFields(audit.Entry{}, "At")) {
		t.Errorf("%+v", got)
	}
	if err := (Target{URL: "http://" + port.Address()}).Note(ctx, audit.Learn, "b.md"); err == nil {
		t.Error("a process that is named and not there noted something")
	}
}
