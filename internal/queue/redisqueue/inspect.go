package redisqueue

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/redisconn"
)

// Server is what a Redis says of itself.
type Server struct {
	// Version is Redis's, or the one that Valkey names for compatibility.
	Version string
	// AppendOnly reports whether writes are kept in a file; Fsync is when they are on disk: always, everysec, no, or "" where the
	// server does not tell (a managed one, or a user who may not ask).
	AppendOnly bool
	Fsync      string
	// Evicts reports whether the server drops keys when its memory is full, which loses messages.
	Evicts bool
	// Partitions is in how many the queue was begun that was asked about, 0 for one that is new.
	Partitions int
}

// Inspect connects and asks about the server and the queue of a name. Errors wrap queue.ErrUnavailable.
func Inspect(ctx context.Context, o rueidis.ClientOption, name string) (Server, error) {
	client, err := redisconn.Dial(o)
	if err != nil {
		return Server{}, fmt.Errorf("redisqueue: connect: %w: %w", queue.ErrUnavailable, err)
	}
	defer client.Close()
	return inspect(ctx, client, name)
}

// Server asks the Redis that the engine uses.
func (e *Engine) Server(ctx context.Context) (Server, error) {
	return inspect(ctx, e.client(), e.name)
}

func inspect(ctx context.Context, client rueidis.Client, name string) (s Server, err error) {
	info, err := client.Do(ctx, client.B().Info().Build()).ToString()
	if err != nil {
		return s, fmt.Errorf("redisqueue: info: %w: %w", queue.ErrUnavailable, err)
	}
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "redis_version":
			s.Version = value
		case "aof_enabled":
			s.AppendOnly = value == "1"
		case "maxmemory_policy":
			s.Evicts = value != "noeviction"
		case "maxmemory":
			if value == "0" { // no limit, nothing to evict
				defer func() { s.Evicts = false }()
			}
		}
	}
	if found, err := client.Do(ctx, client.B().ConfigGet().Parameter("appendfsync").Build()).AsStrMap(); err == nil && s.AppendOnly {
		s.Fsync = found["appendfsync"]
	}
	if s.Partitions, err = begun(ctx, client, name); err != nil {
		return s, fmt.Errorf("redisqueue: partitions: %w: %w", queue.ErrUnavailable, err)
	}
	return s, nil
}

// Risks says what may be lost with a server as it is set up, and the mend; nil when nothing may.
func (s Server) Risks() (risks []string) {
	if s.Version == "" { // it said nothing
		return nil
	}
	if major, minor := s.version(); major < 6 || major == 6 && minor < 2 {
		risks = append(risks, "Redis "+s.Version+" is older than 6.2; update it")
	}
	switch {
	case !s.AppendOnly:
		risks = append(risks, "Redis keeps nothing in an append-only file: a restart loses messages that were accepted; set appendonly yes and appendfsync always")
	case s.Fsync == "everysec" || s.Fsync == "no":
		risks = append(risks, "Redis syncs its append-only file "+s.Fsync+": a power failure loses messages that were accepted within a second or more; set appendfsync always")
	}
	if s.Evicts {
		risks = append(risks, "Redis drops keys when its memory is full; set maxmemory-policy noeviction")
	}
	return risks
}

func (s Server) version() (major, minor int) {
	parts := strings.SplitN(s.Version, ".", 3)
	if len(parts) < 2 {
		return 0, 0
	}
	major, _ = strconv.Atoi(parts[0])
	minor, _ = strconv.Atoi(parts[1])
	return major, minor
}
