package mcpclient

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tania/internal/knowledge/source/fetch"
	"tania/internal/tool"
)

// ending is how long a program may take to end when its input is closed; then it is told to, and killed.
const ending = 2 * time.Second

// transport is how the server is reached: the secrets are put in here and nowhere else.
func (v *server) transport() (mcp.Transport, error) {
	if len(v.at.Command) > 0 {
		cmd := exec.Command(v.at.Command[0], v.at.Command[1:]...) //nolint:gosec,noctx // bot.yaml names it; the transport ends it
		// Nothing of our own environment, which has our secrets.
		for _, name := range []string{"PATH", "HOME", "TMPDIR", "LANG"} {
			if value, set := os.LookupEnv(name); set {
				cmd.Env = append(cmd.Env, name+"="+value)
			}
		}
		for name, template := range v.at.Env {
			value, err := v.filled(template)
			if err != nil {
				return nil, err
			}
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		return &mcp.CommandTransport{Command: cmd, TerminateDuration: ending}, nil
	}
	dial, err := fetch.Dialer(v.at.Private, connecting)
	if err != nil {
		return nil, err
	}
	headers := http.Header{"User-Agent": {"Tania"}}
	for name, template := range v.at.Headers {
		value, err := v.filled(template)
		if err != nil {
			return nil, err
		}
		headers.Set(name, value)
	}
	base := &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true}
	return &mcp.StreamableClientTransport{
		Endpoint: v.at.URL, MaxEventSize: mostAnswer,
		HTTPClient: &http.Client{
			Transport:     withHeaders{base, headers},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

func (v *server) filled(template string) (string, error) {
	value, missing := tool.WithSecrets(template, v.Secrets, func(name string) string { return "{" + name + "}" })
	if missing != "" {
		return "", fmt.Errorf("mcpclient: the secret %s is not set (TOOL_SECRET_%s)", missing, missing)
	}
	return value, nil
}

// mostAnswer bounds an answer of a server, in bytes.
const mostAnswer = 4 << 20

// withHeaders sends headers with each request, and bounds answers that are no streams.
type withHeaders struct {
	base    *http.Transport
	headers http.Header
}

// RoundTrip implements http.RoundTripper.
func (w withHeaders) RoundTrip(q *http.Request) (*http.Response, error) {
	q = q.Clone(q.Context())
	for name, values := range w.headers {
		q.Header[name] = values
	}
	answer, err := w.base.RoundTrip(q)
	if err == nil && !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, mostAnswer), answer.Body}
	}
	return answer, err
}
