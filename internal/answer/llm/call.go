package llm

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"tania/internal/tania"
)

// server is the endpoints of Chat Completions and Embeddings. The SDK's own retries are off: model.go decides about those.
type server struct {
	chat    openai.ChatCompletionService
	embed   openai.EmbeddingService
	client  *http.Client
	secrets []string
}

// mostBytes bounds what is read of an answer.
const mostBytes = 4 << 20

func newServer(o OpenAIOptions) *server {
	transport := o.Transport
	if transport == nil {
		transport = NewTransport()
	}
	s := &server{client: &http.Client{
		Transport: transport,
		// A redirected POST would arrive as a GET; that the base URL is wrong is better said.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if o.APIKey != "" {
		s.secrets = append(s.secrets, o.APIKey)
	}
	if u, err := url.Parse(o.BaseURL); err == nil && u.User != nil {
		s.secrets = append(s.secrets, u.User.String())
	}
	// The service is made directly, not by openai.NewClient, which would read OPENAI_* from the environment by itself.
	options := []option.RequestOption{
		option.WithBaseURL(strings.TrimRight(o.BaseURL, "/") + "/"),
		option.WithHTTPClient(s.client),
		option.WithMaxRetries(0),
		option.WithMiddleware(limitBody),
	}
	if o.APIKey != "" {
		options = append(options, option.WithAPIKey(o.APIKey))
	}
	s.chat = openai.NewChatCompletionService(options...)
	s.embed = openai.NewEmbeddingService(options...)
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

func limitBody(r *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	res, err := next(r)
	if err == nil && res.Body != nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, mostBytes), res.Body}
	}
	return res, err
}

// call asks a model once; again at once where the server does not take a parameter and the model's dialect can do without.
func (a *OpenAI) call(ctx context.Context, m *model, p Prompt, spent *tania.Usage) (Response, *failure) {
	for {
		speech := m.dialect.current()
		r, f := a.once(ctx, m.name, p, speech, spent)
		if f == nil || !m.dialect.adapt(speech, f) {
			return r, f
		}
		a.options.Log.InfoContext(ctx, "the server does not take a parameter; asked again without", "model", m.name, "error", f.Error())
	}
}

// once makes one HTTP call, observes it and counts its cost.
func (a *OpenAI) once(ctx context.Context, name string, p Prompt, speech speech, spent *tania.Usage) (Response, *failure) {
	bounded, done := context.WithTimeout(ctx, a.options.Timeout)
	defer done()
	params := a.params(name, p, speech)
	began := time.Now()
	var res *http.Response
	var body []byte
	_, err := a.server.chat.New(bounded, params, option.WithResponseInto(&res), option.WithResponseBodyInto(&body))
	observed := Call{Model: name, Duration: time.Since(began)}
	if res != nil {
		observed.Status = res.StatusCode
	}

	r, f := Response{}, a.server.judge(ctx, bounded, res, err)
	if f == nil {
		var c openai.ChatCompletion
		if c, f = decode(body); f == nil {
			observed.Usage = a.usage(name, params, c)
			*spent = spent.Add(observed.Usage)
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
func (s *server) judge(caller, bounded context.Context, res *http.Response, err error) *failure {
	switch {
	case errors.Is(caller.Err(), context.Canceled):
		return &failure{kind: kindCanceled, text: "given up by the caller"}
	case err != nil && bounded.Err() != nil:
		return &failure{kind: kindTimeout, text: "no answer in time", retryable: true, unhealthy: true}
	case res != nil && res.StatusCode >= 400:
		text, _ := io.ReadAll(res.Body)
		return ofStatus(res.StatusCode, res.Header, text)
	case res != nil && res.StatusCode >= 300:
		return &failure{kind: kindStatus, status: res.StatusCode, text: "a redirect; is OPENAI_BASE_URL right?", unhealthy: true}
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
