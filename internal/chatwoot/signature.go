package chatwoot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Headers of a signed webhook.
const (
	HeaderSignature = "X-Chatwoot-Signature"
	HeaderTimestamp = "X-Chatwoot-Timestamp"
	HeaderDelivery  = "X-Chatwoot-Delivery"
)

// ClockTolerance is how far a webhook's timestamp may be from our clock, either way.
const ClockTolerance = 5 * time.Minute

// Errors of Verify.
var (
	ErrUnsigned           = errors.New("chatwoot: webhook is not signed (Chatwoot signs since 4.13; without it use CHATWOOT_WEBHOOK_TOKEN)")
	ErrMalformedSignature = errors.New(`chatwoot: webhook signature is not "sha256=" and 64 hexadecimal digits, or its timestamp no number`)
	ErrSignature          = errors.New("chatwoot: webhook signature is wrong: not made with any secret of CHATWOOT_WEBHOOK_SECRET")
	ErrStale              = errors.New("chatwoot: webhook timestamp is more than 5 minutes from Chatwoot's time as far as it is known here")
)

// Verifier checks webhook signatures: "sha256=" and the hexadecimal HMAC-SHA256 of "{timestamp}.{raw body}".
type Verifier struct{ secrets [][]byte }

// NewVerifier accepts a signature made with any of the secrets. It is nil without one.
func NewVerifier(secrets ...string) *Verifier {
	v := &Verifier{}
	for _, s := range secrets {
		if s != "" {
			v.secrets = append(v.secrets, []byte(s))
		}
	}
	if len(v.secrets) == 0 {
		return nil
	}
	return v
}

// Verify checks the signature over the body as it came: ErrUnsigned, ErrMalformedSignature, ErrSignature
// or ErrStale. The body must not have been
// decoded and encoded again, since Chatwoot escapes < > & in it. Every secret is tried, in constant time.
func (v *Verifier) Verify(header http.Header, body []byte, now time.Time) error {
	check, err := v.Begin(header)
	if err != nil {
		return err
	}
	_, _ = check.Write(body) // a hash takes all
	return check.End(now)
}

// Check verifies a webhook whose body is written to it as it comes.
type Check struct {
	given   []byte
	seconds int64
	sums    []hash.Hash
}

// Begin reads the headers of a webhook: ErrUnsigned or ErrMalformedSignature.
func (v *Verifier) Begin(header http.Header) (*Check, error) {
	given, stamp := header.Get(HeaderSignature), header.Get(HeaderTimestamp)
	if given == "" || stamp == "" {
		return nil, ErrUnsigned
	}
	digits, prefixed := strings.CutPrefix(given, "sha256=")
	mac, err := hex.DecodeString(digits)
	if !prefixed || err != nil || len(mac) != sha256.Size {
		return nil, ErrMalformedSignature
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return nil, ErrMalformedSignature
	}
	c := &Check{given: mac, seconds: seconds}
	for _, secret := range v.secrets {
		c.sums = append(c.sums, signing(secret, stamp))
	}
	return c, nil
}

// Write implements io.Writer for the raw body. It does not fail.
func (c *Check) Write(p []byte) (int, error) {
	for _, sum := range c.sums {
		_, _ = sum.Write(p)
	}
	return len(p), nil
}

// End gives ErrSignature or ErrStale unless the body that was written is the one that was signed.
func (c *Check) End(now time.Time) error {
	valid := false
	for _, sum := range c.sums {
		if hmac.Equal(c.given, sum.Sum(nil)) {
			valid = true
		}
	}
	if !valid {
		return ErrSignature
	}
	// Subtraction could overflow for a timestamp far from any time.
	if at := now.Unix(); c.seconds < at-int64(ClockTolerance.Seconds()) || c.seconds > at+int64(ClockTolerance.Seconds()) {
		return fmt.Errorf("%w: it is %s. If they do not come late, a clock is wrong: set that of Chatwoot's machine and of this one by NTP",
			ErrStale, apart(c.seconds, at))
	}
	return nil
}

// apart says how far a timestamp is from the time here, in whole seconds.
func apart(seconds, here int64) string {
	const most = int64(1) << 32
	switch d := seconds - here; {
	case seconds > here+most || seconds < here-most:
		return "more than a century away"
	case d > 0:
		return (time.Duration(d) * time.Second).String() + " ahead"
	default:
		return (time.Duration(-d) * time.Second).String() + " behind"
	}
}

// Sign gives the signature header's value, as Chatwoot makes it.
func Sign(secret string, at time.Time, body []byte) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	return timestamp, "sha256=" + hex.EncodeToString(sign([]byte(secret), timestamp, body))
}

func sign(secret []byte, timestamp string, body []byte) []byte {
	h := signing(secret, timestamp)
	h.Write(body)
	return h.Sum(nil)
}

// signing is a signature that the body is to be written to.
func signing(secret []byte, timestamp string) hash.Hash {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(timestamp))
	h.Write([]byte{'.'})
	return h
}
