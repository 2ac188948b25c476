package versions

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"tania/internal/bot"
	"tania/internal/queue"
)

// Draft is what teaching would make of a version.
type Draft struct {
	// Of is the number of the version that it was made from, 0 for none.
	Of  int
	Bot *bot.Bot
	// Name is the bot's that is taught, bot.Main for the main one.
	Name    string
	content []byte
}

// ErrNoBot means that a version has no bot of that name.
var ErrNoBot = errors.New("versions: there is no bot of that name")

// DraftOf makes a draft of the current version in which the bot of a name has a lesson more. It gives setting.Problems where the lesson
// cannot be taken.
func DraftOf(ctx context.Context, store queue.Bots, name string, l bot.Lesson) (d Draft, err error) {
	current, err := store.BotVersion(ctx, Name, 0)
	files, path := Files{}, defaultName
	switch {
	case errors.Is(err, queue.ErrNotFound):
	case err != nil:
		return d, err
	default:
		r, err := archive(current.Content)
		if err != nil {
			return d, err
		}
		path = r.Comment
		if files, err = Unpack(current.Content); err != nil {
			return d, err
		}
	}
	plain := maps.Clone(files)
	maps.DeleteFunc(plain, taught)
	content, err := pack(path, plain)
	if err != nil {
		return d, err
	}
	base, err := Bot(content)
	if err != nil {
		return d, err
	}
	taughtAs, of := base.Named(name)
	if of == nil {
		return d, fmt.Errorf("%w: %s", ErrNoBot, name)
	}
	d.Name = taughtAs
	if files[bot.TaughtFile(taughtAs)], err = of.Teach(taughtAs, files, l); err != nil {
		return d, err
	}
	d.Of = current.Number
	if d.content, err = pack(path, files); err != nil {
		return d, err
	}
	d.Bot, err = Bot(d.content)
	return d, err
}

// defaultName is bot.yaml's in a version that is made where there is none.
const defaultName = "bot.yaml"

// Publish makes a draft the current version. queue.ErrNotCurrent means that another version was published since the one that it was made
// of.
func (d Draft) Publish(ctx context.Context, store queue.Bots, by, why string) (queue.BotVersion, error) {
	v, err := store.PublishBot(ctx, d.Of, queue.BotVersion{Bot: Name, By: by, Why: why, Content: d.content})
	v.Content = nil
	return v, err
}

// withTaught gives files' content with what was taught by the version before. Of one that this program cannot read it takes nothing.
func withTaught(content, before []byte) ([]byte, error) {
	old, err := Unpack(before)
	maps.DeleteFunc(old, func(name, text string) bool { return !taught(name, text) })
	if err != nil || len(old) == 0 {
		return content, nil //nolint:nilerr // the files count whatever was before
	}
	r, err := archive(content)
	if err != nil {
		return nil, err
	}
	files, err := Unpack(content)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, old)
	if content, err = pack(r.Comment, files); err == nil {
		_, err = Bot(content)
	}
	return content, err
}
