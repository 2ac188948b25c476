package llm

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"tania/internal/answer/llm/complaint"
	"tania/internal/answer/llm/wire"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// server is the endpoints of Chat Completions and Embeddings. model.go decides about retries.
type server struct {
	base, key string
	client    *http.Client
	secrets   []*regexp.Regexp
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
		s.secrets = append(s.secrets, secretIn(o.APIKey))
	}
	if u, err := url.Parse(o.BaseURL); err == nil && u.User != nil {
		s.secrets = append(s.secrets, secretIn(u.User.String()))
	}
	return s
}

// unmistakable is the length from which a secret is found wherever it stands, in bytes; a shorter one stands by itself, or it is a part of
// a word.
const unmistakable = 16

func secretIn(secret string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(secret)
	if len(secret) >= unmistakable {
		return regexp.MustCompile(`()` + quoted + `()`)
	}
	return regexp.MustCompile(`(^|[^\pL\pN_])` + quoted + `($|[^\pL\pN_])`)
}

// NewTransport gives the transport that an OpenAI has of its own, to wrap in another.
func NewTransport() *http.Transport {
	own := http.DefaultTransport.(*http.Transport).Clone()
	own.MaxIdleConnsPerHost = 32
	return own
}

// Close drops idle connections.
func (a *OpenAI) Close() { a.server.client.CloseIdleConnections() }

// mostTries bounds the requests in which one prompt is put until the server takes one.
const mostTries = 14

// call asks a model; again at once in another way where its server does not take the request as it was, or the model wrote its call badly.
func (a *OpenAI) call(ctx context.Context, m *model, e *errand) (Response, *failure) {
	said := m.dialect.current()
	learnt := false
	var trials elimination
	fit := m.dialect.begin(e, a.limit(e, said))
	for try := 1; ; try++ {
		r, f := a.once(ctx, m.name, e, said, fit)
		if f == nil {
			m.dialect.took(said, learnt)
			m.dialect.fitted(fit)
			r.Notes = append(fit.notes(a.limit(e, said)), r.Notes...)
			return r, nil
		}
		change := a.otherwise(m, e, f, &said, &fit, &trials)
		if change == "" || try == mostTries {
			return r, f
		}
		learnt = learnt || change != againAsItWas && change != onceMore
		a.options.Log.InfoContext(ctx, "asked again in another way", "model", m.name, "about", change, "error", f.Error())
	}
}

// againAsItWas is the change of a request that is sent once more.
const againAsItWas = "a call that was written badly"

// onceMore is the change of one that is sent again because the refusal says nothing to us.
const onceMore = "nothing yet"

// otherwise changes a request by what its server says of it, and names the change; "" when there is none. A server that says what it does
// not take is not ill.
func (a *OpenAI) otherwise(m *model, e *errand, f *failure, said *speech, fit *fit, trials *elimination) string {
	w := complaint.WordsOf([]byte(f.body), m.name)
	switch {
	case f.kind == kindBotched || f.complains(w) && isBotched(w):
		f.kind, f.retryable, f.unhealthy = kindUnread, false, false
		if e.botched++; e.botched <= mostBotched {
			return againAsItWas
		}
		return ""
	case !f.complains(w):
		return ""
	case w.Says(reached):
		f.kind, f.truncated, f.retryable, f.unhealthy = kindUnread, true, false, false
		return ""
	case (isTooLong(w) || f.status == http.StatusRequestEntityTooLarge) && fit.shrink(e, w, fit.most(a.limit(e, *said))):
		return "the length"
	}
	next, about, ok := m.dialect.adapt(*said, w, fit.most(a.limit(e, *said)))
	if ok {
		*said = next
	}
	if ok || isTooLong(w) {
		f.retryable, f.unhealthy = false, false
		return about
	}
	if !f.unexplained(w) || trials.step == 0 && !m.dialect.mayTry() {
		return ""
	}
	if next, about, ok = trials.next(*said); ok {
		*said = next
	}
	return about
}

// mostBotched is how often a prompt is put again because the model wrote its call badly: as it was, then without the tool.
const mostBotched = 2

// once makes one HTTP call, observes it and counts its cost.
func (a *OpenAI) once(ctx context.Context, name string, e *errand, speech speech, fit fit) (Response, *failure) {
	bounded, done := context.WithTimeout(ctx, a.options.Timeout)
	defer done()
	params := a.params(name, e, speech, fit)
	began := time.Now()
	status, header, body, err := a.server.post(bounded, pathChat, params)
	observed := tania.ModelCall{Model: name, Status: status, Duration: time.Since(began)}
	body = wire.Whole(body)
	r, f := Response{}, judge(ctx, bounded, status, header, body, err)
	if f == nil {
		var c wire.Completion
		if c, f = decode(body); f == nil {
			observed.Usage = a.usage(name, params, c)
			e.spent = e.spent.Add(observed.Usage)
			r, f = e.replies.read(c)
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
		return &failure{kind: kindConnection, text: complaint.Shorten(err.Error()), retryable: true, unhealthy: true, cause: err}
	}
	return nil
}

// keyLike finds what looks like a key, for servers that quote it shortened or another's.
var keyLike = lazyregexp.New(`\b(?:(?:sk|pk|rk|gsk)[-_]|Bearer )[A-Za-z0-9*_\-.]{8,}`)

func (s *server) withoutSecrets(text string) string {
	for _, secret := range s.secrets {
		text = secret.ReplaceAllString(text, "${1}[key]${2}")
	}
	return keyLike.ReplaceAllString(text, "[key]")
}
