package simulation

import (
	"net/http"
	"net/http/httptest"
)

// inProcess is a transport that calls the handler.
type inProcess struct{ http.Handler }

// RoundTrip implements http.RoundTripper. A handler that gives up without an answer closes the connection.
func (p inProcess) RoundTrip(q *http.Request) (answer *http.Response, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			if reason != http.ErrAbortHandler { //nolint:errorlint // it is that very value
				panic(reason)
			}
			answer, err = nil, http.ErrAbortHandler
		}
	}()
	to := q.Clone(q.Context())
	to.RequestURI, to.RemoteAddr = q.URL.RequestURI(), "127.0.0.1:1"
	if to.Body == nil {
		to.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, to)
	return w.Result(), q.Context().Err()
}
