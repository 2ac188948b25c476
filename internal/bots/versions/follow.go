package versions

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tania/internal/bot"
	"tania/internal/knowledge/source/learned"
	"tania/internal/queue"
)

// Who publishes what stands in files: a person who changed them, or the program that reads what bot.yaml names as sources.
const (
	FromFile    = "bot.yaml"
	FromSources = "sources"
)

// Name is the bot's among the versions of a store.
const Name = "bot"

// ErrNoFile means that there are no files to publish.
var ErrNoFile = errors.New("versions: there is no file to publish")

// Every is how often the files are looked at. A change is taken in when it has lasted from one look to the next, for a program that saves
// a file may have written half of it.
const Every = time.Second

// Follower has a process answer with the version that is current. Its fields are set before its first use.
type Follower struct {
	Store  queue.Bots
	Source Source
	// Shared reports whether other machines use the store too. Then one of them reads the sources for all, and what was learned is what is
	// published, unless it changes here.
	Shared bool
	// Dir is the folder of the files on this machine's disk.
	Dir string
	// Adopt makes a version answer from now on.
	Adopt func(b *bot.Bot, number int)
	// Published is told of each version that is published from files; nil: nobody is.
	Published func(ctx context.Context, v queue.BotVersion)
	Log       *slog.Logger

	mu sync.Mutex
	// settled reports whether the files have been compared with what the store has.
	settled bool
	// known is the number of the version that was adopted, or tried to be.
	known int
	last  look
	// relearned reports whether what was learned changed here, and is not published yet.
	relearned bool
	// pending are the marks of a change that was seen at one look.
	pending map[string]mark
}

// Settle decides which version answers first: the files', unless they are what was published from files last and another is current
// since, a version that somebody went back to for example. It gives an error while the store is away; Run tries again.
func (f *Follower) Settle(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.settled {
		return nil
	}
	now, err := f.Source.read()
	f.last = now
	if err != nil {
		return err
	}
	current, err := f.Store.BotVersion(ctx, Name, 0)
	if err != nil && !errors.Is(err, queue.ErrNotFound) {
		return err
	}
	content, err := f.withPublished(now, current)
	if err != nil {
		return err
	}
	unchanged := len(content) == 0
	if !unchanged && current.Number > 0 && !same(current.Content, content) {
		if unchanged, err = f.unchanged(ctx, content); err != nil {
			return err
		}
	}
	if !unchanged {
		if current, err = f.publish(ctx, now, FromFile, "as it was at a start"); err != nil {
			return err
		}
	}
	f.settled, f.relearned = true, false
	f.adopt(current)
	return nil
}

// unchanged reports whether a content is the one that was published from files last.
func (f *Follower) unchanged(ctx context.Context, content []byte) (bool, error) {
	list, err := f.Store.BotVersions(ctx, Name)
	if err != nil {
		return false, err
	}
	for _, v := range list {
		if v.By != FromFile && v.By != FromSources {
			continue
		}
		before, err := f.Store.BotVersion(ctx, Name, v.Number)
		return err == nil && same(before.Content, content), err
	}
	return false, nil
}

// withPublished is the content of the files, with what is published as learned where another machine is the one that reads the sources.
func (f *Follower) withPublished(now look, current queue.BotVersion) ([]byte, error) {
	if !f.Shared || f.relearned || len(now.content) == 0 || len(current.Content) == 0 || len(now.bot.Sources) == 0 {
		return now.content, nil
	}
	return withLearned(now.content, current.Content)
}

// publish makes what was read current, unless it is already. What was taught stays.
func (f *Follower) publish(ctx context.Context, now look, by, why string) (queue.BotVersion, error) {
	for {
		current, err := f.Store.BotVersion(ctx, Name, 0)
		if err != nil && !errors.Is(err, queue.ErrNotFound) {
			return current, err
		}
		content, wrong := f.withPublished(now, current)
		if wrong != nil || err == nil && same(current.Content, content) {
			return current, wrong
		}
		if content, err = withTaught(content, current.Content); err != nil {
			return queue.BotVersion{}, err
		}
		replaced, err := f.replaced(ctx, by)
		if err != nil {
			return queue.BotVersion{}, err
		}
		v, err := f.Store.PublishBot(ctx, current.Number, queue.BotVersion{Bot: Name, By: by, Why: why, Content: content, Replaces: replaced})
		if err == nil && f.Published != nil {
			f.Published(ctx, v)
		}
		if !errors.Is(err, queue.ErrNotCurrent) {
			return v, err
		}
	}
}

// readingsKept is how many versions are kept that differ from the one before by what sources said. A page that says the time, read again
// every five minutes, is another version each time, and would else take the place of what people did within a day.
const readingsKept = 20

// replaced gives the versions that make room for another by the one who publishes it.
func (f *Follower) replaced(ctx context.Context, by string) (numbers []int, err error) {
	if by != FromSources {
		return nil, nil
	}
	list, err := f.Store.BotVersions(ctx, Name)
	if err != nil {
		return nil, err
	}
	readings := 1 // the one to come
	for _, v := range list {
		if v.By == FromSources {
			if readings++; readings > readingsKept {
				numbers = append(numbers, v.Number)
			}
		}
	}
	return numbers, nil
}

