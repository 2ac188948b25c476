package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tania/internal/tania"
)

// maxBotFile bounds bot.yaml, in bytes.
const maxBotFile = 1 << 20

// LoadBot reads a bot.yaml and the knowledge it names. Its errors are of type Problems, with the place in the file;
// an unreadable or missing file is the file system's error (fs.ErrNotExist).
func LoadBot(path string) (*Bot, error) {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	return LoadBotFS(os.DirFS(dir), name)
}

// LoadBotFS is LoadBot in a file system. Knowledge is looked for beside and below the file.
func LoadBotFS(fsys fs.FS, name string) (*Bot, error) {
	source, err := readBounded(fsys, name, maxBotFile)
	if err != nil {
		return nil, fmt.Errorf("config: bot: %w", err)
	}
	source, err = plainText(source)
	if wrong, ok := errors.AsType[encodingError](err); ok {
		at := name
		if wrong.line > 0 {
			at = fmt.Sprintf("%s:%d", name, wrong.line)
		}
		return nil, Problems{{Name: at, Text: wrong.Error(), Fix: saveAsUTF8}}
	}
	s, problems := parseBot(name, source)
	if problems != nil {
		return nil, problems
	}
	bot, problems := s.assemble()
	passages, more := s.knowledge(fsys)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	bot.Knowledge = passages
	bot.Version = version(*bot)
	return bot, nil
}

// DefaultBot is the bot without a bot.yaml: it greets, says honestly that it does not know, and brings a human.
func DefaultBot() *Bot {
	b := &Bot{Name: "Tania", Language: tania.Spanish, Languages: []tania.Language{tania.Spanish, tania.English, tania.Portuguese}}
	for place, text := range b.texts() {
		*place = text
	}
	b.Persona = defaultPersona
	b.Version = version(*b)
	return b
}

// version is a hash over everything but the version itself.
func version(b Bot) string {
	b.Version = ""
	// A Bot is made of strings and finite numbers, which always encode; maps are encoded in order of their keys.
	data, _ := json.Marshal(b)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// readBounded reads a regular file of at most limit bytes.
func readBounded(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a file", name)
	case info.Size() > limit:
		return nil, fmt.Errorf("%s is larger than %d KiB", name, limit>>10)
	}
	return fs.ReadFile(fsys, name)
}
