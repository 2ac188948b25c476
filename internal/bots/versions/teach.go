package versions

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"tania/internal/bot"
	"tania/internal/questions/proposal"
	"tania/internal/queue"
	"tania/internal/setting"
)

// Draft is what teaching would make of a version.
type Draft struct {
	// Of is the number of the version that it was made from, 0 for none.
	Of  int
	Bot *bot.Bot
	// Name is the bot's that is taught, bot.Main for the main one.
	Name string
	// Marked says that a mark of a proposal is left in it, such as [name]: it can be tried and not published.
	Marked  bool
	content []byte
}

// ErrNoBot means that a version has no bot of that name.
var ErrNoBot = errors.New("versions: there is no bot of that name")

// DraftOf makes a draft of the current version in which the bot of a name has a lesson more, or the entry of the lesson's ID changed. It
// gives setting.Problems where the lesson cannot be taken, and bot.ErrNoLesson where there is no such entry.
func DraftOf(ctx context.Context, store queue.Bots, name string, l bot.Lesson) (Draft, error) {
	e, err := edit(ctx, store)
	if err != nil {
		return Draft{}, err
	}
	as, of := e.base.Named(name)
	if of == nil {
		return Draft{}, fmt.Errorf("%w: %s", ErrNoBot, name)
	}
	text, err := of.Teach(as, e.files, l)
	if err != nil {
		return Draft{}, err
	}
	d, err := e.draft(as, text)
	d.Marked = proposal.Marked(strings.Join(slices.Concat(l.Questions, l.Keywords, []string{l.Answer}), "\n"))
	return d, err
}

// DraftWithout makes a draft of the current version in which the bot of a name was not taught an entry. What a bot was taught that is no
// longer there, or has no file of its own any more, is taken back by its name too.
func DraftWithout(ctx context.Context, store queue.Bots, name, id string) (Draft, error) {
	e, err := edit(ctx, store)
	if err != nil {
		return Draft{}, err
	}
	as, of := e.base.Named(name)
	if e.files[bot.TaughtFile(name)] != "" {
		as = name
	} else if of == nil {
		return Draft{}, fmt.Errorf("%w: %s", ErrNoBot, name)
	}
	text, err := bot.Unteach(as, e.files, id)
	if err != nil {
		return Draft{}, err
	}
	return e.draft(as, text)
}

// edition is the current version, to be changed.
type edition struct {
	number int
	path   string
	files  Files
	// base is the bot as it was not taught anything.
	base *bot.Bot
}

func edit(ctx context.Context, store queue.Bots) (edition, error) {
	current, path, files, err := currentFiles(ctx, store)
	if err != nil {
		return edition{}, err
	}
	plain := maps.Clone(files)
	maps.DeleteFunc(plain, taught)
	content, err := pack(path, plain)
	if err != nil {
		return edition{}, err
	}
	base, err := Bot(content)
	return edition{current.Number, path, files, base}, err
}

// draft makes a text the TaughtFile of the bot of a name; "" for none.
func (e edition) draft(name, text string) (d Draft, err error) {
	if e.files[bot.TaughtFile(name)] = text; text == "" {
		delete(e.files, bot.TaughtFile(name))
	}
	d.Of, d.Name = e.number, name
	if d.content, err = pack(e.path, e.files); err != nil {
		return d, err
	}
	d.Bot, err = Bot(d.content)
	return d, err
}

// currentFiles gives the current version with its files and bot.yaml's path in them; no files where there is no version.
func currentFiles(ctx context.Context, store queue.Bots) (v queue.BotVersion, path string, files Files, err error) {
	v, err = store.BotVersion(ctx, Name, 0)
	switch {
	case errors.Is(err, queue.ErrNotFound):
		return queue.BotVersion{}, defaultName, Files{}, nil
	case err != nil:
		return v, "", nil, err
	}
	r, err := archive(v.Content)
	if err != nil {
		return v, "", nil, err
	}
	files, err = Unpack(v.Content)
	return v, r.Comment, files, err
}

// Taught is what the bot of a name was taught.
type Taught struct {
	Bot     string       `json:"bot"`
	Lessons []bot.Lesson `json:"lessons"`
}

