// Package users knows who may use Tania by name: their roles, their passwords' hashes, and their sessions, which all processes of a store
// share. It asks nobody and shows nothing.
package users

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Errors by which callers decide.
var (
	ErrUnknown = errors.New("users: there is no such user")
	ErrExists  = errors.New("users: there is a user of that name")
	ErrName    = fmt.Errorf("users: a name has 1 to %d characters that can be seen, on one line", nameLimit)
	ErrRole    = errors.New("users: a role is viewer, editor or operator")
	ErrTooMany = fmt.Errorf("users: there are %d users, and no more can be", mostUsers)
	// ErrRefused means that the name or the password is wrong, and does not say which.
	ErrRefused = errors.New("users: the name or the password is wrong")
)

const (
	// nameLimit bounds a name, in characters; mostUsers how many users there are.
	nameLimit, mostUsers = 80, 200
	// note is the name of what the store keeps.
	note = "users"
	// fresh is how long what was read counts: a change by another process is known after it. stale is how long it counts while the store is
	// away.
	fresh, stale = time.Second, 5 * time.Minute
	// holdFor is how long a process has the note to itself while it changes it; changeWithin is how long a change may take.
	holdFor, changeWithin = 300 * time.Millisecond, 3 * time.Second
	// readWithin is how long the store may take to answer.
	readWithin = time.Second
)

// User is one, as others may know them.
type User struct {
	Name string     `json:"name"`
	Role tania.Role `json:"role"`
	// Since is when they were added.
	Since time.Time `json:"since"`
	// Sessions counts those that last.
	Sessions int `json:"sessions"`
}

// noteBoard is the part of queue.Board that users need.
type noteBoard interface {
	HoldNote(ctx context.Context, name, holder string, d time.Duration) (queue.Note, error)
	WriteNote(ctx context.Context, name, holder string, body []byte) (bool, error)
}

// Users are those of a store.
type Users struct {
	board  noteBoard
	holder string
	now    func() time.Time
	// slots bound the hashes that are made at once; derived counts them.
	slots   chan struct{}
	derived atomic.Int64

	mu sync.Mutex
	// book is what was read last, at read; the zero time: never.
	book book
	read time.Time
}

// New knows the users in a store. now is the clock for sessions.
func New(board noteBoard, now func() time.Time) *Users {
	return &Users{board: board, holder: rand.Text(), now: now, slots: make(chan struct{}, atOnce)}
}

// book is the note's body.
type book struct {
	Users    []account `json:"users"`
	Sessions []session `json:"sessions,omitempty"`
}

// account is a user with their password's hash, "" for one who signs in elsewhere.
type account struct {
	Name  string     `json:"name"`
	Role  tania.Role `json:"role"`
	Hash  string     `json:"hash,omitempty"`
	Since time.Time  `json:"since"`
}

// of finds a user; names differ in more than case.
func (b *book) of(name string) *account {
	i := slices.IndexFunc(b.Users, func(a account) bool { return strings.EqualFold(a.Name, name) })
	if i < 0 {
		return nil
	}
	return &b.Users[i]
}

// end drops the sessions of a user.
func (b *book) end(name string) {
	b.Sessions = slices.DeleteFunc(b.Sessions, func(s session) bool { return strings.EqualFold(s.User, name) })
}

// List gives the users by their names.
func (u *Users) List(ctx context.Context) ([]User, error) {
	b, err := u.look(ctx, 0)
	if err != nil {
		return nil, err
	}
	list := make([]User, 0, len(b.Users))
	for _, a := range b.Users {
		user := User{Name: a.Name, Role: a.Role, Since: a.Since}
		for _, s := range b.Sessions {
			if strings.EqualFold(s.User, a.Name) && s.lasts(u.now()) {
				user.Sessions++
			}
		}
		list = append(list, user)
	}
	slices.SortFunc(list, func(x, y User) int { return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)) })
	return list, nil
}

// Any reports whether there are users, as far as that is known.
func (u *Users) Any(ctx context.Context) bool {
	b, err := u.look(ctx, fresh)
	return err == nil && len(b.Users) > 0
}

// Add adds a user.
func (u *Users) Add(ctx context.Context, name string, role tania.Role, password string) error {
	if err := errors.Join(validName(name), validRole(role), validPassword(password)); err != nil {
		return err
	}
	hash, err := u.hash(ctx, password)
	if err != nil {
		return err
	}
	return u.change(ctx, func(b *book) error {
		switch {
		case b.of(name) != nil:
			return ErrExists
		case len(b.Users) >= mostUsers:
			return ErrTooMany
		}
		b.Users = append(b.Users, account{Name: name, Role: role, Hash: hash, Since: u.now().UTC().Truncate(time.Second)})
		return nil
	})
}

