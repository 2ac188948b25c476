package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/rueidis"
)

// base is what the keys of a queue's partition begin with; what is in braces makes them one slot of a Cluster.
func base(name string, partition int) string { return "{" + name + ":" + strconv.Itoa(partition) + "}" }

// partitionsKey is where a queue notes in how many partitions it was begun.
func partitionsKey(name string) string { return base(name, 0) + ":partitions" }

// errPartitions means that the queue is in another number of partitions than this process looks in.
var errPartitions = errors.New("another QUEUE_PARTITIONS")

// agree notes in how many partitions a new queue is. Where that is another number than this engine's, each conversation would be looked for
// in the wrong one: what waits would stay there, and a human at work be forgotten.
func (e *Engine) agree(ctx context.Context, client rueidis.Client) error {
	mine := len(e.bases)
	// What Redis does not do now, Ready tells.
	_ = client.Do(ctx, client.B().Set().Key(partitionsKey(e.name)).Value(strconv.Itoa(mine)).Nx().Build()).Error()
	theirs, _ := begun(ctx, client, e.name)
	if theirs == 0 || theirs == mine {
		return nil
	}
	return fmt.Errorf("%w: the queue was begun with %d, this process has %d. Set it to %d; docs/capacity.md, \"Partitions\", says how it is changed",
		errPartitions, theirs, mine, theirs)
}

// begun is in how many partitions a queue was begun, 0 for one that is new.
func begun(ctx context.Context, client rueidis.Client, name string) (int, error) {
	n, err := client.Do(ctx, client.B().Get().Key(partitionsKey(name)).Build()).AsInt64()
	if rueidis.IsRedisNil(err) {
		return 0, nil
	}
	return int(n), err
}

// StoreName implements failover.Shared.
func (e *Engine) StoreName() string { return "Redis" }
