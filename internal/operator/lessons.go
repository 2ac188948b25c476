package operator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/queue"
)

// Taught is what the bots were taught, by the version that is current.
type Taught struct {
	// Version is its number, 0 where there is none.
	Version int               `json:"version"`
	Bots    []versions.Taught `json:"bots"`
}

// Teaching is a lesson for a bot. One with an ID changes what was taught.
type Teaching struct {
	// Bot names it, bot.Main where it is empty.
	Bot string `json:"bot,omitempty"`
	bot.Lesson
	// Of is the number of the version that the caller saw; when another is current, queue.ErrNotCurrent. 0: whichever is.
	Of int `json:"of,omitempty"`
	// Replace has an entry changed whatever it says now, where Of is not given.
	Replace bool `json:"replace,omitempty"`
	Reasons
}

// ErrUnseen means that a change of an entry does not say which version its author saw, so it may overwrite what somebody else wrote.
var ErrUnseen = errors.New("name the version in which you saw the entry (of), or say that it is replaced whatever it says now (replace)")

// ErrNoVersion means that a number cannot be a version's.
var ErrNoVersion = errors.New("of: want the number of a version, which is 1 or more")

// Lessons are what operators do to what the bots were taught.
type Lessons interface {
	Taught(ctx context.Context) (Taught, error)
	// Teach publishes a version with a lesson more, or one changed. It gives setting.Problems where the lesson cannot be taken, ErrNoBot and
	// bot.ErrNoLesson where there is no such bot or entry, ErrUnseen where an entry would be changed unseen.
	Teach(ctx context.Context, t Teaching) (queue.BotVersion, error)
	// Unteach publishes a version without the entry of the ID.
	Unteach(ctx context.Context, t Teaching) (queue.BotVersion, error)
}

// Taught implements Lessons.
func (l localBots) Taught(ctx context.Context) (t Taught, err error) {
	t.Version, t.Bots, err = versions.Lessons(ctx, l.store)
	return t, err
}

// Teach implements Lessons.
func (l localBots) Teach(ctx context.Context, t Teaching) (queue.BotVersion, error) {
	if t.ID != "" && t.Of == 0 && !t.Replace {
		return queue.BotVersion{}, ErrUnseen
	}
	return l.publish(ctx, t, "taught: ", func(name string) (versions.Draft, error) { return versions.DraftOf(ctx, l.store, name, t.Lesson) })
}

// Unteach implements Lessons.
func (l localBots) Unteach(ctx context.Context, t Teaching) (queue.BotVersion, error) {
	return l.publish(ctx, t, "no longer taught: ", func(name string) (versions.Draft, error) {
		return versions.DraftWithout(ctx, l.store, name, t.ID)
	})
}

// publish makes a draft the current version. Where the caller did not say which version they saw, it is made again of a newer one.
func (l localBots) publish(
	ctx context.Context, t Teaching, what string, draft func(name string) (versions.Draft, error),
) (queue.BotVersion, error) {
	if t.Of < 0 {
		return queue.BotVersion{}, ErrNoVersion
	}
	name := t.Bot
	if name == "" {
		name = bot.Main
	}
	why := t.Why
	if why == "" {
		why = what + t.ID
		if t.ID == "" && len(t.Questions) > 0 {
			why = what + t.Questions[0]
		}
	}
	for {
		d, err := draft(name)
		if err != nil {
			return queue.BotVersion{}, err
		}
		if t.Of != 0 && t.Of != d.Of {
			return queue.BotVersion{}, queue.ErrNotCurrent
		}
		v, err := d.Publish(ctx, l.store, t.By, why)
		if !errors.Is(err, queue.ErrNotCurrent) || t.Of != 0 {
			return v, err
		}
	}
}

// Taught implements Lessons.
func (r remoteBots) Taught(ctx context.Context) (t Taught, err error) {
	err = r.call(ctx, http.MethodGet, "/admin/bot/taught", nil, &t)
	return t, err
}

// Teach implements Lessons.
func (r remoteBots) Teach(ctx context.Context, t Teaching) (v queue.BotVersion, err error) {
	err = r.call(ctx, http.MethodPost, "/admin/bot/taught", t, &v)
	return v, err
}

// Unteach implements Lessons.
func (r remoteBots) Unteach(ctx context.Context, t Teaching) (v queue.BotVersion, err error) {
	q := url.Values{"by": {t.By}, "why": {t.Why}}
	if t.Of != 0 {
		q.Set("of", strconv.Itoa(t.Of))
	}
	name := t.Bot
	if name == "" {
		name = bot.Main
	}
	path := fmt.Sprintf("/admin/bot/taught/%s/%s?%s", url.PathEscape(name), url.PathEscape(t.ID), q.Encode())
	err = r.call(ctx, http.MethodDelete, path, nil, &v)
	return v, err
}
