package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	domain "tania/internal/tania"
)

// everysec measures what appendfsync everysec risks: what a killed Redis loses, and for how long a message that was acknowledged is not on
// disk, which is what a machine loses that goes down.
func everysec(ctx context.Context, _ bench) ([]result, error) {
	killed, err := lostByKilling(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := exec.LookPath("strace"); err != nil {
		return append(killed, result{
			what: "Redis with appendfsync everysec: time until an acknowledged message is on disk",
			got:  "not measured: strace is not installed",
		}), nil
	}
	window, err := untilOnDisk(ctx)
	return append(killed, window...), err
}

func lostByKilling(ctx context.Context) ([]result, error) {
	const kills = 10
	redis, e, stop, err := redisEngine(ctx, fsyncEverysec...)
	if err != nil {
		return nil, err
	}
	defer stop()
	var id, acknowledged atomic.Int64
	for range kills {
		load, end := context.WithCancel(ctx)
		var pushing sync.WaitGroup
		for range 32 {
			pushing.Go(func() {
				for load.Err() == nil {
					n := int(id.Add(1))
					if _, err := e.Push(load, message(n, n)); err == nil {
						acknowledged.Add(1)
					}
				}
			})
		}
		time.Sleep(700 * time.Millisecond)
		redis.Kill()
		end()
		pushing.Wait()
		if err := redis.Launch(); err != nil {
			return nil, err
		}
		for e.Ready(ctx) != nil {
			time.Sleep(10 * time.Millisecond)
		}
	}
	s, err := e.Stats(ctx)
	if err != nil {
		return nil, err
	}
	// A message that was stored and not acknowledged is there too, so this counts at least what was lost.
	lost := max(acknowledged.Load()-s.Messages, 0)
	return []result{{
		what: fmt.Sprintf("Redis with appendfsync everysec killed %d times under load: acknowledged messages lost", kills),
		got:  fmt.Sprintf("%d of %d", lost, acknowledged.Load()),
	}}, nil
}

// untilOnDisk watches the server's fsyncs with strace: a message that was acknowledged is safe when the first one that began after ends.
func untilOnDisk(ctx context.Context) ([]result, error) {
	const messages = 400
	redis, e, stop, err := redisEngine(ctx, fsyncEverysec...)
	if err != nil {
		return nil, err
	}
	defer stop()
	dir, err := os.MkdirTemp("", "tania-bench-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	log := filepath.Join(dir, "fsyncs")
	trace := exec.CommandContext(ctx, "strace", "-f", "-ttt", "-T", "-e", "trace=fdatasync,fsync", "-o", log, "-p", strconv.Itoa(redis.PID()))
	if err := trace.Start(); err != nil {
		return nil, err
	}
	time.Sleep(500 * time.Millisecond)
	var acknowledged []float64
	for n := 1; n <= messages; n++ {
		if _, err := e.Push(ctx, domain.Message{
			ID:  domain.MessageID(n),
			Key: domain.ConversationKey{Account: 1, Conversation: domain.ConversationID(n)},
		}); err != nil {
			return nil, err
		}
		acknowledged = append(acknowledged, float64(time.Now().UnixNano())/1e9)
		time.Sleep(17 * time.Millisecond)
	}
	time.Sleep(2500 * time.Millisecond)
	if err := trace.Process.Signal(os.Interrupt); err != nil {
		return nil, err
	}
	_ = trace.Wait()
	began, ended, err := fsyncs(log)
	if err != nil || len(began) == 0 {
		return nil, errors.Join(err, errors.New("strace saw no fsync"))
	}
	var window []time.Duration
	for _, at := range acknowledged {
		for i := range began {
			if began[i] >= at {
				window = append(window, time.Duration((ended[i]-at)*float64(time.Second)))
				break
			}
		}
	}
	if len(window) < messages*9/10 {
		return nil, fmt.Errorf("an fsync was seen after %d of %d messages only", len(window), messages)
	}
	p50, most := percentile(window, 0.5), percentile(window, 1)
	return []result{{
		what: "Redis with appendfsync everysec: time until an acknowledged message is on disk",
		got:  fmt.Sprintf("p50 %s, max %s", ms(p50), ms(most)),
	}}, nil
}

// fsyncs reads when each began and ended, in seconds since 1970: "PID 1700000000.123456 fdatasync(8) = 0 <0.001234>". One that strace
// saw in two pieces ("<unfinished ...>", "<... fdatasync resumed>") begins with the first.
func fsyncs(path string) (began, ended []float64, err error) {
	file, err := os.Open(path) //nolint:gosec // our own
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		fields := strings.Fields(line)
		open := strings.LastIndexByte(line, '<')
		if len(fields) < 3 || open < 0 || strings.Contains(line, "unfinished") {
			continue
		}
		at, err := strconv.ParseFloat(fields[1], 64)
		took, err2 := strconv.ParseFloat(strings.TrimSuffix(line[open+1:], ">"), 64)
		if err := errors.Join(err, err2); err != nil {
			continue
		}
		if strings.Contains(line, "resumed") {
			at -= took
		}
		began, ended = append(began, at), append(ended, at+took)
	}
	return began, ended, lines.Err()
}