// adopt makes a version answer. One that this program cannot read leaves the one before. f.mu is held.
func (f *Follower) adopt(v queue.BotVersion) {
	if v.Number == f.known {
		return
	}
	f.known = v.Number
	b, err := f.last.bot, error(nil)
	if b == nil || !bytes.Equal(v.Content, f.last.content) {
		b, err = f.Bot(v.Content)
	}
	if err != nil {
		f.Log.Error("a version of the bot cannot be read here, and the one before goes on", "version", v.Number, "by", v.By, "error", err)
		return
	}
	f.Adopt(b, v.Number)
	f.Log.Info("the bot answers by a version", "version", v.Number, "by", v.By, "why", v.Why)
}

// Bot gives the bot of a content, where this process can answer with it.
func (f *Follower) Bot(content []byte) (*bot.Bot, error) {
	b, err := botOf(content, f.Source.Reader)
	if err == nil {
		err = f.Source.check(b)
	}
	return b, err
}

// Reload reads the files and publishes them where they have changed. Files that are wrong leave what is current, and give the problems.
func (f *Follower) Reload(ctx context.Context, why string) (queue.BotVersion, error) {
	return f.ReloadAs(ctx, FromFile, why)
}

// ReloadAs is Reload for one of those who publish what stands in files.
func (f *Follower) ReloadAs(ctx context.Context, by, why string) (queue.BotVersion, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, err := f.look()
	if err != nil {
		return queue.BotVersion{}, err
	}
	return f.take(ctx, now, by, why)
}

// look reads the files. f.mu is held.
func (f *Follower) look() (look, error) {
	before := f.last.content
	now, err := f.Source.read()
	f.last, f.pending = now, nil
	if err == nil && len(before) > 0 && len(now.content) > 0 && !sameLearned(before, now.content) {
		f.relearned = true
	}
	return now, err
}

// take publishes what was read, and answers by it. f.mu is held.
func (f *Follower) take(ctx context.Context, now look, by, why string) (queue.BotVersion, error) {
	if len(now.content) == 0 {
		return queue.BotVersion{}, fmt.Errorf("%w: %s", ErrNoFile, f.Source.Name)
	}
	v, err := f.publish(ctx, now, by, why)
	// What the store did not take is compared with what it has when it is back.
	f.settled = err == nil
	if err == nil {
		f.relearned = false
		f.adopt(v)
	}
	return v, err
}

// refresh is Reload for files that look changed: what reads as it did before was only touched.
func (f *Follower) refresh(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.last.content
	now, err := f.look()
	if err == nil && !same(before, now.content) {
		_, err = f.take(ctx, now, FromFile, "the file changed")
	}
	return err
}

// Run follows the store and the files until ctx ends. Each value of reload makes it read the files at once.
func (f *Follower) Run(ctx context.Context, reload <-chan struct{}) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { f.files(ctx, reload); return nil })
	group.Go(func() error { f.store(ctx); return nil })
	return group.Wait()
}

// store adopts what any process publishes.
func (f *Follower) store(ctx context.Context) {
	for {
		f.mu.Lock()
		known := f.known
		f.mu.Unlock()
		v, err := f.Store.AwaitBot(ctx, Name, known)
		if ctx.Err() != nil || errors.Is(err, queue.ErrClosed) {
			return
		}
		if err != nil {
			f.Log.Error("the current version of the bot could not be read, and will be tried again", "error", err)
			if !pause(ctx) {
				return
			}
			continue
		}
		f.mu.Lock()
		if f.settled {
			f.adopt(v)
		}
		waiting := !f.settled
		f.mu.Unlock()
		if waiting && !pause(ctx) {
			return
		}
	}
}

// files publishes what changes in the files.
func (f *Follower) files(ctx context.Context, reload <-chan struct{}) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-reload:
			_, err = f.Reload(ctx, "read again on demand")
		case <-tick.C:
			if unsettled := f.Settle(ctx); unsettled != nil {
				f.Log.Debug("the bot's versions cannot be compared yet", "error", unsettled)
			} else if f.changed() {
				err = f.refresh(ctx)
			}
		}
		if err != nil && ctx.Err() == nil {
			f.Log.Error("bot.yaml was not taken in, and the version before goes on", "error", err)
		}
	}
}

// changed reports whether the files are others than when they were read, and the same as at the look before.
func (f *Follower) changed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.Source.marks(f.last.seen)
	before := f.pending
	f.pending = nil
	if maps.Equal(now, f.last.seen) {
		return false
	}
	f.pending = now
	return maps.Equal(now, before)
}

func pause(ctx context.Context) bool {
	timer := time.NewTimer(Every)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// BringLearned brings what is published as learned into the folder beside bot.yaml, for a process that goes on reading where another
// machine's left.
func (f *Follower) BringLearned(ctx context.Context) error {
	if !f.Shared {
		return nil // there is one folder, and it is ours
	}
	current, err := f.Store.BotVersion(ctx, Name, 0)
	if errors.Is(err, queue.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	files, err := Learned(current.Content)
	if err != nil {
		return err
	}
	return learned.Store{Dir: filepath.Join(f.Dir, learned.Folder), Now: time.Now}.Bring(files)
}
