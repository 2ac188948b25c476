package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"tania/internal/setting"
	"tania/internal/tania"
)

// maxBotFile bounds bot.yaml, in bytes.
const maxBotFile = 1 << 20

// Load reads a bot.yaml and the knowledge it names. Its errors are of type setting.Problems, with the place in the file;
// an unreadable or missing file is the file system's error (fs.ErrNotExist).
func Load(path string) (*Bot, error) { return (*Reader)(nil).Load(path) }

// LoadFS is Load in a file system. Knowledge, and the files of assigned bots, are looked for beside and below the file.
func LoadFS(fsys fs.FS, name string) (*Bot, error) { return (*Reader)(nil).LoadFS(fsys, name) }

// load reads a bot.yaml. folder is where the file is of a bot that is assigned by another's, "" for any other.
func (r *Reader) load(fsys fs.FS, name, folder string) (*Bot, error) {
	source, err := readBounded(fsys, name, maxBotFile)
	if err != nil {
		return nil, fmt.Errorf("config: bot: %w", err)
	}
	source, err = setting.PlainText(source)
	shown := path.Join(folder, name)
	if IsTaught(name) {
		return nil, setting.Problems{{Name: shown, Text: "has the name of a file with what was taught in the dashboard", Fix: "rename it"}}
	}
	if wrong, ok := errors.AsType[setting.EncodingError](err); ok {
		at := shown
		if wrong.Line > 0 {
			at = fmt.Sprintf("%s:%d", shown, wrong.Line)
		}
		return nil, setting.Problems{{Name: at, Text: wrong.Error(), Fix: wrong.Fix()}}
	}
	s, problems := parseBot(shown, source)
	if problems != nil {
		return nil, problems
	}
	s.reader = r
	bot, problems := s.assemble()
	passages, more := s.knowledge(fsys)
	problems = append(problems, more...)
	switch {
	case folder == "":
		bot.Assignments, more = s.assignments(fsys, bot)
		problems = append(problems, more...)
	case len(s.file.Sources) > 0:
		problems = append(problems, s.problem("$.sources", "stands in the file of an assigned bot, and is read for the main bot alone",
			"leave it out, and have tania learn read them, with TANIA_BOT set to this file"))
	case len(s.file.Bots) > 0:
		problems = append(problems, s.problem("$.bots", "stands in the file of an assigned bot", "write all bots into the main bot.yaml"))
	}
	if len(problems) > 0 {
		return nil, problems
	}
	bot.Knowledge = passages
	bot.learn(fsys, r)
	bot.Warnings = append(bot.Warnings, s.noLinks(bot)...)
	bot.Version = version(*bot)
	for i := range bot.Assignments {
		if a := &bot.Assignments[i]; a.Bot != bot {
			bot.Warnings = append(bot.Warnings, a.Bot.Warnings...)
		}
	}
	return bot, nil
}

// Default is the bot without a bot.yaml: it greets, says honestly that it does not know, and brings a human.
func Default() *Bot {
	b := &Bot{Name: "Tania", Language: tania.Spanish, Languages: []tania.Language{tania.Spanish, tania.English, tania.Portuguese}}
	for place, text := range b.texts() {
		*place = text
	}
	b.Persona, b.UnknownLimit, b.AsksBack, b.SumsUp, b.Recalls = defaultPersona, defaultUnknownLimit, true, true, true
	b.Version = version(*b)
	return b
}

// BuiltIn is Default with what was learned beside the place of a bot.yaml that is not there.
func BuiltIn(beside fs.FS) *Bot { return (*Reader)(nil).BuiltIn(beside) }

// version is a hash over everything but the version itself.
func version(b Bot) string {
	b.Version = ""
	// A Bot is made of strings and finite numbers, which always encode; maps are encoded in order of their keys.
	data, _ := json.Marshal(b)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// Shape changes with what shapes every answer of a model, or how it is understood that one fits: who the bot is, its persona and its
// languages. The entries of the knowledge, of which each answer rests on some, are no part of it, nor are texts that are said as they stand
// and words that lead to humans.
func (b *Bot) Shape() string {
	s := *b
	s.FAQ, s.Knowledge, s.Prices, s.Citations, s.UnknownLimit = nil, nil, nil, nil, 0
	s.Greeting, s.Thanks, s.Farewell, s.Handoff, s.OfferHuman, s.Apology, s.Unknown, s.Late = nil, nil, nil, nil, nil, nil, nil, nil
	s.AskBack, s.PickOne, s.NoneOfThese, s.RateLimited, s.OutsideHours, s.Attachment, s.TooLong = nil, nil, nil, nil, nil, nil, nil
	s.Approval = nil
	s.Sensitive, s.HandoffWords, s.FrustrationWords = nil, nil, nil
	return version(s)
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
