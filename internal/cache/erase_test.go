package cache_test

import (
	"strings"
	"testing"
	"time"

	"tania/internal/cache"
	"tania/internal/queue/queuetest"
	"tania/internal/redistest"
)

// A contact is forgotten while the turn with their question is being answered: when it ends, the question is in no file of Redis.
func TestTheQuestionOfATurnUnderWayIsInNoFileAfterForgetting(t *testing.T) {
	own := redistest.Start(t, "--appendonly", "yes", "--rdbcompression", "no")
	name := newName()
	here := start(t, cache.Options{Store: redisStore(t, own.URL(), name), Verify: never})
	there := start(t, cache.Options{Store: redisStore(t, own.URL(), name), Verify: never})
	const word = "esdrujulainconfundible"
	stored, underway := "¿Cuál es el horario de la tienda "+word+"?", "¿Cómo devuelvo un producto "+word+" defectuoso?"
	tell(t, here, stored, opens)
	if len(queuetest.FilesWith(t, own.Dir(), word)) == 0 {
		t.Fatal("the word was never there: the test looks in the wrong place")
	}
	l := here.Await(t.Context(), asked(underway), misses(t, here, underway), time.Second)
	must(t, there.Erase(t.Context()))
	if why := here.Keep(asked(underway), l, made(back)); why != "" {
		t.Fatalf("refused for %s: nothing is tested", why)
	}
	settle(t, here, there)
	own.Do(t, "BGREWRITEAOF")
	eventually(t, "the file is written anew", 30*time.Second, func() bool {
		return own.Info(t, "aof_rewrite_in_progress") == "0" && own.Info(t, "aof_rewrite_scheduled") == "0"
	})
	own.Do(t, "SAVE")
	if files := queuetest.FilesWith(t, own.Dir(), word); len(files) > 0 {
		t.Errorf("the word is still in %s", strings.Join(files, ", "))
	}
}
