package versions_test

import (
	"fmt"
	"testing"
	"time"

	"tania/internal/bots/versions"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
)

// TestAPageThatChangesEachTimeLeavesTheVersionsOfPeople, however often it is read.
func TestAPageThatChangesEachTimeLeavesTheVersionsOfPeople(t *testing.T) {
	store := enginetest.SQLite(t, queue.Options{})
	w := &town{t: t, dir: t.TempDir()}
	w.write("bot.yaml", "name: Ana\nknowledge:\n  - page.md\n")
	w.write("page.md", "# Offers\n\nNothing yet.")
	p := follows(w.dir, store)
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := range queue.BotVersionsKept + 10 {
		w.write("page.md", "# Offers\n\nIt is now "+time.Unix(int64(n), 0).UTC().Format(time.TimeOnly))
		if v, err := p.ReloadAs(t.Context(), versions.FromSources, "read again"); err != nil || v.Number != n+2 {
			t.Fatalf("%+v, %v", v, err)
		}
		if got := <-p.adopted; n == 0 && got != "Ana 1" {
			t.Fatal(got)
		}
	}
	list, err := store.BotVersions(t.Context(), versions.Name)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]int{}
	for _, v := range list {
		by[v.By]++
	}
	if by[versions.FromFile] != 1 || by[versions.FromSources] != 20 || list[0].Number != queue.BotVersionsKept+11 {
		t.Errorf("%v are left, the newest is %d", by, list[0].Number)
	}
	if fmt.Sprint(list[1].Number, list[19].Number) != fmt.Sprint(queue.BotVersionsKept+10, queue.BotVersionsKept-8) {
		t.Errorf("left are %d to %d", list[19].Number, list[0].Number)
	}
}
