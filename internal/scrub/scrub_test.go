package scrub_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"tania/internal/scrub"
)

const secret = `pa55/w0rd+<"é&Zk9=`

// quoted are the ways in which programs quote a text.
func quoted(t *testing.T, s string) map[string]string {
	t.Helper()
	inJSON, err := json.Marshal(map[string]string{"message": "bad token " + s})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"plain": "bad token " + s + "!", "twice": s + s, "JSON": string(inJSON),
		"JSON without HTML": strings.NewReplacer(`\u003c`, "<", `\u0026`, "&").Replace(string(inJSON)),
		"a query":           "https://x.example/?a=1&token=" + url.QueryEscape(s) + "&b=2", "a path": "https://x.example/" + url.PathEscape(s),
		"small escapes": regexp.MustCompile(`%..`).ReplaceAllStringFunc(url.QueryEscape(s), strings.ToLower),
		"a page":        "<p>" + html.EscapeString(s) + "</p>", "base64": base64.StdEncoding.EncodeToString([]byte(s)),
		"basic":      "Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+s)),
		"basic, 2":   "Basic " + base64.StdEncoding.EncodeToString([]byte("user1:"+s)),
		"basic, 3":   "Basic " + base64.URLEncoding.EncodeToString([]byte("user12:"+s)),
		"a userinfo": "redis://:" + url.QueryEscape(s) + "@redis:6379",
	}
}

// parts are pieces of the secret that no form of it may leave.
func shows(text string) bool {
	for _, part := range []string{"pa55", "w0rd", "Zk9", base64.RawStdEncoding.EncodeToString([]byte(secret))[4:14]} {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

func TestEveryFormIsHidden(t *testing.T) {
	s := scrub.New("", secret, "pa55")
	for name, text := range quoted(t, secret) {
		clean := s.Text(text)
		if shows(clean) || !strings.Contains(clean, "(secret)") {
			t.Errorf("%s: %q became %q", name, text, clean)
		}
	}
}

// TestFewLettersGarbleNothing: a secret that occurs in any text is hidden where something says that it is one.
func TestFewLettersGarbleNothing(t *testing.T) {
	s := scrub.New("none", "a", "redis", "chatwoot", "12345678")
	for text, want := range map[string]string{
		"a model that is away: none of chatwoot's 12345678 answers by redis://redis:6379 was read": "a model that is away: none of chatwoot's 12345678 answers by redis://redis:6379 was read",
		"bad key Bearer none!": "bad key Bearer (secret)!", "dial redis://:redis@host": "dial redis://:(secret)@host",
		"token=a&x=a":                      "token=(secret)&x=a",
		`{"api_access_token": "chatwoot"}`: `{"api_access_token": "(secret)"}`, "password: nonesuch": "password: nonesuch",
		"CHATWOOT_WEBHOOK_TOKEN: a token": "CHATWOOT_WEBHOOK_TOKEN: a token", "REDIS_PASSWORD=12345678": "REDIS_PASSWORD=(secret)",
	} {
		if got := s.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	var none *scrub.Scrubber
	if none.Text("x") != "x" || scrub.New().Text("x y") != "x y" || scrub.New("").Text("") != "" {
		t.Error("without secrets a text is changed")
	}
}

func TestLogLines(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		var next slog.Handler = slog.NewTextHandler(&out, nil)
		if format == "json" {
			next = slog.NewJSONHandler(&out, nil)
		}
		log := slog.New(scrub.New(secret).Handler(next)).With("with", secret).WithGroup("g")
		log.Warn("said "+secret, "error", fmt.Errorf("chatwoot: %w", errors.New(secret)), "text", secret, slog.Group("in", "deep", secret),
			"list", []string{"x", secret}, "n", 7, "plain", errors.New("as it was"))
		if text := out.String(); shows(text) || strings.Count(text, "(secret)") != 6 || !strings.Contains(text, "as it was") {
			t.Errorf("%s: %s", format, text)
		}
	}
}

// TestAnswersOfServers: in the body, in whatever pieces it comes, in headers, and in what a broken answer makes of an error.
func TestAnswersOfServers(t *testing.T) {
	s := scrub.New(secret)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			w.Header().Set("Location", "https://x.example/?token="+url.QueryEscape(secret))
			w.WriteHeader(http.StatusFound)
		case "/broken":
			conn, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(conn, "HTTP/1.1 "+secret+"\r\n\r\n")
			_ = conn.Close()
		case "/pieces":
			for _, b := range []byte("before " + secret + " after " + secret[:5]) {
				_, _ = w.Write([]byte{b})
				_ = http.NewResponseController(w).Flush()
			}
		default:
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<14-5)+secret+strings.Repeat("y", 1<<15))
		}
	}))
	defer server.Close()
	client := &http.Client{
		Transport:     s.Transport(http.DefaultTransport),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	read := func(path string) (string, http.Header) {
		t.Helper()
		answer, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		text, err := io.ReadAll(iotest.OneByteReader(answer.Body))
		if err != nil {
			t.Fatal(err)
		}
		return string(text), answer.Header
	}
	if text, _ := read("/pieces"); text != "before (secret) after "+secret[:5] {
		t.Errorf("in pieces: %q", text)
	}
	if text, _ := read("/long"); text != strings.Repeat("x", 1<<14-5)+"(secret)"+strings.Repeat("y", 1<<15) {
		t.Errorf("over the end of a read: %d bytes", len(text))
	}
	if _, header := read("/moved"); shows(header.Get("Location")) {
		t.Errorf("moved to %s", header.Get("Location"))
	}
	if _, err := client.Get(server.URL + "/broken"); err == nil || shows(err.Error()) || !strings.Contains(err.Error(), "(secret)") {
		t.Errorf("a broken answer: %v", err)
	}
}

func TestErrorsStayWhatTheyAre(t *testing.T) {
	s := scrub.New(secret)
	cause := errors.New("said " + secret)
	if err := s.Error(fmt.Errorf("call: %w", cause)); !errors.Is(err, cause) || err.Error() != "call: said (secret)" {
		t.Errorf("%v", err)
	}
	if plain := errors.New("plain"); s.Error(plain) != plain || s.Error(nil) != nil { //nolint:errorlint // the same one
		t.Error("an error without a secret is another")
	}
}
