package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	domain "tania/internal/tania"
)

// serveScript is the bare handler with one script: the one that Tania's push is.
func serveScript() error {
	e, err := openRedis(context.Background(), os.Getenv("REDIS_URL"))
	if err != nil {
		return err
	}
	number := func(v any) int64 {
		f, _ := v.(float64)
		return int64(f)
	}
	return serve(func(r *http.Request, payload map[string]any) error {
		account, _ := payload["account"].(map[string]any)
		conversation, _ := payload["conversation"].(map[string]any)
		content, _ := payload["content"].(string)
		_, err := e.Push(r.Context(), domain.Message{
			ID: domain.MessageID(number(payload["id"])), Content: content, Key: domain.ConversationKey{
				Account: domain.AccountID(number(account["id"])), Conversation: domain.ConversationID(number(conversation["id"])),
			},
		})
		return err
	})
}

// contender is one of the servers that take the same webhooks in turn.
type contender struct {
	name    string
	command []string
	env     []string
	*process
	rates     []float64
	latencies []time.Duration
}

func (c *contender) p99() time.Duration { return percentile(c.latencies, 0.99) }

// redisRate compares webhook rates over a Redis each, in alternating rounds.
func redisRate(ctx context.Context, b bench, redis string, args []string) ([]result, error) {
	const rounds, each, connections = 5, 10000, 32
	s := newStub()
	defer s.server.Close()
	all := []*contender{
		{name: "bare handler", command: []string{os.Args[0], bareServer}},
		{name: "bare handler + the push script", command: []string{os.Args[0], scriptServer}},
		{name: "Tania", command: []string{b.tania, "serve", "--worker=false", "--env", ""}, env: settings(s)},
	}
	for _, r := range b.rivals {
		all = append(all, &contender{name: r.name, command: append(slices.Clone(r.command), "serve")})
	}
	for _, c := range all {
		server, stop, err := newRedis(args...)
		if err != nil {
			return nil, err
		}
		defer stop()
		dir, err := os.MkdirTemp("", "tania-bench-*")
		if err != nil {
			return nil, err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		c.env = append(c.env, "REDIS_URL="+server.URL(), "REDIS_PORT="+strconv.Itoa(server.Port), "TANIA_DATA_DIR="+dir)
		if c.process, _, err = start(ctx, c.env, c.command[0], c.command[1:]...); err != nil {
			return nil, err
		}
		defer func() { _ = c.stop() }()
	}
	message := 0
	for round := range rounds + 1 {
		requests := make([][]byte, each)
		for i := range requests {
			message++
			requests[i] = webhook(message%5000+1, message)
		}
		for _, c := range all {
			rate, latencies, err := closedLoop(ctx, c.address, connections, requests)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if round > 0 { // the first warms up
				c.rates, c.latencies = append(c.rates, rate), append(c.latencies, latencies...)
			}
		}
	}
	title := fmt.Sprintf("Webhooks a second, %d connections, Redis %s: ", connections, redis)
	var lines []result
	for _, c := range all {
		lines = append(lines, result{what: title + c.name, got: fmt.Sprintf("%.0f (p99 %s)", median(c.rates), ms(c.p99()))})
	}
	script, ours := all[1], all[2]
	against := func(c *contender, least float64) {
		ratio := median(ours.rates) / median(c.rates)
		lines = append(lines, result{
			title + "Tania / " + c.name, fmt.Sprintf("%.2f", ratio), fmt.Sprintf("at least %.2f", least),
			verdict(ratio >= least),
		})
	}
	against(script, 0.85)
	ratio := float64(ours.p99()) / float64(script.p99())
	lines = append(lines, result{title + "p99, Tania / " + script.name, fmt.Sprintf("%.2f", ratio), "at most 1.30", verdict(ratio <= 1.3)})
	for _, c := range all[3:] {
		if strings.Contains(c.name, "BullMQ") {
			against(c, 2)
		}
	}
	return lines, nil
}
