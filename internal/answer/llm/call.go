package llm

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// server is the endpoints of Chat Completions and Embeddings. model.go decides about retries.
type server struct {
	base, key string
	client    *http.Client
	secrets   []string
}

func newServer(o OpenAIOptions) *server {
	transport := o.Transport
	if transport == nil {
		transport = NewTransport()
	}
	s := &server{base: strings.TrimRight(o.BaseURL, "/"), key: o.APIKey, client: &http.Client{
		Transport: transport,
		// A redirected POST would arrive as a GET, and the key must not go elsewhere; that the base URL is wrong is better said.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if o.APIKey != "" {
		s.secrets = append(s.secrets, o.APIKey)
	}
	if u, err := url.Parse(o.BaseURL); err == nil && u.User != nil {
		s.secrets = append(s.secrets, u.User.String())
	}
	return s
}

// NewTransport gives the transport that an OpenAI has of its own, to wrap in another.
func NewTransport() *http.Transport {
	own := http.DefaultTransport.(*http.Transport).Clone()
	own.MaxIdleConnsPerHost = 32
	return own
}

// Close drops idle connections.
func (a *OpenAI) Close() { a.server.client.CloseIdleConnections() }

// call asks a model once; again at once where the server does not take a parameter and the model's dialect can do without.
func (a *OpenAI) call(ctx context.Context, m *model, e *errand) (Response, *failure) {
	for {
		speech := m.dialect.current()
		r, f := a.once(ctx, m.name, e, speech)
		if f == nil || !m.dialect.adapt(speech, f) {
			return r, f
		}
		a.options.Log.InfoContext(ctx, "the server does not take a parameter; asked again without", "model", m.name, "error", f.Error())
	}
}

// once makes one HTTP call, observes it and counts its cost.
func (a *OpenAI) once(ctx context.Context, name string, e *errand, speech speech) (Response, *failure) {
	bounded, done := context.WithTimeout(ctx, a.options.Timeout)
	defer done()
	params := a.params(name, e, speech)
	began := time.Now()
	status, header, body, err := a.server.post(bounded, pathChat, params)
	observed := Call{Model: name, Status: status, Duration: time.Since(began)}
	r, f := Response{}, judge(ctx, bounded, status, header, body, err)
	if f == nil {
		var c chatCompletion
		if c, f = decode(body); f == nil {
			observed.Usage = a.usage(name, params, c)
			e.spent = e.spent.Add(observed.Usage)
			r, f = read(c)
		}
	}
	if f != nil {
		f.model, f.text = name, a.server.withoutSecrets(f.text)
		observed.Err, observed.Kind = f, string(f.kind)
	}
	if a.options.Observe != nil {
		a.options.Observe(observed)
	}
	return r, f
}

// judge gives the failure of a call that brought no readable answer.
func judge(caller, bounded context.Context, status int, header http.Header, body []byte, err error) *failure {
	switch {
	case errors.Is(caller.Err(), context.Canceled):
		return &failure{kind: kindCanceled, text: "given up by the caller"}
	case err != nil && bounded.Err() != nil:
		return &failure{kind: kindTimeout, text: "no answer in time", retryable: true, unhealthy: true}
	case status >= 400:
		return ofStatus(status, header, body)
	case status >= 300:
		return &failure{kind: kindStatus, status: status, text: "a redirect; is OPENAI_BASE_URL right?", unhealthy: true}
	case err != nil:
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return &failure{kind: kindConnection, text: shorten(err.Error()), retryable: true, unhealthy: true}
	}
	return nil
}

// keyLike finds what looks like a key, for servers that quote it shortened or another's.
var keyLike = regexp.MustCompile(`\b(?:(?:sk|pk|rk|gsk)[-_]|Bearer )[A-Za-z0-9*_\-.]{8,}`)

func (s *server) withoutSecrets(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, "[key]")
	}
	return keyLike.ReplaceAllString(text, "[key]")
}
