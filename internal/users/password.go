package users

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The work of a password's hash: Argon2id with 19 MiB, two passes and one lane, the least that OWASP's Password Storage Cheat Sheet
// recommends; RFC 9106, section 4, has the meaning of each.
const (
	memoryKiB = 19 << 10
	passes    = 2
	lanes     = 1
	saltBytes = 16
	hashBytes = 32
)

// atOnce is how many hashes are made at one time in a process: each takes memoryKiB, so that sign-ins cannot exhaust the memory. Who has
// waited for slotPatience is refused.
const (
	atOnce       = 2
	slotPatience = 5 * time.Second
)

// The length of a password, in characters, and the most bytes that are hashed.
const (
	leastPassword = 12
	mostPassword  = 1024
)

// ErrPassword means that a password is too short or too long.
var ErrPassword = fmt.Errorf("users: a password has %d characters or more, and at most %d bytes", leastPassword, mostPassword)

// ErrBusy means that too many passwords are being checked just now.
var ErrBusy = errors.New("users: too many passwords are being checked; try again")

func validPassword(password string) error {
	if utf8.RuneCountInString(password) < leastPassword || len(password) > mostPassword {
		return ErrPassword
	}
	return nil
}

// hash gives a password's hash in the form of the PHC string format.
func (u *Users) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // it never fails
	key, err := u.derive(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s%s$%s", prefix(), encoding.EncodeToString(salt), encoding.EncodeToString(key)), nil
}

var encoding = base64.RawStdEncoding

// prefix names the algorithm and the work. A hash of other work is not read: there has been no other yet.
func prefix() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, memoryKiB, passes, lanes)
}

// matches reports whether a password has a hash. One that cannot be read, "" for an unknown user, costs the same work and matches nothing.
func (u *Users) matches(ctx context.Context, hash, password string) (bool, error) {
	rest, known := strings.CutPrefix(hash, prefix())
	saltText, keyText, _ := strings.Cut(rest, "$")
	salt, saltErr := encoding.DecodeString(saltText)
	want, keyErr := encoding.DecodeString(keyText)
	if known = known && saltErr == nil && keyErr == nil && len(want) == hashBytes; !known {
		salt, want = make([]byte, saltBytes), make([]byte, hashBytes)
	}
	if len(password) > mostPassword {
		password, known = "", false
	}
	got, err := u.derive(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// derive does the work, when there is a place for it.
func (u *Users) derive(ctx context.Context, password string, salt []byte) ([]byte, error) {
	ctx, done := context.WithTimeout(ctx, slotPatience)
	defer done()
	select {
	case u.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ErrBusy
	}
	defer func() { <-u.slots }()
	u.derived.Add(1)
	return argon2.IDKey([]byte(password), salt, passes, memoryKiB, lanes, hashBytes), nil
}
