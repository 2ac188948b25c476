package chatwoot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
	ErrStale              = errors.New("chatwoot: webhook timestamp is more than 5 minutes from this machine's clock")
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
	given, stamp := header.Get(HeaderSignature), header.Get(HeaderTimestamp)
	if given == "" || stamp == "" {
		return ErrUnsigned
	}
	digits, prefixed := strings.CutPrefix(given, "sha256=")
	mac, err := hex.DecodeString(digits)
	if !prefixed || err != nil || len(mac) != sha256.Size {
		return ErrMalformedSignature
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return ErrMalformedSignature
	}
	valid := false
	for _, secret := range v.secrets {
		if hmac.Equal(mac, sign(secret, stamp, body)) {
			valid = true
		}
	}
	if !valid {
		return ErrSignature
	}
	// Subtraction could overflow for a timestamp far from any time.
	if at := now.Unix(); seconds < at-int64(ClockTolerance.Seconds()) || seconds > at+int64(ClockTolerance.Seconds()) {
		return ErrStale
	}
	return nil
}

// Sign gives the signature header's value, as Chatwoot makes it.
func Sign(secret string, at time.Time, body []byte) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	return timestamp, "sha256=" + hex.EncodeToString(sign([]byte(secret), timestamp, body))
}

func sign(secret []byte, timestamp string, body []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(timestamp))
	h.Write([]byte{'.'})
	h.Write(body)
	return h.Sum(nil)
}
