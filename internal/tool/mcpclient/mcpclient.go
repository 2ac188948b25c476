// Package mcpclient calls tools of servers that speak the Model Context Protocol: programs that it starts, and addresses. What a server
// says of a tool is pinned when it is first read: a tool that changes afterwards is not called. What it says of a tool's harmlessness is
// not believed; bot.yaml says what may be done.
package mcpclient

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"tania/internal/scrub"
	"tania/internal/tool"
	"tania/internal/tool/policy"
)

// Options configure New.
type Options struct {
	// Secrets are those that headers and variables of servers name.
	Secrets map[string]string
	Log     *slog.Logger
	// Version is what servers are told of ours.
	Version string
	// Wanted gives the tools of the bots that are current: their servers are kept connected. nil: those that were asked for.
	Wanted func() []tool.Tool
	// First is the wait after a connection that failed; it doubles up to Most. Default 1 s and 1 min.
	First, Most time.Duration
	// Patience is how long a turn waits for a server's first connection, default 3 s.
	Patience time.Duration
}

// Servers are the servers of all bots. It is safe for concurrent use.
type Servers struct {
	Options
	hide *scrub.Scrubber
	ctx  context.Context //nolint:containedctx // that of the connections, which outlive who asked for them
	stop context.CancelFunc
	ends sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	servers map[string]*server
	tables  map[*policy.Policy]*table
}

// table are a bot's tools as they were put together last, from what stamp says of its servers.
type table struct {
	stamp string
	Tools
}

// Tools are a bot's as a turn uses them.
type Tools struct {
	List   []tool.Tool
	Policy *policy.Policy
	// Hidden are the names of tools that cannot be called now: the model is not offered them.
	Hidden map[string]bool
}

// New gives servers, of which none is connected yet.
func New(o Options) *Servers {
	if o.First <= 0 {
		o.First, o.Most = time.Second, time.Minute
	}
	if o.Patience <= 0 {
		o.Patience = 3 * time.Second
	}
	s := &Servers{Options: o, servers: map[string]*server{}, tables: map[*policy.Policy]*table{}}
	s.hide = scrub.New(slices.Collect(maps.Values(o.Secrets))...)
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// lookAround is how often it is looked whether servers are wanted that are not connected, and the other way round.
const lookAround = 10 * time.Second

// Run keeps the servers of the wanted tools connected until ctx ends. They stay so until Close, for turns that still run.
func (s *Servers) Run(ctx context.Context) {
	tick := time.NewTicker(lookAround)
	defer tick.Stop()
	for {
		s.sweep()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweep connects what is wanted, and ends what is not.
func (s *Servers) sweep() {
	if s.Wanted == nil {
		return
	}
	wanted := map[string]bool{}
	for _, t := range s.Wanted() {
		if t.MCP != nil && t.MCP.At != nil {
			s.use(t.MCP.At)
			wanted[keyOf(t.MCP.At)] = true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, v := range s.servers {
		if !wanted[key] && v.idle() {
			v.stop()
			delete(s.servers, key)
		}
	}
	clear(s.tables)
}

// Close ends all connections and programs, and waits for that.
func (s *Servers) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.ends.Wait()
}

// keyOf is the same for servers that are reached alike.
func keyOf(at *tool.Server) string {
	data, err := json.Marshal(at)
	if err != nil {
		return at.Name
	}
	return string(data)
}

// use gives the connection to a server, which is made in the background where there is none; nil after Close.
func (s *Servers) use(at *tool.Server) *server {
	key := keyOf(at)
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.servers[key]
	if v == nil && !s.closed {
		ctx, stop := context.WithCancel(s.ctx)
		v = &server{Servers: s, at: at, stop: stop, tried: make(chan struct{}), pins: map[string]*pin{}, relist: make(chan struct{}, 1)}
		v.used = time.Now()
		s.servers[key] = v
		s.ends.Go(func() { v.run(ctx) })
	}
	return v
}

// Tools puts a bot's tools together: those of servers with what these say of them. A bot without such has its own back.
func (s *Servers) Tools(ctx context.Context, list []tool.Tool, facts map[string]string, rules *policy.Policy) Tools {
	if s == nil || !slices.ContainsFunc(list, func(t tool.Tool) bool { return t.MCP != nil }) {
		return Tools{List: list, Policy: rules}
	}
	all, hidden, stamp := slices.Clone(list), map[string]bool{}, ""
	for i := range all {
		if all[i].MCP == nil {
			continue
		}
		ok := s.complete(ctx, &all[i])
		if !ok {
			hidden[all[i].Name] = true
		}
		stamp += all[i].Description + "\x00" + string(all[i].Parameters) + "\x00"
		if !ok {
			stamp += "hidden"
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := s.tables[rules]; have != nil && have.stamp == stamp {
		return have.Tools
	}
	made := s.compiled(all, facts, hidden)
	s.tables[rules] = &table{stamp, made}
	return made
}

// complete puts a server's words into a tool, and reports whether it can be called.
func (s *Servers) complete(ctx context.Context, t *tool.Tool) bool {
	v := s.use(t.MCP.At)
	if v == nil {
		return false
	}
	v.await(ctx)
	p, why := v.pinned(t.MCP.Tool)
	if p == nil {
		return false
	}
	if t.Description == "" {
		t.Description = p.description
	}
	if len(t.Parameters) == 0 {
		t.Parameters = p.parameters
	}
	return why == ""
}

// compiled makes the limits anew with the schemas that servers gave. A tool whose limits do not fit its schema is hidden.
func (s *Servers) compiled(all []tool.Tool, facts map[string]string, hidden map[string]bool) Tools {
	for {
		rules, problems := policy.New(all, facts)
		wrong := ""
		for i := range all {
			for _, p := range problems {
				if wrong == "" && all[i].MCP != nil && len(all[i].Parameters) > 0 && p.Of(all[i].Name) {
					s.Log.Warn("a tool of an MCP server does not fit its limits and is not offered", "tool", all[i].Name, "problem", p.Text)
					wrong, all[i].Parameters, hidden[all[i].Name] = all[i].Name, nil, true
				}
			}
		}
		if wrong == "" {
			return Tools{List: all, Policy: rules, Hidden: hidden}
		}
	}
}
