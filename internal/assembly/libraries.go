package assembly

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"tania/internal/answer/knowledge"
	"tania/internal/bot"
)

// libraries are those of the process's bots, by their names, each in a file below the data directory. They are opened when they are first
// needed: a bot that knows little has none. A process that finds a bot's file in use by another has one of its own beside it.
type libraries struct {
	dir string
	log *slog.Logger

	mutex sync.Mutex
	open  map[string]*knowledge.Library
	// passing is a folder that goes when the process ends, "" for none.
	passing string
}

func newLibraries(dataDir string, log *slog.Logger) *libraries {
	return &libraries{dir: filepath.Join(dataDir, "passages"), log: log, open: map[string]*knowledge.Library{}}
}

// index prepares what a bot knows: in its library where that is much, else in memory.
func (l *libraries) index(b *bot.Bot, name string) *knowledge.Index {
	if l == nil || len(b.Knowledge) < knowledge.Many {
		return knowledge.New(b.FAQ, b.Knowledge, b.Language)
	}
	library, err := l.of(cmp.Or(name, bot.Main))
	if err == nil {
		var x *knowledge.Index
		if x, err = library.Index(b.FAQ, b.Knowledge, b.Language); err == nil {
			return x
		}
	}
	l.log.Warn("what the bot knows is kept in memory, which takes long and much of it", "bot", cmp.Or(name, bot.Main), "passages", len(b.Knowledge), "error", err)
	return knowledge.New(b.FAQ, b.Knowledge, b.Language)
}

// of opens the library of the bot of a name.
func (l *libraries) of(name string) (*knowledge.Library, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if known := l.open[name]; known != nil {
		return known, nil
	}
	opened, err := openLibrary(l.dir, name)
	if err != nil {
		l.log.Warn("what the bot knows is read anew at each start", "bot", name, "error", err)
		if l.passing == "" {
			if l.passing, err = os.MkdirTemp("", "tania-passages-"); err != nil {
				return nil, fmt.Errorf("assembly: %w", err)
			}
		}
		opened, err = openLibrary(l.passing, name)
	}
	if err != nil {
		return nil, err
	}
	l.open[name] = opened
	return opened, nil
}

// mostProcesses have libraries of one bot in a folder.
const mostProcesses = 16

// openLibrary opens the first file of a bot's that no other process has.
func openLibrary(dir, name string) (opened *knowledge.Library, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("assembly: %w", err)
	}
	for n := range mostProcesses {
		path := filepath.Join(dir, fmt.Sprintf("bot-%s.%d", url.PathEscape(name), n+1))
		if opened, err = knowledge.OpenLibrary(path); !errors.Is(err, os.ErrExist) {
			return opened, err
		}
	}
	return nil, err
}

// close lets all files go.
func (l *libraries) close() (err error) {
	if l == nil {
		return nil
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, library := range l.open {
		err = errors.Join(err, library.Close())
	}
	clear(l.open)
	if l.passing != "" {
		err = errors.Join(err, os.RemoveAll(l.passing))
	}
	return err
}
