package connect

import (
	"context"
	"errors"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"tania/internal/approval"
	"tania/internal/audit"
	"tania/internal/bots/pauses"
	"tania/internal/cache"
	"tania/internal/config"
	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/scrub"
	"tania/internal/store"
	"tania/internal/tania"
)

// Audit reads the audit log.
func (t Target) Audit(ctx context.Context, run func(operator.Audit) error) error {
	return t.choose(func(c *config.Config) error {
		return withStore(ctx, c, func(s *store.Store) error { return run(audit.New(s.Queue, time.Now, nil)) })
	}, func(address, token string) error { return run(operator.RemoteAudit(address, token)) })
}

// Note adds to the audit log what a command did beside the store. Where one process has the store and none runs, it is added all the same,
// unless there never was one.
func (t Target) Note(ctx context.Context, action audit.Action, on string) error {
	return t.choose(func(c *config.Config) error { return noted(ctx, c, action, on) }, func(address, token string) error {
		err := operator.NoteRemotely(ctx, address, token, operator.Deed{Action: action, On: on, By: User()})
		if !errors.Is(err, syscall.ECONNREFUSED) || t.URL != "" {
			return err
		}
		c, err := config.LoadSettings(os.Environ(), t.Env)
		if err != nil || !store.Exists(c) {
			return err
		}
		return noted(ctx, c, action, on)
	})
}

// noted adds it to the log of a store that nobody else has.
func noted(ctx context.Context, c *config.Config, action audit.Action, on string) error {
	return withStore(ctx, c, func(s *store.Store) error { return NoteIn(ctx, c, s, action, on, nil) })
}

// NoteIn adds to the audit log of a store that is open what a command did, with the error of which it came.
func NoteIn(ctx context.Context, c *config.Config, opened *store.Store, action audit.Action, on string, err error) error {
	r := &recorder{}
	_ = r.did(action, on, err) // which is the caller's already
	return r.keep(ctx, c, opened.Queue)
}

// recorder gathers what a command does to a store that it opens itself: one entry of each action, however many it is done to.
type recorder struct {
	mu   sync.Mutex
	done []audit.Entry
}

// did notes an action, and gives the error of which it came.
func (r *recorder) did(action audit.Action, on string, err error) error {
	e := audit.Entry{As: audit.CommandLine, By: User(), Action: action, On: on, Outcome: audit.Done}
	if err != nil {
		e.Outcome = audit.Failed
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.done); n > 0 && r.done[n-1].Action == action && r.done[n-1].Outcome == e.Outcome {
		r.done[n-1].On += " " + on
		return err
	}
	r.done = append(r.done, e)
	return err
}

// keep adds what was gathered to the log of a store.
func (r *recorder) keep(ctx context.Context, c *config.Config, board queue.Board) (err error) {
	log := audit.New(board, time.Now, scrub.New(c.Secrets()...).Text)
	for _, e := range r.done {
		err = errors.Join(err, log.Add(ctx, e))
	}
	return err
}

// recorded runs a command on a store, and keeps what it did.
func recorded(ctx context.Context, c *config.Config, run func(*store.Store, *recorder) error) error {
	return withStore(ctx, c, func(s *store.Store) error {
		r := &recorder{}
		err := run(s, r)
		return errors.Join(err, r.keep(ctx, c, s.Queue))
	})
}

type recordedQueue struct {
	queue.Engine
	did func(audit.Action, string, error) error
}

func (q recordedQueue) Pause(ctx context.Context, by string) (bool, error) {
	changed, err := q.Engine.Pause(ctx, by)
	return changed, q.did(audit.Pause, "", err)
}

func (q recordedQueue) Resume(ctx context.Context, by string) (bool, error) {
	changed, err := q.Engine.Resume(ctx, by)
	return changed, q.did(audit.Resume, "", err)
}

func (q recordedQueue) RetryDead(ctx context.Context, id tania.TurnID) error {
	return q.did(audit.RetryDead, string(id), q.Engine.RetryDead(ctx, id))
}

