package rails

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBodiesAreReadAsRailsReadsThem: JSON, a form and a multipart form say the same.
func TestBodiesAreReadAsRailsReadsThem(t *testing.T) {
	want := Object{
		"content": "Hola & adiós", "labels": []any{"a", "b"}, "message": Object{"content": "x", "content_attributes": Object{"in_reply_to": "5"}},
	}
	multi := "--B\r\n" + strings.Join([]string{
		"Content-Disposition: form-data; name=\"content\"\r\n\r\nHola & adiós", "Content-Disposition: form-data; name=\"labels[]\"\r\n\r\na",
		"Content-Disposition: form-data; name=\"labels[]\"\r\n\r\nb", "Content-Disposition: form-data; name=\"message[content]\"\r\n\r\nx",
		"Content-Disposition: form-data; name=\"message[content_attributes][in_reply_to]\"\r\n\r\n5",
	}, "\r\n--B\r\n") + "\r\n--B--\r\n"
	for kind, body := range map[string]string{
		"application/json":                  `{"content":"Hola & adiós","labels":["a","b"],"message":{"content":"x","content_attributes":{"in_reply_to":"5"}}}`,
		"":                                  `{"content":"Hola & adiós","labels":["a","b"],"message":{"content":"x","content_attributes":{"in_reply_to":"5"}}}`,
		"application/x-www-form-urlencoded": "content=Hola+%26+adi%C3%B3s&labels[]=a&labels%5B%5D=b&message[content]=x&message[content_attributes][in_reply_to]=5",
		"multipart/form-data; boundary=B":   multi,
	} {
		got, err := Parameters(&http.Request{Header: http.Header{"Content-Type": {kind}}}, []byte(body))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", kind, err, diff)
		}
	}
	for kind, body := range map[string]string{
		"application/json": "{", "multipart/form-data; boundary=B": "x",
		"application/x-www-form-urlencoded": "a=%zz",
	} {
		if got, err := Parameters(&http.Request{Header: http.Header{"Content-Type": {kind}}}, []byte(body)); err == nil {
			t.Errorf("%s: %v", kind, got)
		}
	}
}
