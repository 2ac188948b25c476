package sqlitequeue

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// The test binary starts itself as a process that pushes or works until it is killed. Each line that it prints is
// a promise: the engine had returned before.
const (
	childEnv  = "SQLITEQUEUE_TEST_CHILD"
	childPath = "SQLITEQUEUE_TEST_PATH"
	childFrom = "SQLITEQUEUE_TEST_FROM"
)

func childOptions() queue.Options {
	return queue.Options{Debounce: -1, DebounceMax: -1, MaxAttempts: 1000}
}

// childMessage gives each of 5000 successive messages a conversation of its own.
func childMessage(id int) tania.Message {
	return tania.Message{ID: tania.MessageID(id), Key: keyOf(1, int64(id%5000+1)), Content: strings.Repeat("hola ", 100)}
}

// child is the killed process's life; what it prints goes out unbuffered, a line in one write.
func child(work string) int {
	from, _ := strconv.Atoi(os.Getenv(childFrom))
	e, err := Open(context.Background(), os.Getenv(childPath), childOptions())
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	fmt.Println("ready")
	run := childPush
	if work == "work" {
		run = childWork
	}
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			if err := run(e, from+n); err != nil {
				fmt.Println("error", err)
			}
		})
	}
	wg.Wait()
	return 1
}

func childPush(e *Engine, first int) error {
	for id := first; ; id += 8 {
		if _, err := e.Push(context.Background(), childMessage(id)); err != nil {
			return err
		}
		fmt.Println("pushed", id)
	}
}

// childWork answers turns in every way that keeps or ends them.
func childWork(e *Engine, n int) error {
	ctx := context.Background()
	for ; ; n++ {
		t, err := e.Claim(ctx)
		if err != nil {
			return err
		}
		switch n % 4 {
		case 0:
			err = e.Release(ctx, t)
		case 1:
			err = e.Retry(ctx, t, 0, io.ErrUnexpectedEOF)
		default:
			if t.Checkpoint == nil {
				err = e.Checkpoint(ctx, t, []byte(`"plan"`))
			}
			if err == nil {
				err = e.Complete(ctx, t)
			}
			if err == nil {
				fmt.Println("completed", t.Messages[0].ID)
			}
		}
		if err != nil {
			return err
		}
	}
}

// process is a child.
type process struct {
	t     testing.TB
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

func start(t testing.TB, work, path string, from int) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"="+work, childPath+"="+path, childFrom+"="+strconv.Itoa(from))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t, cmd, bufio.NewScanner(out)}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	if line := p.next(); line != "ready" {
		t.Fatalf("the child says %q", line)
	}
	return p
}

func (p *process) next() string {
	p.lines.Scan()
	return p.lines.Text()
}

// killAfter kills the process once it has printed some lines and a random moment more, and gives the ids of all lines.
func (p *process) killAfter(lines int, moment time.Duration) (ids []int) {
	p.t.Helper()
	killed := make(chan struct{})
	for n := 0; p.lines.Scan(); n++ {
		if n == lines {
			time.AfterFunc(moment, func() {
				defer close(killed)
				if err := p.cmd.Process.Kill(); err != nil {
					p.t.Error(err)
				}
			})
		}
		word, number, _ := strings.Cut(p.lines.Text(), " ")
		id, err := strconv.Atoi(number)
		if err != nil || word == "error" {
			p.t.Fatalf("the child says %q", p.lines.Text())
		}
		ids = append(ids, id)
	}
	<-killed
	_ = p.cmd.Wait()
	return ids
}
