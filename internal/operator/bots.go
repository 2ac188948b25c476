package operator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"tania/internal/bots/sources"
	"tania/internal/bots/versions"
	"tania/internal/pulse"
	"tania/internal/queue"
)

// Version is a version of the bot with its files.
type Version struct {
	queue.BotVersion
	Files versions.Files `json:"files"`
}

// Bots are what operators do to the versions of the bot, of this process's store or through a running one.
type Bots interface {
	// Versions lists them, the newest first.
	Versions(ctx context.Context) ([]queue.BotVersion, error)
	// Version gives one with its files, the current one for number 0. queue.ErrNotFound where there is none.
	Version(ctx context.Context, number int) (Version, error)
	// RollBack publishes the files of an earlier version again. by is who wants it, where the caller is not known.
	RollBack(ctx context.Context, to int, by, why string) (queue.BotVersion, error)
	// Reload reads the files and publishes them where they have changed; it gives the version that is current then.
	Reload(ctx context.Context) (queue.BotVersion, error)
	Lessons
	// Sources tells how the sources of bot.yaml are, none where it has none or they were not read yet.
	Sources(ctx context.Context) ([]sources.Status, error)
	// Stats tells what became of each bot's turns and what they cost, none where there is one bot only.
	Stats(ctx context.Context) ([]pulse.OfBot, error)
}

// Versioned is a store of versions, with what processes tell each other.
type Versioned interface {
	queue.Bots
	queue.Board
	Counters(ctx context.Context) (map[string]int64, error)
}

// ErrUnreadable means that a version has a form which this program does not know.
var ErrUnreadable = errors.New("operator: the version cannot be read by this program")

type localBots struct {
	store    Versioned
	follower *versions.Follower
}

// LocalBots works on a store; the follower reads the files.
func LocalBots(store Versioned, follower *versions.Follower) Bots { return localBots{store, follower} }

// Versions implements Bots.
func (l localBots) Versions(ctx context.Context) ([]queue.BotVersion, error) {
	return l.store.BotVersions(ctx, versions.Name)
}

// Version implements Bots.
func (l localBots) Version(ctx context.Context, number int) (Version, error) {
	v, err := l.store.BotVersion(ctx, versions.Name, number)
	if err != nil {
		return Version{}, err
	}
	files, err := versions.Unpack(v.Content)
	if err != nil {
		return Version{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	v.Content = nil
	return Version{v, files}, nil
}

// RollBack implements Bots. A version that this program cannot read is not gone back to.
func (l localBots) RollBack(ctx context.Context, to int, by, why string) (queue.BotVersion, error) {
	old, err := l.store.BotVersion(ctx, versions.Name, to)
	if err != nil {
		return queue.BotVersion{}, err
	}
	if _, err := l.follower.Bot(old.Content); err != nil {
		return queue.BotVersion{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	current, err := l.store.BotVersion(ctx, versions.Name, 0)
	if err != nil {
		return queue.BotVersion{}, err
	}
	v, err := queue.RollBackBot(ctx, l.store, versions.Name, current.Number, to, by, why)
	v.Content = nil
	return v, err
}

// Reload implements Bots.
func (l localBots) Reload(ctx context.Context) (queue.BotVersion, error) {
	v, err := l.follower.Reload(ctx, "read again on demand")
	v.Content = nil
	return v, err
}

// Sources implements Bots.
func (l localBots) Sources(ctx context.Context) ([]sources.Status, error) {
	return sources.Read(ctx, l.store)
}

// Stats implements Bots.
func (l localBots) Stats(ctx context.Context) ([]pulse.OfBot, error) {
	counters, err := l.store.Counters(ctx)
	return pulse.Bots(counters, time.Now()), err
}

// remoteBots are the versions as a running process has them, through its routes.
type remoteBots struct{ *remote }

// RemoteBots speaks to the process at an address; token is its ADMIN_TOKEN, if it has one.
func RemoteBots(base, token string) Bots { return remoteBots{newRemote(base, token)} }

// Versions implements Bots.
func (r remoteBots) Versions(ctx context.Context) ([]queue.BotVersion, error) {
	var answer struct{ Versions []queue.BotVersion }
	err := r.call(ctx, http.MethodGet, "/admin/bot/versions", nil, &answer)
	return answer.Versions, err
}

// Version implements Bots.
func (r remoteBots) Version(ctx context.Context, number int) (v Version, err error) {
	err = r.call(ctx, http.MethodGet, fmt.Sprintf("/admin/bot/versions/%d", number), nil, &v)
	return v, err
}

// RollBack implements Bots.
func (r remoteBots) RollBack(ctx context.Context, to int, by, why string) (v queue.BotVersion, err error) {
	err = r.call(ctx, http.MethodPost, fmt.Sprintf("/admin/bot/versions/%d/rollback", to), Reasons{by, why}, &v)
	return v, err
}

// Reload implements Bots.
func (r remoteBots) Reload(ctx context.Context) (v queue.BotVersion, err error) {
	err = r.call(ctx, http.MethodPost, "/admin/bot/reload", nil, &v)
	return v, err
}

// Sources implements Bots.
func (r remoteBots) Sources(ctx context.Context) ([]sources.Status, error) {
	var answer struct{ Sources []sources.Status }
	err := r.call(ctx, http.MethodGet, "/admin/bot/sources", nil, &answer)
	return answer.Sources, err
}

// Reasons are who wants something, and why.
type Reasons struct {
	By  string `json:"by,omitempty"`
	Why string `json:"why,omitempty"`
}

// Difference is what was changed between two versions, file by file, in the unified form; "" where nothing was.
func Difference(from, to Version) string {
	names := maps.Clone(from.Files)
	if names == nil {
		names = versions.Files{}
	}
	maps.Copy(names, to.Files)
	var changed strings.Builder
	for _, name := range slices.Sorted(maps.Keys(names)) {
		label := func(v Version) string {
			if _, ok := v.Files[name]; !ok {
				return "/dev/null"
			}
			return fmt.Sprintf("%s (version %d)", name, v.Number)
		}
		changed.WriteString(udiff.Unified(label(from), label(to), from.Files[name], to.Files[name]))
	}
	return changed.String()
}

// Stats implements Bots.
func (r remoteBots) Stats(ctx context.Context) ([]pulse.OfBot, error) {
	var answer struct{ Bots []pulse.OfBot }
	err := r.call(ctx, http.MethodGet, "/chatwoot/stats", nil, &answer)
	return answer.Bots, err
}