// Lessons are what the bots of the current version were taught, with its number; the main bot's come first, then the others' by name.
func Lessons(ctx context.Context, store queue.Bots) (of int, all []Taught, err error) {
	current, _, files, err := currentFiles(ctx, store)
	if err != nil {
		return 0, nil, err
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		name := bot.TaughtName(file)
		if name == "" {
			continue
		}
		lessons, err := bot.Lessons(name, files)
		if err != nil {
			return 0, nil, err
		}
		all = append(all, Taught{name, lessons})
	}
	slices.SortStableFunc(all, func(x, y Taught) int {
		switch {
		case x.Bot == bot.Main:
			return -1
		case y.Bot == bot.Main:
			return 1
		}
		return strings.Compare(x.Bot, y.Bot)
	})
	return current.Number, all, nil
}

// defaultName is bot.yaml's in a version that is made where there is none.
const defaultName = "bot.yaml"

// Publish makes a draft the current version. queue.ErrNotCurrent means that another version was published since the one that it was made
// of. One that is Marked gives setting.Problems.
func (d Draft) Publish(ctx context.Context, store queue.Bots, by, why string) (queue.BotVersion, error) {
	if d.Marked {
		return queue.BotVersion{}, setting.Problems{{
			Name: bot.TaughtFile(d.Name), Text: "a mark such as [name] or [number] is still in the lesson",
			Fix: "write what customers should read in its place, or take it out",
		}}
	}
	v, err := store.PublishBot(ctx, d.Of, queue.BotVersion{Bot: Name, By: by, Why: why, Content: d.content})
	v.Content = nil
	return v, err
}

// withTaught gives files' content with what was taught by the version before. Of one that this program cannot read it takes nothing. What
// a bot was taught goes with it when it is given another name.
func withTaught(content, before []byte) ([]byte, error) {
	old, err := taughtIn(before)
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
	for from, to := range renamed(before, content) {
		if text, ok := old[bot.TaughtFile(from)]; ok && old[bot.TaughtFile(to)] == "" {
			delete(old, bot.TaughtFile(from))
			old[bot.TaughtFile(to)] = text
		}
	}
	maps.Copy(files, old)
	if content, err = pack(r.Comment, files); err == nil {
		_, err = Bot(content)
	}
	return content, err
}

// taughtIn are the files of a content with what people taught.
func taughtIn(content []byte) (Files, error) {
	r, err := archive(content)
	if err != nil {
		return nil, err
	}
	return unpack(r, bot.IsTaught)
}

// renamed are the bots of a content that have another name in the next one: the name is new there, the old one is gone, and no other bot
// that is new or gone has its file, or, where the file changed its name too, answers in its places.
func renamed(before, after []byte) map[string]string {
	a, errA := Bot(before)
	b, errB := Bot(after)
	if errA != nil || errB != nil {
		return nil
	}
	gone, fresh := without(a, b), without(b, a)
	found := map[string]string{}
	for _, alike := range []func(x, y *bot.Assignment) bool{
		func(x, y *bot.Assignment) bool { return x.File != "" && x.File == y.File },
		func(x, y *bot.Assignment) bool { return reflect.DeepEqual(x.When, y.When) },
	} {
		for _, x := range gone {
			to := only(fresh, func(y *bot.Assignment) bool { return alike(x, y) })
			if to == nil || found[x.Name] != "" || only(gone, func(y *bot.Assignment) bool { return alike(y, to) }) == nil {
				continue
			}
			found[x.Name] = to.Name
		}
	}
	return found
}

// without are the bots of a that b has none of the name of.
func without(a, b *bot.Bot) (list []*bot.Assignment) {
	for i := range a.Assignments {
		if one := &a.Assignments[i]; !slices.ContainsFunc(b.Assignments, func(x bot.Assignment) bool { return x.Name == one.Name }) {
			list = append(list, one)
		}
	}
	return list
}

// only gives the one of a list that is as wanted, nil where none is or several are.
func only(list []*bot.Assignment, want func(*bot.Assignment) bool) (one *bot.Assignment) {
	for _, a := range list {
		if want(a) {
			if one != nil {
				return nil
			}
			one = a
		}
	}
	return one
}
