package scrub

import (
	"io"
	"net/http"
)

// Transport hides secrets in what servers answer, in headers and body, and in the errors of connections, before anybody reads them: they go
// from there into logs, records, dead letters, notes and alerts.
func (s *Scrubber) Transport(next http.RoundTripper) http.RoundTripper {
	if s == nil {
		return next
	}
	return transport{next, s}
}

type transport struct {
	http.RoundTripper
	s *Scrubber
}

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return answer, t.s.Error(err)
	}
	for _, values := range answer.Header {
		for i, value := range values {
			values[i] = t.s.Text(value)
		}
	}
	answer.Status = t.s.Text(answer.Status)
	// Its length is another where something was hidden.
	answer.Body, answer.ContentLength = &body{ReadCloser: answer.Body, s: t.s}, -1
	answer.Header.Del("Content-Length")
	return answer, nil
}

// CloseIdleConnections is what http.Client asks for.
func (t transport) CloseIdleConnections() {
	if closer, ok := t.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// Error is an error whose text has no secrets; it is the same to errors.Is and errors.As.
func (s *Scrubber) Error(err error) error {
	if err == nil || s.Text(err.Error()) == err.Error() {
		return err
	}
	return scrubbed{err, s.Text(err.Error())}
}

type scrubbed struct {
	err  error
	text string
}

func (e scrubbed) Error() string { return e.text }
func (e scrubbed) Unwrap() error { return e.err }

// body hides secrets in an answer as it comes. It holds back no more than what may be the beginning of one.
type body struct {
	io.ReadCloser
	s *Scrubber
	// ready is what may be read, held what waits for more to come; err came behind both.
	ready, held []byte
	err         error
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(b.ready) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		b.more()
	}
	n := copy(p, b.ready)
	b.ready = b.ready[n:]
	return n, nil
}

// chunk is how much is asked for at once, in bytes.
const chunk = 16 << 10

func (b *body) more() {
	piece := make([]byte, chunk)
	n, err := b.ReadCloser.Read(piece)
	text := []byte(b.s.Text(string(b.held) + string(piece[:n])))
	keep := b.s.unfinished(text)
	if err != nil {
		keep, b.err = 0, b.s.Error(err)
	}
	b.ready, b.held = text[:len(text)-keep], append([]byte(nil), text[len(text)-keep:]...)
}
