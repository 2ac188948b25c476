package otlp

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/protobuf/encoding/protowire"
)

// Exporter posts spans. It is set by the usual OTEL_EXPORTER_OTLP_* variables.
type Exporter struct {
	settings
	client *http.Client
	// closed ends what is under way.
	closed context.Context //nolint:containedctx // of the exporter's life, not of a call
	close  context.CancelFunc
	// first is the wait before a second try. Tests shorten it.
	first time.Duration
}

// New gives an exporter set by the environment.
func New() (*Exporter, error) {
	s, err := fromEnvironment()
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's
	if s.tls != nil {
		transport.TLSClientConfig = s.tls
	}
	e := &Exporter{settings: s, client: &http.Client{Transport: transport, Timeout: s.timeout}, first: firstWait}
	e.closed, e.close = context.WithCancel(context.Background())
	return e, nil
}

// Shutdown implements sdktrace.SpanExporter.
func (e *Exporter) Shutdown(context.Context) error {
	e.close()
	e.client.CloseIdleConnections()
	return nil
}

// Tries of one batch: the first wait, which doubles up to the longest, and for how long in all.
const (
	firstWait   = 5 * time.Second
	longestWait = 30 * time.Second
	longestTry  = time.Minute
)

// ExportSpans implements sdktrace.SpanExporter. A receiver that is overloaded is asked again, when it wishes or later and later.
func (e *Exporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	ctx, done := context.WithCancel(ctx)
	defer done()
	defer context.AfterFunc(e.closed, done)()
	body, err := e.body(spans)
	if err != nil {
		return err
	}
	began, wait := time.Now(), e.first
	for {
		err := e.post(ctx, body)
		busy, again := errors.AsType[busyError](err)
		if !again || ctx.Err() != nil {
			return err
		}
		pause := max(wait, busy.after)
		if time.Since(began)+pause > longestTry {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		wait = min(2*wait, longestWait)
	}
}

// body is the request's, compressed where that is wanted.
func (e *Exporter) body(spans []sdktrace.ReadOnlySpan) ([]byte, error) {
	plain := encode(spans)
	if !e.gzip {
		return plain, nil
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(plain)
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("otlp: %w", err)
	}
	return packed.Bytes(), nil
}

// busyError is an answer after which the same request may succeed (OTLP 1.0, "Retryable response codes").
type busyError struct {
	status string
	// after is what the receiver wants to be left alone for, 0 where it does not say.
	after time.Duration
}

func (e busyError) Error() string { return "otlp: the receiver answers " + e.status }

// mostAnswer is as much of an answer as is read.
const mostAnswer = 64 << 10

// post sends a body once.
func (e *Exporter) post(ctx context.Context, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.endpoint.String(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("otlp: %w", err)
	}
	request.Header.Set("User-Agent", "Tania OTLP")
	for name, values := range e.headers {
		request.Header[name] = values
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	if e.gzip {
		request.Header.Set("Content-Encoding", "gzip")
	}
	response, err := e.client.Do(request) //nolint:gosec // the operator names the receiver
	if err != nil {
		return fmt.Errorf("otlp: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	switch response.StatusCode {
	case http.StatusOK, http.StatusAccepted, http.StatusNoContent:
		if err == nil && strings.HasPrefix(response.Header.Get("Content-Type"), "application/x-protobuf") {
			return rejected(answer)
		}
		return nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
		if err != nil || seconds < 0 || seconds > int(longestTry/time.Second) {
			seconds = 0
		}
		return busyError{response.Status, time.Duration(seconds) * time.Second}
	default:
		return fmt.Errorf("otlp: the receiver answers %s: %q", response.Status, strings.TrimSpace(string(answer[:min(len(answer), 500)])))
	}
}

// rejected reads an ExportTraceServiceResponse: its first field is a message with the number of spans that were not taken, and the reason.
func rejected(answer []byte) error {
	partial := fields(answer)[1].bytes
	if len(partial) == 0 {
		return nil
	}
	said := fields(partial)
	if said[1].number == 0 && len(said[2].bytes) == 0 {
		return nil
	}
	return fmt.Errorf("otlp: the receiver did not take %d spans: %q", said[1].number, said[2].bytes)
}

// field is one of a message: a number, or bytes.
type field struct {
	number uint64
	bytes  []byte
}

// fields are the last ones of each number, as far as they can be read.
func fields(m []byte) map[protowire.Number]field {
	all := map[protowire.Number]field{}
	for len(m) > 0 {
		number, kind, n := protowire.ConsumeTag(m)
		if n < 0 {
			return all
		}
		m = m[n:]
		var f field
		switch kind {
		case protowire.VarintType:
			f.number, n = protowire.ConsumeVarint(m)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(m)
		default:
			n = protowire.ConsumeFieldValue(number, kind, m)
		}
		if n < 0 {
			return all
		}
		m, all[number] = m[n:], f
	}
	return all
}
