package versions

import (
	"fmt"
	"io/fs"
	"time"

	"tania/internal/bot"
)

// Source is where a bot's files are.
type Source struct {
	FS fs.FS
	// Name is bot.yaml's in it. Optional reports whether the built-in bot serves where it is missing.
	Name     string
	Optional bool
	// Reader reads them, and the versions that they become, as far as they changed; nil: whole.
	Reader *bot.Reader
	// Check gives an error for a bot that this process cannot answer with; nil: there is none.
	Check func(*bot.Bot) error
}

func (s Source) check(b *bot.Bot) error {
	if s.Check == nil {
		return nil
	}
	return s.Check(b)
}

// look is the source's files as they were read, and all that was looked at for them: a file that appears in a folder changes the folder.
type look struct {
	bot     *bot.Bot
	content []byte
	// seen is known of a look that failed, too.
	seen map[string]mark
}

// mark tells whether a file or folder has changed.
type mark struct {
	there bool
	size  int64
	at    time.Time
}

// read reads the files. content is empty where there are none.
func (s Source) read() (look, error) {
	r := recorder{inner: s.FS, files: Files{}, seen: map[string]mark{}}
	b, err := read(s.Reader, r, s.Name, s.Optional)
	if err == nil {
		err = s.check(b)
	}
	found := look{bot: b, seen: r.seen}
	if err != nil || len(r.files) == 0 {
		return found, err
	}
	size := 0
	for _, text := range r.files {
		size += len(text)
	}
	if size > largest {
		return found, fmt.Errorf("versions: bot.yaml and its knowledge are more than %d MiB: leave out what customers do not ask about", largest>>20)
	}
	found.content, err = pack(s.Name, r.files)
	return found, err
}

// marks are those of all that was looked at before, as it is now.
func (s Source) marks(seen map[string]mark) map[string]mark {
	now := make(map[string]mark, len(seen))
	for name := range seen {
		now[name] = markOf(s.FS, name)
	}
	return now
}

func markOf(fsys fs.FS, name string) mark {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return mark{}
	}
	return mark{true, info.Size(), info.ModTime()}
}

// recorder is a file system that remembers what is looked at.
type recorder struct {
	inner fs.FS
	files Files
	seen  map[string]mark
}

// note is before the look: a change in between is found later.
func (r recorder) note(name string) {
	if _, ok := r.seen[name]; !ok {
		r.seen[name] = markOf(r.inner, name)
	}
}

// Open implements fs.FS.
func (r recorder) Open(name string) (fs.File, error) {
	r.note(name)
	return r.inner.Open(name)
}

// Stat implements fs.StatFS.
func (r recorder) Stat(name string) (fs.FileInfo, error) {
	r.note(name)
	return fs.Stat(r.inner, name)
}

// ReadDir implements fs.ReadDirFS.
func (r recorder) ReadDir(name string) ([]fs.DirEntry, error) {
	r.note(name)
	return fs.ReadDir(r.inner, name)
}

// ReadFile implements fs.ReadFileFS.
func (r recorder) ReadFile(name string) ([]byte, error) {
	r.note(name)
	text, err := fs.ReadFile(r.inner, name)
	if err == nil {
		r.files[name] = string(text)
	}
	return text, err
}
