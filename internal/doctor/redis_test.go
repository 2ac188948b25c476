package doctor

import (
	"testing"

	"tania/internal/queue/redisqueue"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
)

func TestRedisWithTheQueueInOtherPartitions(t *testing.T) {
	s := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	ask := func(partitions string) []Check {
		return examine(t, Deps{}, "REDIS_URL="+s.URL(), "QUEUE_PARTITIONS="+partitions)
	}
	expect(t, ask("3"), "Redis", OK, "answers") // a new queue
	connect, err := redisconn.ParseURL(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := redisqueue.Open(t.Context(), redisqueue.Options{Redis: connect, Partitions: 4})
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	expect(t, ask("3"), "Redis", Fail, "begun with QUEUE_PARTITIONS=4", "here it is 3", "set QUEUE_PARTITIONS=4")
	none(t, ask("4"), "Redis", Fail)
}
