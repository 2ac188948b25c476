package chatwoot

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// vector is a signed webhook as Chatwoot posts it.
type vector struct {
	Payload string            `json:"payload"`
	Secret  string            `json:"secret"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

func (v vector) header() http.Header {
	h := http.Header{}
	for name, value := range v.Headers {
		h.Set(name, value)
	}
	return h
}

func (v vector) at(t testing.TB) time.Time {
	t.Helper()
	seconds, err := strconv.ParseInt(v.Headers[HeaderTimestamp], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(seconds, 0)
}

func vectors(t testing.TB) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/signature_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(data, &all); err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	return all
}

func TestChatwootsSignaturesAreAccepted(t *testing.T) {
	for _, v := range vectors(t) {
		for name, verifier := range map[string]*Verifier{
			"its secret": NewVerifier(v.Secret), "the last of several": NewVerifier("another", "", "third", v.Secret),
			"the first of several": NewVerifier(v.Secret, "another"),
		} {
			if err := verifier.Verify(v.header(), []byte(v.Body), v.at(t)); err != nil {
				t.Errorf("%s with %s: %v", v.Payload, name, err)
			}
		}
		if e := decode(t, []byte(v.Body)); e.Message == nil && strings.HasPrefix(v.Payload, "message_") {
			t.Errorf("%s: %+v", v.Payload, e)
		}
		stamp, signature := Sign(v.Secret, v.at(t), []byte(v.Body))
		if stamp != v.Headers[HeaderTimestamp] || signature != v.Headers[HeaderSignature] {
			t.Errorf("%s: Sign gives %s", v.Payload, signature)
		}
	}
}

func TestOtherSignaturesAreRefused(t *testing.T) {
	v := vectors(t)[0]
	now := v.at(t)
	set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	drop := func(name string) func(http.Header) { return func(h http.Header) { h.Del(name) } }
	good := v.Headers[HeaderSignature]
	_, bodyAlone := Sign(v.Secret, now, nil)
	tests := []struct {
		name string
		edit func(http.Header)
		body string
		now  time.Time
		want error
	}{
		{"no signature", drop(HeaderSignature), v.Body, now, ErrUnsigned},
		{"no timestamp", drop(HeaderTimestamp), v.Body, now, ErrUnsigned},
		{"an empty signature", set(HeaderSignature, ""), v.Body, now, ErrUnsigned},
		{"no prefix", set(HeaderSignature, strings.TrimPrefix(good, "sha256=")), v.Body, now, ErrMalformedSignature},
		{"another algorithm", set(HeaderSignature, strings.Replace(good, "sha256", "sha1", 1)), v.Body, now, ErrMalformedSignature},
		{"too short", set(HeaderSignature, good[:len(good)-2]), v.Body, now, ErrMalformedSignature},
		{"too long", set(HeaderSignature, good+"00"), v.Body, now, ErrMalformedSignature},
		{"no hexadecimal", set(HeaderSignature, good[:len(good)-1]+"g"), v.Body, now, ErrMalformedSignature},
		{"a timestamp that is no number", set(HeaderTimestamp, "today"), v.Body, now, ErrMalformedSignature},
		{"a timestamp beyond numbers", set(HeaderTimestamp, "99999999999999999999"), v.Body, now, ErrMalformedSignature},
		{"one bit", set(HeaderSignature, flip(good)), v.Body, now, ErrSignature},
		{"another timestamp", set(HeaderTimestamp, strconv.FormatInt(now.Unix()+1, 10)), v.Body, now, ErrSignature},
		{"another body", func(http.Header) {}, v.Body + " ", now, ErrSignature},
		{"the body decoded and encoded again", func(http.Header) {}, strings.ReplaceAll(v.Body, `\u003c`, "<"), now, ErrSignature},
		{"an HMAC of the timestamp alone", set(HeaderSignature, bodyAlone), v.Body, now, ErrSignature},
		{"five minutes late", func(http.Header) {}, v.Body, now.Add(5 * time.Minute), nil},
		{"five minutes early", func(http.Header) {}, v.Body, now.Add(-5 * time.Minute), nil},
		{"later than that", func(http.Header) {}, v.Body, now.Add(5*time.Minute + time.Second), ErrStale},
		{"earlier than that", func(http.Header) {}, v.Body, now.Add(-5*time.Minute - time.Second), ErrStale},
		{"stale and wrong is wrong", set(HeaderSignature, flip(good)), v.Body, now.Add(time.Hour), ErrSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := v.header()
			tt.edit(h)
			if err := NewVerifier("another", v.Secret).Verify(h, []byte(tt.body), tt.now); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
	if err := NewVerifier("another").Verify(v.header(), []byte(v.Body), now); !errors.Is(err, ErrSignature) {
		t.Errorf("another secret: %v", err)
	}
}

// flip changes the last bit of a signature.
func flip(signature string) string {
	last := signature[len(signature)-1]
	const digits = "0123456789abcdef"
	return signature[:len(signature)-1] + string(digits[strings.IndexByte(digits, last)^1])
}

// A timestamp far from any time must not overflow into being fresh.
func TestExtremeTimestampsAreStale(t *testing.T) {
	for _, seconds := range []int64{0, -1, 1 << 62, -1 << 62, 1<<63 - 1, -1 << 63} {
		h := http.Header{}
		stamp, signature := Sign("s", time.Unix(seconds, 0), nil)
		if stamp != strconv.FormatInt(seconds, 10) {
			t.Fatalf("%s is not %d", stamp, seconds)
		}
		h.Set(HeaderTimestamp, stamp)
		h.Set(HeaderSignature, signature)
		if err := NewVerifier("s").Verify(h, nil, time.Now()); !errors.Is(err, ErrStale) {
			t.Errorf("%d: %v", seconds, err)
		}
	}
}

func TestAVerifierWithoutSecretsIsNil(t *testing.T) {
	if NewVerifier() != nil || NewVerifier("", "") != nil {
		t.Error("a verifier that verifies nothing")
	}
}

func FuzzVerify(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Headers[HeaderSignature], v.Headers[HeaderTimestamp], []byte(v.Body), v.at(f).Unix())
	}
	f.Add("sha256=", "-1", []byte{}, int64(0))
	f.Add("", "+0", []byte("x"), int64(-1<<63))
	const secret = "s3cr3tTokenOf24Base58Chr"
	verifier := NewVerifier("another", secret)
	f.Fuzz(func(t *testing.T, signature, stamp string, body []byte, now int64) {
		h := http.Header{}
		h.Set(HeaderSignature, signature)
		h.Set(HeaderTimestamp, stamp)
		kept := bytes.Clone(body)
		err := verifier.Verify(h, body, time.Unix(now, 0))
		if !bytes.Equal(kept, body) {
			t.Fatal("the body was changed")
		}
		if err != nil {
			return
		}
		seconds, errStamp := strconv.ParseInt(stamp, 10, 64)
		if errStamp != nil || seconds-now > 300 || now-seconds > 300 {
			t.Fatalf("%q is accepted at %d", stamp, now)
		}
		h2 := sign([]byte(secret), stamp, body)
		h1 := sign([]byte("another"), stamp, body)
		if got := strings.ToLower(signature); got != "sha256="+hexOf(h1) && got != "sha256="+hexOf(h2) {
			t.Fatalf("%q is accepted", signature)
		}
	})
}
