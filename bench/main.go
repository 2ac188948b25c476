// Command bench measures Tania against the limits it was built to, side by side in one run, and writes the table to
// docs/benchmarks.md. It builds nothing: `make bench` gives it the binary.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"time"
)

// result is one line of the table.
type result struct {
	what, got, want string
	met             bool
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == bareServer {
		serveBare()
		return
	}
	binary := flag.String("tania", "bin/tania", "the binary to measure")
	output := flag.String("o", "", "file for the table, as well as the terminal")
	paced := flag.Duration("paced", time.Minute, "how long the paced load lasts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *binary, *output, *paced); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary, output string, paced time.Duration) error {
	var table []result
	for _, scenario := range []func(context.Context, string) ([]result, error){
		startAndIdle, webhookRate, func(ctx context.Context, binary string) ([]result, error) { return pacedLoad(ctx, binary, paced) },
		turnOverhead, pickUp, drain,
	} {
		lines, err := scenario(ctx, binary)
		if err != nil {
			return err
		}
		for _, l := range lines {
			fmt.Println(l.markdown())
		}
		table = append(table, lines...)
	}
	if output == "" {
		return nil
	}
	return os.WriteFile(output, []byte(page(table)), 0o600)
}

func (r result) markdown() string {
	met := "yes"
	if !r.met {
		met = "**no**"
	}
	return fmt.Sprintf("| %s | %s | %s | %s |", r.what, r.got, r.want, met)
}

func page(table []result) string {
	var b strings.Builder
	b.WriteString("# Measured\n\nWritten by `make bench`. Client and server share the machine, so rates are lower than on two; ratios are of one run.\n\n")
	fmt.Fprintf(&b, "%s · %s · %d cores · %s\n\n", time.Now().UTC().Format(time.DateOnly), cpu(), runtime.NumCPU(), runtime.Version())
	b.WriteString("| What | Measured | Limit | Met |\n|---|---|---|---|\n")
	for _, r := range table {
		b.WriteString(r.markdown() + "\n")
	}
	b.WriteString(`
- *Bare handler*: net/http that reads the same body, parses it with encoding/json and answers. Tania also checks the signature,
  applies the rules, and has the message on disk (fsync) before it answers. The queue is paused meanwhile.
- *Paced load*: open loop, latency counted from when a request was due, the worker answering meanwhile.
- *Own overhead*: webhook accepted to reply received by Chatwoot, with a model and a Chatwoot that answer at once, no debounce.
- *Pick-up*: from the call of Push, which commits to disk, to the handler, in process.
`)
	return b.String()
}

func cpu() string {
	out, err := exec.Command("sh", "-c", "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2").Output()
	if name := strings.TrimSpace(string(out)); err == nil && name != "" {
		return name
	}
	return runtime.GOARCH
}
