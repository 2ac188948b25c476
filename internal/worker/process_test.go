package worker_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// harm is what happens to a process at a point.
type harm string

const (
	// killed: nothing of the process gets out any more.
	killed harm = "killed"
	// failed: the call fails, and the process goes on.
	failed harm = "failed"
	// stopped: the process stands still for longer than its lease, and goes on when another has finished its turn.
	stopped harm = "stopped"
)

// point is before or after the effect of a call that leaves the process, "send 2" for example.
type point struct {
	call  string
	after bool
}

func (p point) String() string {
	if p.after {
		return "after " + p.call
	}
	return "before " + p.call
}

var errCrash = errors.New("the process is dead")

// process is all that a worker can reach, with a point at which it comes to harm.
type process struct {
	queue.Engine
	at   point
	harm harm
	// struck closes when the point is reached, goOn lets a stopped process run again.
	struck, goOn chan struct{}

	mu    sync.Mutex
	seen  map[string]int
	calls []string
	dead  bool
	still bool
}

func newProcess(e queue.Engine, h harm, at point) *process {
	return &process{Engine: e, harm: h, at: at, struck: make(chan struct{}), goOn: make(chan struct{}), seen: map[string]int{}}
}

// call makes a call that leaves the process; lost is the error of one whose answer does not come. An empty name is no point.
func (p *process) call(name string, lost error, do func() error) error {
	p.mu.Lock()
	if name != "" {
		p.seen[name]++
		name = fmt.Sprint(name, " ", p.seen[name])
		p.calls = append(p.calls, name)
	}
	p.mu.Unlock()
	if err := p.reach(point{call: name}, lost); err != nil {
		return err
	}
	err := do()
	if harmed := p.reach(point{name, true}, lost); harmed != nil {
		return harmed
	}
	return err
}

// reach gives the error that a call meets at a point, after the time for which the process stands still.
func (p *process) reach(at point, lost error) error {
	p.mu.Lock()
	if at == p.at {
		p.dead, p.still = p.harm == killed, p.harm == stopped
		close(p.struck)
	}
	dead, still := p.dead, p.still
	p.mu.Unlock()
	switch {
	case dead:
		return errCrash
	case still:
		<-p.goOn
	case at == p.at && p.harm == failed:
		return lost
	}
	return nil
}

// resume lets a stopped process go on.
func (p *process) resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.still = false
	close(p.goOn)
}

func (p *process) store(name string, do func() error) error {
	return p.call(name, fmt.Errorf("%w: for the test", queue.ErrUnavailable), do)
}

func (p *process) Claim(ctx context.Context) (t *queue.Turn, err error) {
	harmed := p.store("claim", func() error { t, err = p.Engine.Claim(ctx); return err })
	return t, harmed
}

func (p *process) Extend(ctx context.Context, t *queue.Turn) error {
	return p.store("renew", func() error { return p.Engine.Extend(ctx, t) })
}

func (p *process) Checkpoint(ctx context.Context, t *queue.Turn, data []byte) error {
	return p.store("checkpoint", func() error { return p.Engine.Checkpoint(ctx, t, data) })
}

func (p *process) Complete(ctx context.Context, t *queue.Turn, records ...tania.Record) error {
	return p.store("complete", func() error { return p.Engine.Complete(ctx, t, records...) })
}

func (p *process) Retry(ctx context.Context, t *queue.Turn, after time.Duration, cause error, records ...tania.Record) error {
	return p.store("retry", func() error { return p.Engine.Retry(ctx, t, after, cause, records...) })
}

func (p *process) Defer(ctx context.Context, t *queue.Turn, after time.Duration, records ...tania.Record) error {
	return p.store("defer", func() error { return p.Engine.Defer(ctx, t, after, records...) })
}

func (p *process) Release(ctx context.Context, t *queue.Turn) error {
	return p.store("release", func() error { return p.Engine.Release(ctx, t) })
}

func (p *process) Bury(ctx context.Context, t *queue.Turn, cause error, records ...tania.Record) error {
	return p.store("bury", func() error { return p.Engine.Bury(ctx, t, cause, records...) })
}

func (p *process) Conversation(ctx context.Context, key tania.ConversationKey) (c tania.Conversation, err error) {
	harmed := p.store("recall", func() error { c, err = p.Engine.Conversation(ctx, key); return err })
	return c, harmed
}

func (p *process) UpdateConversation(
	ctx context.Context, key tania.ConversationKey, change func(*tania.Conversation) bool,
) (c tania.Conversation, err error) {
	harmed := p.store("note", func() error { c, err = p.Engine.UpdateConversation(ctx, key, change); return err })
	return c, harmed
}

func (p *process) Count(ctx context.Context, delta map[string]int64) error {
	return p.store("count", func() error { return p.Engine.Count(ctx, delta) })
}

// wire is the process's way to Chatwoot.
func (p *process) wire(next http.RoundTripper, q *http.Request) (answer *http.Response, err error) {
	name, err := callName(q)
	if err != nil {
		return nil, err
	}
	harmed := p.call(name, io.ErrUnexpectedEOF, func() error { answer, err = next.RoundTrip(q); return err })
	if harmed != nil && answer != nil {
		_ = answer.Body.Close()
		answer = nil
	}
	return answer, harmed
}

// callName names a call of Chatwoot's API; empty for one that is no part of a turn, a probe.
func callName(q *http.Request) (string, error) {
	last := path.Base(q.URL.Path)
	switch {
	case !strings.Contains(q.URL.Path, "/conversations/"):
		return "", nil
	case last != "messages":
		return strings.ToLower(q.Method) + " " + strings.Trim(last, "0123456789"), nil
	case q.Method == http.MethodGet:
		return "list", nil
	}
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return "", err
	}
	q.Body = io.NopCloser(bytes.NewReader(body))
	if bytes.Contains(body, []byte(`"private":true`)) {
		return "private note", nil
	}
	return "send", nil
}
