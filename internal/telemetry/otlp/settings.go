package otlp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
)

// settings are those of the environment, as the specification of OTLP's exporters names them.
type settings struct {
	endpoint *url.URL
	headers  http.Header
	timeout  time.Duration
	gzip     bool
	// tls is nil for the system's certificates.
	tls *tls.Config
}

// variable is OTEL_EXPORTER_OTLP_TRACES_name, else OTEL_EXPORTER_OTLP_name, with the variable that it stood in.
func variable(name string) (value, of string) {
	for _, of := range []string{"OTEL_EXPORTER_OTLP_TRACES_" + name, "OTEL_EXPORTER_OTLP_" + name} {
		if v := strings.TrimSpace(os.Getenv(of)); v != "" {
			return v, of
		}
	}
	return "", ""
}

func fromEnvironment() (s settings, err error) {
	s.timeout = 10 * time.Second
	if s.endpoint, err = endpoint(); err != nil {
		return s, err
	}
	if v, of := variable("TIMEOUT"); v != "" {
		ms, err := strconv.Atoi(v)
		if err != nil || ms <= 0 {
			return s, fmt.Errorf("otlp: %s is %q: write milliseconds", of, v)
		}
		s.timeout = time.Duration(ms) * time.Millisecond
	}
	switch v, of := variable("COMPRESSION"); v {
	case "", "none":
	case "gzip":
		s.gzip = true
	default:
		return s, fmt.Errorf("otlp: %s is %q: write gzip or none", of, v)
	}
	if s.headers, err = headers(); err != nil {
		return s, err
	}
	s.tls, err = certificates()
	return s, err
}

// endpoint is where traces go: that of traces as it is, the one for all with the path of traces.
func endpoint() (*url.URL, error) {
	v, of := variable("ENDPOINT")
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("otlp: %s is not the address of a receiver's HTTP port, http://collector:4318 for example", of)
	}
	if of == "OTEL_EXPORTER_OTLP_ENDPOINT" {
		u.Path, u.RawPath = path.Join("/", u.Path, "v1/traces"), ""
	}
	return u, nil
}

// headers are name=value pairs with commas between, escaped as in an address. What is wrong is not shown: they hold keys.
func headers() (http.Header, error) {
	h := http.Header{}
	all, of := variable("HEADERS")
	for pair := range strings.SplitSeq(all, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !ok || name == "" || err != nil {
			return nil, fmt.Errorf("otlp: %s is not a list of name=value with commas between, the values escaped as in an address", of)
		}
		h.Set(name, value)
	}
	return h, nil
}

// certificates are whom to trust in place of the system's, and what to show of oneself.
func certificates() (*tls.Config, error) {
	var c tls.Config
	if file, of := variable("CERTIFICATE"); file != "" {
		pem, err := os.ReadFile(file) //nolint:gosec // named by the operator
		if err != nil {
			return nil, fmt.Errorf("otlp: %s: %w", of, err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("otlp: %s: %s holds no certificate", of, file)
		}
	}
	certificate, of := variable("CLIENT_CERTIFICATE")
	key, _ := variable("CLIENT_KEY")
	switch {
	case certificate != "" && key != "":
		pair, err := tls.LoadX509KeyPair(certificate, key)
		if err != nil {
			return nil, fmt.Errorf("otlp: %s: %w", of, err)
		}
		c.Certificates = []tls.Certificate{pair}
	case certificate != "" || key != "":
		return nil, errors.New("otlp: a client needs both OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY")
	case c.RootCAs == nil:
		return nil, nil //nolint:nilnil // the system's
	}
	return &c, nil
}
