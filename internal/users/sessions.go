package users

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"

	"tania/internal/tania"
)

const (
	// Life is how long a session lasts at most, idle how long without a request.
	Life, idle = 12 * time.Hour, 2 * time.Hour
	// noteUse is how often a use is written down.
	noteUse = 5 * time.Minute
	// sessionsOfOne and sessionsOfAll bound the sessions of a user, and all of them: with one more the oldest ends.
	sessionsOfOne, sessionsOfAll = 10, 1000
)

// session is one, by the hash of its id: who reads the store cannot go on with it.
type session struct {
	ID    string    `json:"id"`
	User  string    `json:"user"`
	Began time.Time `json:"began"`
	Used  time.Time `json:"used"`
}

func (s session) lasts(now time.Time) bool { return now.Sub(s.Began) < Life && now.Sub(s.Used) < idle }

// hashed is a session's id as the store has it. An id has 130 bits, so no salt and no work are needed.
func hashed(id string) string {
	sum := sha256.Sum256([]byte(id))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// SignIn begins a session for who knows a user's password, and gives its id. ErrRefused costs the same work for a user who is not there.
func (u *Users) SignIn(ctx context.Context, name, password string) (id string, user User, err error) {
	b, err := u.look(ctx, 0)
	if err != nil {
		return "", User{}, err
	}
	var hash string
	if a := b.of(name); a != nil {
		hash, name = a.Hash, a.Name
	}
	right, err := u.matches(ctx, hash, password)
	if err != nil {
		return "", User{}, err
	}
	if !right {
		return "", User{}, ErrRefused
	}
	id = rand.Text()
	err = u.change(ctx, func(b *book) error {
		a := b.of(name)
		if a == nil || a.Hash != hash {
			return ErrRefused // changed while the password was being checked
		}
		user = User{Name: a.Name, Role: a.Role, Since: a.Since}
		b.begin(session{ID: hashed(id), User: a.Name, Began: u.now().UTC(), Used: u.now().UTC()})
		return nil
	})
	return id, user, err
}

// SignInElsewhere begins a session for whom a provider knows by a name, with the role that is meant for them now, and gives its id. It
// makes them a user; one of that name who has a password here is somebody else, and is refused.
func (u *Users) SignInElsewhere(ctx context.Context, name string, role tania.Role) (id string, user User, err error) {
	if err := errors.Join(validName(name), validRole(role)); err != nil {
		return "", User{}, err
	}
	id = rand.Text()
	err = u.change(ctx, func(b *book) error {
		now := u.now().UTC()
		a := b.of(name)
		switch {
		case a != nil && a.Hash != "":
			return ErrExists
		case a == nil:
			b.forgetIdle(now)
			if len(b.Users) >= mostUsers {
				return ErrTooMany
			}
			b.Users = append(b.Users, account{Name: name, Role: role, Since: now.Truncate(time.Second)})
			a = &b.Users[len(b.Users)-1]
		case a.Role != role:
			b.end(name)
			a.Role = role
		}
		user = User{Name: a.Name, Role: a.Role, Since: a.Since}
		b.begin(session{ID: hashed(id), User: a.Name, Began: now, Used: now})
		return nil
	})
	return id, user, err
}

// forgetIdle drops users who sign in elsewhere and have no session, where there are as many users as may be.
func (b *book) forgetIdle(now time.Time) {
	if len(b.Users) < mostUsers {
		return
	}
	b.Users = slices.DeleteFunc(b.Users, func(a account) bool {
		return a.Hash == "" && !slices.ContainsFunc(b.Sessions, func(s session) bool { return strings.EqualFold(s.User, a.Name) && s.lasts(now) })
	})
}

// begin adds a session, and ends the oldest where there are too many.
func (b *book) begin(s session) {
	b.Sessions = append(b.Sessions, s)
	slices.SortStableFunc(b.Sessions, func(x, y session) int { return cmp.Compare(x.Began.UnixNano(), y.Began.UnixNano()) })
	own := 0
	for i := len(b.Sessions) - 1; i >= 0; i-- {
		if !strings.EqualFold(b.Sessions[i].User, s.User) {
			continue
		}
		if own++; own > sessionsOfOne {
			b.Sessions = slices.Delete(b.Sessions, i, i+1)
		}
	}
	b.Sessions = b.Sessions[max(0, len(b.Sessions)-sessionsOfAll):]
}

// Of gives who has a session, and when it ends at the latest; false where it has ended, or was none.
func (u *Users) Of(ctx context.Context, id string) (user User, until time.Time, ok bool) {
	b, err := u.look(ctx, fresh)
	if err != nil || id == "" {
		return User{}, time.Time{}, false
	}
	now, key := u.now(), hashed(id)
	i := slices.IndexFunc(b.Sessions, func(s session) bool { return s.ID == key })
	if i < 0 || !b.Sessions[i].lasts(now) {
		return User{}, time.Time{}, false
	}
	s, a := b.Sessions[i], b.of(b.Sessions[i].User)
	if a == nil {
		return User{}, time.Time{}, false
	}
	if now.Sub(s.Used) >= noteUse {
		_ = u.used(ctx, key) // else the next request notes it
	}
	return User{Name: a.Name, Role: a.Role, Since: a.Since}, s.Began.Add(Life), true
}

// used notes that a session is used.
func (u *Users) used(ctx context.Context, key string) error {
	return u.change(ctx, func(b *book) error {
		for i := range b.Sessions {
			if b.Sessions[i].ID == key {
				b.Sessions[i].Used = u.now().UTC()
			}
		}
		return nil
	})
}

// SignOut ends a session, in all processes.
func (u *Users) SignOut(ctx context.Context, id string) error {
	key := hashed(id)
	return u.change(context.WithoutCancel(ctx), func(b *book) error {
		b.Sessions = slices.DeleteFunc(b.Sessions, func(s session) bool { return s.ID == key })
		return nil
	})
}