// Remove removes a user and ends their sessions.
func (u *Users) Remove(ctx context.Context, name string) error {
	return u.change(ctx, func(b *book) error {
		if b.of(name) == nil {
			return ErrUnknown
		}
		b.end(name)
		b.Users = slices.DeleteFunc(b.Users, func(a account) bool { return strings.EqualFold(a.Name, name) })
		return nil
	})
}

// SetRole gives a user another role and ends their sessions.
func (u *Users) SetRole(ctx context.Context, name string, role tania.Role) error {
	if err := validRole(role); err != nil {
		return err
	}
	return u.amend(ctx, name, func(a *account) { a.Role = role })
}

// SetPassword gives a user another password and ends their sessions.
func (u *Users) SetPassword(ctx context.Context, name, password string) error {
	if err := validPassword(password); err != nil {
		return err
	}
	hash, err := u.hash(ctx, password)
	if err != nil {
		return err
	}
	return u.amend(ctx, name, func(a *account) { a.Hash = hash })
}

func (u *Users) amend(ctx context.Context, name string, amend func(*account)) error {
	return u.change(ctx, func(b *book) error {
		a := b.of(name)
		if a == nil {
			return ErrUnknown
		}
		amend(a)
		b.end(name)
		return nil
	})
}

func validRole(role tania.Role) error {
	if !role.Valid() {
		return ErrRole
	}
	return nil
}

func validName(name string) error {
	runes := []rune(name)
	hidden := func(c rune) bool { return !unicode.IsPrint(c) }
	if len(runes) == 0 || len(runes) > nameLimit || strings.TrimSpace(name) != name || slices.ContainsFunc(runes, hidden) {
		return ErrName
	}
	return nil
}

// look gives the book, as it was read within an age. While the store is away it may be older.
func (u *Users) look(ctx context.Context, age time.Duration) (book, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.now()
	known := !u.read.IsZero()
	if known && now.Sub(u.read) < age {
		return u.book, nil
	}
	ctx, done := context.WithTimeout(ctx, readWithin)
	defer done()
	found, err := u.board.HoldNote(ctx, note, rand.Text(), time.Millisecond) // who only reads is in nobody's way
	if err == nil {
		err = u.keep(found.Body)
	}
	if err != nil && (!known || now.Sub(u.read) >= stale || age == 0) {
		return book{}, fmt.Errorf("users: %w", err)
	}
	return u.book, nil
}

// keep reads a note's body. u.mu is held.
func (u *Users) keep(body []byte) error {
	var b book
	if len(body) > 0 {
		if err := json.Unmarshal(body, &b); err != nil {
			return fmt.Errorf("the users in the store cannot be read: %w", err)
		}
	}
	u.book, u.read = b, u.now()
	return nil
}

// change changes the book in the store; what change refuses changes nothing. Another process may be writing just now.
func (u *Users) change(ctx context.Context, change func(*book) error) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	ctx, done := context.WithTimeout(ctx, changeWithin)
	defer done()
	for {
		found, err := u.board.HoldNote(ctx, note, u.holder, holdFor)
		if err != nil {
			return fmt.Errorf("users: %w", err)
		}
		if found.Held {
			written, err := u.write(ctx, found.Body, change)
			if err != nil || written {
				return err
			}
		}
		select {
		case <-time.After(holdFor / 10):
		case <-ctx.Done():
			return fmt.Errorf("users: %w", ctx.Err())
		}
	}
}

// write changes the note's body while this process has it, and lets it go.
func (u *Users) write(ctx context.Context, body []byte, change func(*book) error) (bool, error) {
	if err := u.keep(body); err != nil {
		return false, fmt.Errorf("users: %w", err)
	}
	next := book{Users: slices.Clone(u.book.Users), Sessions: slices.Clone(u.book.Sessions)}
	if err := change(&next); err != nil {
		return false, err
	}
	now := u.now()
	next.Sessions = slices.DeleteFunc(next.Sessions, func(s session) bool { return !s.lasts(now) })
	text, err := json.Marshal(next)
	if err != nil {
		return false, fmt.Errorf("users: %w", err)
	}
	written, err := u.board.WriteNote(ctx, note, u.holder, text)
	if err != nil {
		return false, fmt.Errorf("users: %w", err)
	}
	if written {
		u.book, u.read = next, now
		_, _ = u.board.HoldNote(ctx, note, u.holder, time.Millisecond) // else it is held for a moment longer
	}
	return written, nil
}
