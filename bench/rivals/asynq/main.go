// Command asynq is the queue of that name, used as bench/rivals/bullmq uses BullMQ; see there for what it can be asked for.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "asynq:", err)
		os.Exit(1)
	}
}

func run(mode string) error {
	redis := asynq.RedisClientOpt{Addr: "127.0.0.1:" + os.Getenv("REDIS_PORT"), PoolSize: 64}
	number := func(i int) int {
		n, _ := strconv.Atoi(os.Args[i])
		return n
	}
	switch mode {
	case "serve":
		return serve(asynq.NewClient(redis))
	case "pickup":
		client := asynq.NewClient(redis)
		for range number(2) {
			if _, err := client.Enqueue(asynq.NewTask("message", []byte(strconv.FormatInt(time.Now().UnixNano(), 10)))); err != nil {
				return err
			}
			time.Sleep(5 * time.Millisecond)
		}
		return nil
	case "fill":
		client := asynq.NewClient(redis)
		var wg sync.WaitGroup
		for w := range 32 {
			wg.Go(func() {
				for n := w; n < number(2); n += 32 {
					if _, err := client.Enqueue(asynq.NewTask("message", nil)); err != nil {
						fmt.Fprintln(os.Stderr, err)
					}
				}
			})
		}
		wg.Wait()
		return nil
	}
	return work(redis, int64(number(2)), number(3))
}

func serve(client *asynq.Client) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /chatwoot/webhook", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var m struct {
			ID int64 `json:"id"`
		}
		if err == nil {
			err = json.Unmarshal(body, &m)
		}
		if err == nil {
			_, err = client.EnqueueContext(r.Context(), asynq.NewTask("message", body), asynq.TaskID("message-"+strconv.FormatInt(m.ID, 10)),
				asynq.MaxRetry(3))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, `{"ok":true,"status":"queued"}`)
	})
	return http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), mux)
}

func work(redis asynq.RedisConnOpt, count int64, concurrency int) error {
	server := asynq.NewServer(redis, asynq.Config{
		Concurrency: concurrency, TaskCheckInterval: 10 * time.Millisecond,
		LogLevel: asynq.FatalLevel,
	})
	var mu sync.Mutex
	var latencies []int64
	var done, began atomic.Int64
	over := make(chan struct{})
	err := server.Start(asynq.HandlerFunc(func(_ context.Context, t *asynq.Task) error {
		now := time.Now().UnixNano()
		began.CompareAndSwap(0, now)
		if at, err := strconv.ParseInt(string(t.Payload()), 10, 64); err == nil {
			mu.Lock()
			latencies = append(latencies, (now-at)/1000)
			mu.Unlock()
		}
		if done.Add(1) == count {
			close(over)
		}
		return nil
	}))
	if err != nil {
		return err
	}
	fmt.Println("ready")
	<-over
	perSecond := float64(count) / time.Since(time.Unix(0, began.Load())).Seconds()
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"latencies_us": latencies, "per_second": perSecond})
}
