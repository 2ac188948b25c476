// Command bench measures Tania against the limits it was built to, side by side in one run, and writes the table to
// docs/benchmarks.md. It builds nothing: `make bench` gives it the binary.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// result is one line of the table. met reports whether the limit is met. In a table with columns of its own, what is all of the line.
type result struct{ what, got, want, met string }

// row is a result of cells, for a table with columns of its own.
func row(cells ...string) result { return result{what: strings.Join(cells, " | ")} }

func verdict(met bool) string {
	if met {
		return "yes"
	}
	return "**no**"
}

// bench is what is measured, and where the results go.
type bench struct {
	tania, output, plot string
	// cache is the folder of sets with which the semantic cache is measured, instead of the rest.
	cache  string
	paced  time.Duration
	only   *regexp.Regexp
	rivals []rival
}

// section is a heading of the page and what stands below it.
type section struct {
	title     string
	columns   []string
	scenarios []scenario
}

type scenario struct {
	name string
	run  func(context.Context, bench) ([]result, error)
}

func sections() []section {
	rate := func(redis string, args []string) func(context.Context, bench) ([]result, error) {
		return func(ctx context.Context, b bench) ([]result, error) { return redisRate(ctx, b, redis, args) }
	}
	return []section{
		{title: "One process, SQLite", scenarios: []scenario{
			{"start", startAndIdle},
			{"webhooks", webhookRate},
			{"paced", pacedLoad},
			{"overhead", turnOverhead},
			{"pickup", pickUp},
			{"drain", drain},
		}},
		{title: "Several processes, Redis", scenarios: []scenario{
			{"redis-webhooks", rate("in memory", inMemory)},
			{"redis-webhooks-fsync", rate("with fsync always", fsyncAlways)},
			{"redis-work", redisWork},
			{"redis-takeover", takeover},
			{"redis-outage", outage},
			{"redis-everysec", everysec},
		}},
		{title: "Cost by what waits", scenarios: []scenario{{"cost", costCurve}}},
	}
}

func main() {
	if err := command(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func command() error {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case bareServer:
			return serve(func(*http.Request, map[string]any) error { return nil })
		case scriptServer:
			return serveScript()
		case redisWorker:
			count, err := strconv.Atoi(os.Args[2])
			concurrency, err2 := strconv.Atoi(os.Args[3])
			return errors.Join(err, err2, workRedis(count, concurrency))
		}
	}
	var b bench
	flag.StringVar(&b.tania, "tania", "bin/tania", "the binary to measure")
	flag.StringVar(&b.output, "o", "", "file for the tables, as well as the terminal")
	flag.StringVar(&b.plot, "plot", "", "file for the plot of the cost curve, SVG")
	flag.DurationVar(&b.paced, "paced", time.Minute, "how long the paced load lasts")
	flag.StringVar(&b.cache, "cache", "", "measure the semantic cache instead, with the labelled questions of this folder; plots go beside -o")
	only := flag.String("only", "", "scenarios to run, a regular expression; all by default")
	install := flag.Bool("rivals", false, "install BullMQ (with npm) and asynq, and measure them too")
	flag.Parse()
	var err error
	if b.only, err = regexp.Compile(*only); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *install {
		var remove func()
		if b.rivals, remove, err = installRivals(ctx); err != nil {
			return err
		}
		defer remove()
	}
	return b.run(ctx)
}

func (b bench) run(ctx context.Context) error {
	page, all, end := header("make bench RIVALS=1",
		"Client and server share the machine, so rates are lower than on two; ratios are of one run."), sections(), notes
	if b.cache != "" {
		page, all, end = header("make bench-cache DATA=DIR", "See [the semantic cache](semantic-cache.md)."), cacheSections(), cacheNotes
	}
	for _, s := range all {
		columns := s.columns
		if columns == nil {
			columns = []string{"What", "Measured", "Limit", "Met"}
		}
		table := "## " + s.title + "\n\n" + "| " + strings.Join(columns, " | ") + " |\n|" + strings.Repeat("---|", len(columns)) + "\n"
		for _, scenario := range s.scenarios {
			if !b.only.MatchString(scenario.name) {
				continue
			}
			lines, err := scenario.run(ctx, b)
			if err != nil {
				return fmt.Errorf("%s: %w", scenario.name, err)
			}
			for _, l := range lines {
				line := l.markdown()
				if s.columns != nil {
					line = "| " + l.what + " |"
				}
				fmt.Println(line)
				table += line + "\n"
			}
		}
		page += table + "\n"
	}
	if b.output == "" {
		return nil
	}
	return os.WriteFile(b.output, []byte(page+end), 0o600)
}

func (r result) markdown() string {
	return fmt.Sprintf("| %s | %s | %s | %s |", r.what, r.got, r.want, r.met)
}

func header(by, remark string) string {
	return "# Measured\n\nWritten by `" + by + "`. " + remark + "\n\n" +
		fmt.Sprintf("%s · %s · %d cores · %s\n\n", time.Now().UTC().Format(time.DateOnly), cpu(), runtime.NumCPU(), runtime.Version())
}

const notes = `![Cost of a message by the number of messages that wait](cost.svg)

- *Bare handler*: net/http that reads the same body, parses it with encoding/json and answers. Tania also checks the signature,
  applies the rules, and has the message stored before it answers. With SQLite the queue is paused meanwhile; with Redis no worker runs.
- *The push script* is the Lua script with which Tania stores a message: once in, in order, scheduled.
- *Express + BullMQ* and *asynq* parse the body and add one job with an id of its own; they check no signature and apply no rules. Each
  server has a Redis of its own; the servers take the same webhooks in turn.
- *Paced load*: open loop, latency counted from when a request was due, the worker answering meanwhile.
- *Own overhead*: webhook accepted to reply received by Chatwoot, with a model and a Chatwoot that answer at once, no debounce.
- *Pick-up*: from the call that stores the message to the handler; a message every five milliseconds, producer and worker in processes of
  their own with Redis. asynq polls every 10 ms.
- *appendfsync everysec*: a Redis that is killed loses what it had not handed to the system yet; a machine that goes down loses what was
  not on disk.
`

func cpu() string {
	out, err := exec.Command("sh", "-c", "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2").Output()
	if name := strings.TrimSpace(string(out)); err == nil && name != "" {
		return name
	}
	return runtime.GOARCH
}
