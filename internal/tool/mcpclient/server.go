package mcpclient

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tania/internal/tool"
	"tania/internal/wait"
)

// server is the connection to one server, which is made anew when it breaks.
type server struct {
	*Servers
	at   *tool.Server
	stop context.CancelFunc
	// tried is closed when the first connection was made or has failed.
	tried  chan struct{}
	once   sync.Once
	relist chan struct{}

	mu      sync.Mutex
	session *mcp.ClientSession
	away    error
	used    time.Time
	// pins are what the server said of its tools at first.
	pins map[string]*pin
}

// pin is a tool as it was first described.
type pin struct {
	description string
	parameters  json.RawMessage
	digest      [sha256.Size]byte
	// gone and changed report that the server does not have it now, or describes it otherwise.
	gone, changed bool
}

// Bounds of what a server says of its tools.
const (
	mostListed      = 500
	mostDescription = 1024
	mostSchema      = 32 << 10
	connecting      = 30 * time.Second
)

// run keeps the connection until ctx ends.
func (v *server) run(ctx context.Context) {
	defer v.once.Do(func() { close(v.tried) })
	for failures := 0; ctx.Err() == nil; {
		session, err := v.connect(ctx)
		if err == nil {
			v.Log.Info("MCP server connected", "server", v.at.Name)
			began := time.Now()
			if err = v.live(ctx, session); time.Since(began) > v.Most {
				failures = 0 // else one that ends again and again is started ever later
			}
		}
		v.lost(err)
		if ctx.Err() != nil {
			return
		}
		if failures++; failures == 1 {
			v.Log.Warn("an MCP server is away; its tools are not offered until it is back", "server", v.at.Name,
				"error", v.hide.Text(err.Error()))
		}
		d := min(v.First<<min(failures-1, 10), v.Most)
		if wait.For(ctx, d/2+rand.N(d/2+1)) != nil {
			return
		}
	}
}

// connect connects and reads what tools there are.
func (v *server) connect(ctx context.Context) (*mcp.ClientSession, error) {
	transport, err := v.transport()
	if err != nil {
		return nil, err
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "tania", Version: v.Version}, &mcp.ClientOptions{
		Capabilities: &mcp.ClientCapabilities{}, KeepAlive: keepAlive,
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) {
			select {
			case v.relist <- struct{}{}:
			default:
			}
		},
	})
	limited, done := context.WithTimeout(ctx, connecting)
	defer done()
	session, err := client.Connect(limited, transport, nil)
	if err != nil {
		return nil, err
	}
	if err := v.list(limited, session); err != nil {
		return nil, errors.Join(err, session.Close())
	}
	v.mu.Lock()
	v.session, v.away = session, nil
	v.mu.Unlock()
	v.once.Do(func() { close(v.tried) })
	return session, nil
}

// keepAlive is how often a server is asked whether it is there.
const keepAlive = 30 * time.Second

// live waits until the connection ends, and reads the tools again when the server says that they changed.
func (v *server) live(ctx context.Context, session *mcp.ClientSession) error {
	ended := make(chan error, 1)
	go func() { ended <- session.Wait() }()
	for {
		select {
		case <-ctx.Done():
			leave(session)
			return ctx.Err()
		case err := <-ended:
			leave(session)
			if err == nil {
				err = errors.New("the connection ended")
			}
			return err
		case <-v.relist:
			limited, done := context.WithTimeout(ctx, connecting)
			err := v.list(limited, session)
			done()
			if err != nil {
				leave(session) // what it has now is not known
			}
		}
	}
}

// leave ends a connection, and a program. A server that does not answer is not waited for longer than a program is.
func leave(session *mcp.ClientSession) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = session.Close()
	}()
	select {
	case <-closed:
	case <-time.After(4 * ending):
	}
}

func (v *server) lost(err error) {
	v.mu.Lock()
	v.session, v.away = nil, err
	v.mu.Unlock()
	v.once.Do(func() { close(v.tried) })
}

// list reads the tools, and pins those that are new.
func (v *server) list(ctx context.Context, session *mcp.ClientSession) error {
	now := map[string]*pin{}
	for t, err := range session.Tools(ctx, nil) {
		if err != nil {
			return err
		}
		if len(now) >= mostListed {
			break
		}
		if p, why := pinOf(t); p != nil {
			now[t.Name] = p
		} else {
			v.Log.Warn("a tool of an MCP server cannot be used", "server", v.at.Name, "tool", t.Name, "why", why)
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for name, p := range v.pins {
		p.gone = now[name] == nil
		changed := !p.gone && now[name].digest != p.digest
		if changed && !p.changed {
			v.Log.Warn("an MCP server describes a tool otherwise than before; it is not called until Tania is started again",
				"server", v.at.Name, "tool", name)
		}
		p.changed = changed
	}
	for name, p := range now {
		if v.pins[name] == nil {
			v.pins[name] = p
		}
	}
	return nil
}

// pinOf is what a server says of a tool; nil with the reason where that is too much, or no schema.
func pinOf(t *mcp.Tool) (*pin, string) {
	schema, _ := t.InputSchema.(map[string]any)
	if schema == nil || schema["type"] != "object" {
		return nil, "its parameters are no schema of an object"
	}
	delete(schema, "$schema")
	if schema["properties"] == nil {
		schema["properties"] = map[string]any{}
	}
	parameters, err := json.Marshal(schema)
	if err != nil || len(parameters) > mostSchema {
		return nil, fmt.Sprintf("its parameters take more than %d KiB", mostSchema>>10)
	}
	p := &pin{description: strings.TrimSpace(t.Description), parameters: parameters}
	p.digest = sha256.Sum256(append([]byte(p.description+"\x00"), parameters...))
	if p.description == "" {
		p.description = t.Title
	}
	if len(p.description) > mostDescription {
		p.description = strings.ToValidUTF8(p.description[:mostDescription], "")
	}
	return p, ""
}

// pinned gives a tool as it was first described, nil where it never was, and why it cannot be called now; empty: it can.
func (v *server) pinned(name string) (p *pin, why string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.used = time.Now()
	switch p = v.pins[name]; {
	case p == nil && v.session == nil:
		return nil, "its server is away"
	case p == nil, p.gone:
		return p, "its server has no such tool"
	case p.changed:
		return p, "its server describes it otherwise than before"
	case v.session == nil:
		return p, "its server is away"
	}
	return p, ""
}

// await waits for the first connection, as long as a turn's patience lasts.
func (v *server) await(ctx context.Context) {
	limited, done := context.WithTimeout(ctx, v.Patience)
	defer done()
	select {
	case <-v.tried:
	case <-limited.Done():
	}
}

// unused is how long a server that no bot wants stays connected after its last use: a turn may still go on with it.
const unused = 2 * time.Minute

func (v *server) idle() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return time.Since(v.used) > unused
}

func (v *server) current() *mcp.ClientSession {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.session
}
