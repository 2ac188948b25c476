package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"tania/internal/setting"
	"tania/internal/tania"
)

// TaughtFile is the name of the file with what people taught the bot of a name, in the form of bot.yaml's faq. Its editor owns it.
func TaughtFile(name string) string {
	if name == Main {
		return "taught.yaml"
	}
	return "taught." + name + ".yaml"
}

// IsTaught reports whether a file has the name of a TaughtFile, of any bot.
func IsTaught(file string) bool {
	name, ok := strings.CutSuffix(file, ".yaml")
	if name, more := strings.CutPrefix(name, "taught."); more {
		return ok && assignmentName.MatchString(name)
	}
	return file == TaughtFile(Main)
}

// Named gives the bot of a name and the name that it is taught by; nil where there is none. One that is assigned without a file of its own
// says what the main bot does, and is taught with it.
func (b *Bot) Named(name string) (taughtAs string, of *Bot) {
	for i := range b.Assignments {
		if a := &b.Assignments[i]; a.Name == name && a.Bot != b {
			return name, a.Bot
		} else if a.Name == name {
			return Main, b
		}
	}
	if name != Main {
		return "", nil
	}
	return Main, b
}

// Taught gives the bot, and those that are assigned, with what the TaughtFiles among files say, by their names. A file of a bot that is
// not there is left out.
func (b *Bot) Taught(files map[string]string) (*Bot, error) {
	with, err := b.taught(Main, files)
	if err != nil {
		return nil, err
	}
	with.Assignments = slices.Clone(b.Assignments)
	for i := range with.Assignments {
		a := &with.Assignments[i]
		if a.Bot == b {
			a.Bot = with
			continue
		}
		said := len(a.Bot.Warnings)
		if a.Bot, err = a.Bot.taught(a.Name, files); err != nil {
			return nil, err
		}
		with.Warnings = append(with.Warnings, a.Bot.Warnings[said:]...)
	}
	return with, nil
}

// Lesson is an answer that somebody teaches.
type Lesson struct {
	// Questions are ways to ask, at least one. Keywords are as in an FAQ entry.
	Questions, Keywords []string
	Answer              string
	// Language is the answer's; AnyLanguage for one that fits customers of every language.
	Language tania.Language
}

// taughtFile is TaughtFile as it is written.
type taughtFile struct {
	FAQ []taughtEntry `yaml:"faq"`
}

type taughtEntry struct {
	ID        string            `yaml:"id"`
	Questions []string          `yaml:"questions"`
	Keywords  []string          `yaml:"keywords,omitempty"`
	Answer    map[string]string `yaml:"answer"`
}

// taughtHead stands before the entries.
const taughtHead = "# Written by Tania's dashboard: what people taught the bot. An entry of bot.yaml with the same id counts instead.\n"

// Teach gives the TaughtFile of one bot, whose name is given, with a lesson more; files has what is there. It gives setting.Problems where
// the lesson, or what is there, cannot be taken.
func (b *Bot) Teach(name string, files map[string]string, l Lesson) (string, error) {
	file := TaughtFile(name)
	source := cmp.Or(files[file], "faq: []")
	known, problems := parseBot(file, []byte(source))
	if problems != nil {
		return "", problems
	}
	taken := map[string]bool{}
	for _, f := range b.FAQ {
		taken[f.ID] = true
	}
	var lessons taughtFile
	for _, f := range known.file.FAQ {
		taken[f.ID] = true
		lessons.FAQ = append(lessons.FAQ, taughtEntry{f.ID, f.Questions, f.Keywords, f.Answer})
	}
	entry := taughtEntry{
		Questions: trimmed(l.Questions), Keywords: trimmed(l.Keywords), Answer: map[string]string{"default": strings.TrimSpace(l.Answer)},
	}
	if l.Language != AnyLanguage {
		entry.Answer = map[string]string{string(l.Language): strings.TrimSpace(l.Answer)}
	}
	if len(entry.Questions) > 0 {
		entry.ID = freeID(slug(entry.Questions[0]), taken)
	}
	lessons.FAQ = append(lessons.FAQ, entry)
	text, err := yaml.MarshalWithOptions(lessons, yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return "", fmt.Errorf("bot: %s: %w", file, err)
	}
	written := taughtHead + string(text)
	_, err = b.taught(name, map[string]string{file: written})
	return written, err
}

// taught gives one bot with the entries of its TaughtFile. Where an entry of bot.yaml has the same id, or a keyword, bot.yaml counts: so a
// team takes over what was taught by writing it there.
func (b *Bot) taught(name string, files map[string]string) (*Bot, error) {
	with, file := *b, TaughtFile(name)
	source, ok := files[file]
	if !ok {
		return &with, nil
	}
	parsed, problems := parseBot(file, []byte(source))
	if problems != nil {
		return nil, problems
	}
	if n := len(b.FAQ) + len(parsed.file.FAQ); n > maxFAQ {
		return nil, setting.Problems{{
			Name: file, Text: fmt.Sprintf("has more than %d entries together with the bot's own", maxFAQ),
			Fix: "move what is long or rare to knowledge",
		}}
	}
	read := Bot{}
	if problems := parsed.faq(&read); len(problems) > 0 {
		return nil, problems
	}
	owned := map[string]bool{}
	for _, f := range b.FAQ {
		for _, k := range f.Keywords {
			owned[folded(k)] = true
		}
	}
	with.FAQ, with.Warnings = slices.Clone(b.FAQ), append(slices.Clone(b.Warnings), read.Warnings...)
	for _, f := range read.FAQ {
		if slices.ContainsFunc(b.FAQ, func(have FAQ) bool { return have.ID == f.ID }) {
			continue
		}
		f.Keywords = slices.DeleteFunc(f.Keywords, func(k string) bool { return owned[folded(k)] })
		f.Answer = maps.Clone(f.Answer)
		with.FAQ = append(with.FAQ, f)
	}
	with.Version = version(with)
	return &with, nil
}
