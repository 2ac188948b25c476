package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// MaxBody is the largest webhook taken, in bytes. A short mail with a thread in HTML, pictures included, has some millions.
const MaxBody = 10 << 20

const (
	// smallBody is the most that is read as it is, in bytes; of a longer body the long texts are cut while it is read.
	smallBody = 128 << 10
	// largeBodies is how many of the longer ones are read at once, each of 2 MiB at most: the rest waits.
	largeBodies = 16
)

// errTooLarge means that a body has more than MaxBody bytes.
var errTooLarge = errors.New("web: body over 10 MiB")

var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readBody reads a delivery into memory that release gives back. check, where there is one, is given every byte as it came.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request, check *chatwoot.Check) ([]byte, func(), error) {
	nothing := func() {}
	if r.ContentLength > MaxBody {
		return nil, nothing, errTooLarge
	}
	source := io.Reader(http.MaxBytesReader(w, r.Body, MaxBody))
	if check != nil {
		source = io.TeeReader(source, check)
	}
	buffer := bodies.Get().(*bytes.Buffer)
	buffer.Reset()
	release := func() {
		if buffer.Cap() <= smallBody/2 {
			bodies.Put(buffer)
		}
	}
	if _, err := io.Copy(buffer, io.LimitReader(source, smallBody)); err != nil {
		return nil, release, err
	}
	if buffer.Len() < smallBody {
		return buffer.Bytes(), release, nil
	}
	leave, err := s.large.enter(r.Context())
	if err != nil {
		return nil, release, err
	}
	var slim chatwoot.Slim
	both := func() { leave(); release() }
	if _, err = slim.Write(buffer.Bytes()); err == nil {
		_, err = io.Copy(&slim, source)
	}
	return slim.Bytes(), both, err
}

// unread answers a delivery whose body could not be read.
func (s *Server) unread(w http.ResponseWriter, r *http.Request, err error) tania.Delivery {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, errTooLarge), errors.As(err, &tooLarge), errors.Is(err, chatwoot.ErrTooMuch):
		bytes := fmt.Sprint(r.ContentLength)
		if r.ContentLength < 0 {
			bytes = fmt.Sprintf("more than %d", MaxBody)
		}
		s.Log.Warn("webhook refused", "why", "it is too large: its message will not be answered", "bytes", bytes, "limit", MaxBody, "remote",
			r.RemoteAddr)
		return turnAway(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("body over %d bytes", MaxBody))
	}
	s.Log.Warn("webhook refused", "why", "its body could not be read", "error", err, "remote", r.RemoteAddr)
	return turnAway(w, http.StatusBadRequest, "body not read")
}

// gate lets so many through at once.
type gate chan struct{}

// enter waits for a place, and gives the function that leaves it.
func (g gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g <- struct{}{}:
		return func() { <-g }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
