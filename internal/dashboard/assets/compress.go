package assets

import (
	"compress/gzip"
	"net/http"
	"strings"
)

func takesGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

// Write writes a body, compressed where the client takes that. Pages hold no secrets that what a request brings
// could be compared with: the cookie is in a header, and forms carry no token.
func Write(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding, Accept-Language, HX-Request")
	if !takesGzip(r) || len(body) < 1000 {
		w.WriteHeader(status)
		_, _ = w.Write(body) // an error is the client's going away
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := gzip.NewWriter(w)
	_, _ = z.Write(body)
	_ = z.Close()
}