func (q recordedQueue) DiscardDead(ctx context.Context, id tania.TurnID) error {
	return q.did(audit.DiscardDead, string(id), q.Engine.DiscardDead(ctx, id))
}

// Forget says of nobody that they were erased: that would be kept of them.
func (q recordedQueue) Forget(
	ctx context.Context, account tania.AccountID, contact tania.ContactID, also ...func(context.Context) error,
) (queue.Forgotten, error) {
	f, err := q.Engine.Forget(ctx, account, contact, also...)
	return f, q.did(audit.Forget, "", err)
}

type recordedCache struct {
	operator.Cache
	did func(audit.Action, string, error) error
}

func (c recordedCache) Clear(ctx context.Context) (int, error) {
	n, err := c.Cache.Clear(ctx)
	return n, c.did(audit.ClearCache, "", err)
}

func (c recordedCache) Invalidate(ctx context.Context, s cache.Selection) (int, error) {
	n, err := c.Cache.Invalidate(ctx, s)
	return n, c.did(audit.InvalidateCache, "", err)
}

func (c recordedCache) WarmUp(ctx context.Context) (cache.Warmed, error) {
	w, err := c.Cache.WarmUp(ctx)
	return w, c.did(audit.WarmCache, "", err)
}

type recordedBots struct {
	operator.Bots
	did func(audit.Action, string, error) error
}

func (b recordedBots) RollBack(ctx context.Context, to int, by, why string) (queue.BotVersion, error) {
	v, err := b.Bots.RollBack(ctx, to, by, why)
	return v, b.did(audit.RollBackBot, strconv.Itoa(to), err)
}

func (b recordedBots) Reload(ctx context.Context) (queue.BotVersion, error) {
	v, err := b.Bots.Reload(ctx)
	return v, b.did(audit.ReloadBot, strconv.Itoa(v.Number), err)
}

func (b recordedBots) Teach(ctx context.Context, t operator.Teaching) (queue.BotVersion, error) {
	v, err := b.Bots.Teach(ctx, t)
	return v, b.did(audit.PublishBot, strconv.Itoa(v.Number), err)
}

func (b recordedBots) Unteach(ctx context.Context, t operator.Teaching) (queue.BotVersion, error) {
	v, err := b.Bots.Unteach(ctx, t)
	return v, b.did(audit.PublishBot, strconv.Itoa(v.Number), err)
}

type recordedPauses struct {
	operator.Pauses
	did func(audit.Action, string, error) error
}

func (p recordedPauses) Pause(ctx context.Context, wanted pauses.Pause) (bool, error) {
	changed, err := p.Pauses.Pause(ctx, wanted)
	return changed, p.did(audit.PauseBot, wanted.Bot, err)
}

func (p recordedPauses) Resume(ctx context.Context, s pauses.Scope, by string) (bool, error) {
	changed, err := p.Pauses.Resume(ctx, s, by)
	return changed, p.did(audit.ResumeBot, s.Bot, err)
}

type recordedApprovals struct {
	operator.Approvals
	did func(audit.Action, string, error) error
}

func (a recordedApprovals) Decide(ctx context.Context, w operator.Word) (approval.Came, error) {
	came, err := a.Approvals.Decide(ctx, w)
	if err == nil && came != approval.Taken {
		return came, nil
	}
	return came, a.did(audit.Ruled(w.Verdict()), "", err)
}

type recordedUsers struct {
	operator.Users
	did func(audit.Action, string, error) error
}

func (u recordedUsers) Add(ctx context.Context, name string, role tania.Role, password string) error {
	return u.did(audit.AddUser, name, u.Users.Add(ctx, name, role, password))
}

func (u recordedUsers) Remove(ctx context.Context, name string) error {
	return u.did(audit.RemoveUser, name, u.Users.Remove(ctx, name))
}

func (u recordedUsers) SetRole(ctx context.Context, name string, role tania.Role) error {
	return u.did(audit.SetRole, name, u.Users.SetRole(ctx, name, role))
}

func (u recordedUsers) SetPassword(ctx context.Context, name, password string) error {
	return u.did(audit.SetPassword, name, u.Users.SetPassword(ctx, name, password))
}
