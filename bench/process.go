package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// bareServer is the argument that makes this program the server to compare with.
const bareServer = "bare-server"

// serve parses webhooks, does something with each, and answers.
func serve(work func(*http.Request, map[string]any) error) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /chatwoot/webhook", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var payload map[string]any
		if err == nil {
			err = json.Unmarshal(body, &payload)
		}
		if err == nil {
			err = work(r, payload)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, `{"ok":true,"status":"queued","reason":"proceed"}`+"\n")
	})
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}

// process is a server under measurement.
type process struct {
	cmd     *exec.Cmd
	address string
}

// start runs a server that listens on PORT and waits until it is ready. It gives how long that took.
func start(ctx context.Context, env []string, name string, args ...string) (*process, time.Duration, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, 0, err
	}
	address := listener.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	if err := listener.Close(); err != nil {
		return nil, 0, err
	}
	began := time.Now()
	p, err := launch(ctx, append(slices.Clone(env), "HOST=127.0.0.1", "PORT="+port), name, args...)
	if err != nil {
		return nil, 0, err
	}
	p.address = address
	for time.Since(began) < 10*time.Second {
		resp, err := http.Get("http://" + address + "/readyz")
		if err != nil {
			time.Sleep(time.Millisecond)
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return p, time.Since(began), nil
		}
	}
	return nil, 0, errors.Join(fmt.Errorf("%s did not get ready", name), p.stop())
}

// launch runs a process that takes no requests.
func launch(ctx context.Context, env []string, name string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env, cmd.Stderr = append(os.Environ(), env...), os.Stderr
	return &process{cmd: cmd}, cmd.Start()
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	_ = p.cmd.Wait()
	return nil
}

// rss is the resident memory in MiB.
func (p *process) rss() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
			return kb / 1024, nil
		}
	}
	return 0, errors.New("no VmRSS")
}

// tania starts the binary with an embedded store of its own, a Chatwoot and a model that answer at once.
func tania(ctx context.Context, binary string, s *stub, env ...string) (p *process, ready time.Duration, stop func(), err error) {
	dir, err := os.MkdirTemp("", "tania-bench-*")
	if err != nil {
		return nil, 0, nil, err
	}
	p, ready, err = start(ctx, append(append(settings(s), "TANIA_DATA_DIR="+dir), env...), binary, "serve", "--env", "")
	if err != nil {
		return nil, 0, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return p, ready, func() {
		_ = p.stop()
		_ = os.RemoveAll(dir)
	}, nil
}

// settings are the variables of every tania that is measured.
func settings(s *stub) []string {
	return []string{
		"TANIA_BOT=", "CHATWOOT_BASE_URL=" + s.server.URL, "CHATWOOT_API_ACCESS_TOKEN=bench", "CHATWOOT_WEBHOOK_SECRET=" + secret,
		"GOVERNOR_RATE_LIMIT_ENABLED=false", "LOG_LEVEL=error",
	}
}

func post(address, path string) error {
	resp, err := http.Post("http://"+address+path, "application/json", nil)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, resp.Status)
	}
	return nil
}

// stub is a Chatwoot and a model that answer at once.
type stub struct {
	server *httptest.Server
	// replies gets the conversation of every reply.
	replies chan string
}

func newStub() *stub {
	s := &stub{replies: make(chan string, 1<<16)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/profile", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":"Access to this endpoint is not authorized for bots"}`, http.StatusUnauthorized)
	})
	mux.HandleFunc("POST /v1/chat/completions", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Abrimos a las 9."}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`)
	})
	mux.HandleFunc("POST /api/v1/accounts/{account}/conversations/{id}/messages", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":900000001,"message_type":1,"content":"ok"}`)
		select {
		case s.replies <- r.PathValue("id"):
		default:
		}
	})
	mux.HandleFunc("GET /api/v1/accounts/{account}/conversations/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"id":%s,"status":"pending","can_reply":true,"labels":[],"meta":{},"messages":[]}`, r.PathValue("id"))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	s.server = httptest.NewServer(mux)
	return s
}

// hangingModel tells of every call, and answers none until its caller goes away.
func hangingModel(calls chan<- time.Time) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the server does not see the caller go
		calls <- time.Now()
		<-r.Context().Done()
	}))
}
