package doctor

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// answer is a server's answer, of at most 1 MiB.
type answer struct {
	status int
	header http.Header
	body   []byte
	// at is our time in the middle of the request, took its length.
	at   time.Time
	took time.Duration
	// hide takes the secrets out of what the server said.
	hide func(string) string
}

// ask makes one request. body, if not nil, is sent as JSON.
func (x *examination) ask(ctx context.Context, method, address string, header http.Header, body any) (*answer, error) {
	var content io.Reader = http.NoBody
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		request.Header[name] = values
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "tania-doctor")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	began := x.now()
	response, err := x.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	took := x.now().Sub(began)
	data, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	return &answer{response.StatusCode, response.Header, data, began.Add(took / 2), took, x.quoted}, nil
}

// errorText is what the server says is wrong, in one short line.
func (a *answer) errorText() string {
	var said struct {
		Error   json.RawMessage `json:"error"`
		Errors  []string        `json:"errors"`
		Message string          `json:"message"`
	}
	text := string(a.body)
	if json.Unmarshal(a.body, &said) == nil {
		var inner struct {
			Message string `json:"message"`
		}
		var plain string
		switch {
		case json.Unmarshal(said.Error, &plain) == nil:
			text = plain
		case json.Unmarshal(said.Error, &inner) == nil:
			text = inner.Message
		case len(said.Errors) > 0:
			text = strings.Join(said.Errors, " ")
		case said.Message != "":
			text = said.Message
		}
	}
	text = strings.Join(strings.Fields(a.hide(text)), " ")
	if r := []rune(text); len(r) > 160 {
		text = string(r[:160]) + "…"
	}
	return text
}

// into decodes the body, and reports whether it was JSON of that form.
func (a *answer) into(v any) bool { return json.Unmarshal(a.body, v) == nil }

// trouble says why there was no answer, and the fix. setting is the variable that names the server.
func trouble(err error, setting string) (text, fix string) {
	if inner, ok := errors.AsType[*url.Error](err); ok {
		err = inner.Err
	}
	var (
		timeout   net.Error
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
	)
	switch {
	case isDNS(err):
		return "its name is not known to DNS", "correct the host in " + setting
	case errors.As(err, &authority):
		return "its certificate is signed by an authority this machine does not trust",
			"install the authority's certificate on this machine (SSL_CERT_FILE names it), or give the server a public certificate"
	case errors.As(err, &hostname):
		return "its certificate is for another name", "use the name in the certificate in " + setting
	case errors.As(err, &invalid):
		return "its certificate is not valid (" + invalid.Error() + ")", "renew the certificate, and check this machine's clock"
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "it does not speak TLS", "begin " + setting + " with http://, or put TLS before it"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "it refuses the connection", "start it, and check the host and port in " + setting
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it does not answer in time", "check that a firewall lets this machine through, and the host in " + setting
	}
	return err.Error(), "check the network between, and " + setting
}

func isDNS(err error) bool {
	found, ok := errors.AsType[*net.DNSError](err)
	return ok && !found.IsTimeout
}
