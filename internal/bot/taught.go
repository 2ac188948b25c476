package bot

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

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
func IsTaught(file string) bool { return TaughtName(file) != "" }

// TaughtName is the name of the bot whose TaughtFile a file is, "" for another file.
func TaughtName(file string) string {
	if file == TaughtFile(Main) {
		return Main
	}
	name, ok := strings.CutSuffix(file, ".yaml")
	if name, more := strings.CutPrefix(name, "taught."); ok && more && assignmentName.MatchString(name) {
		return name
	}
	return ""
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
	// ID names the entry, among those of the TaughtFile; empty: it is a new one.
	ID string `json:"id,omitempty"`
	// Questions are ways to ask, at least one. Keywords are as in an FAQ entry.
	Questions []string `json:"questions"`
	Keywords  []string `json:"keywords,omitempty"`
	Answer    string   `json:"answer"`
	// Language is the answer's; AnyLanguage for one that fits customers of every language.
	Language tania.Language `json:"language,omitempty"`
}

// ErrNoLesson means that a bot was not taught an entry of that id.
var ErrNoLesson = errors.New("bot: no entry of that id was taught")

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

// Teach gives the TaughtFile of one bot, whose name is given, with a lesson more, or with the entry of the lesson's ID changed; files has
// what is there. It gives setting.Problems where the lesson, or what is there, cannot be taken, and ErrNoLesson where there is no such
// entry.
func (b *Bot) Teach(name string, files map[string]string, l Lesson) (string, error) {
	if problems := b.unfit(name, l); len(problems) > 0 {
		return "", problems
	}
	lessons, err := readTaught(name, files)
	if err != nil {
		return "", err
	}
	entry := taughtEntry{
		ID: l.ID, Questions: each(trimmed(l.Questions), said), Keywords: each(trimmed(l.Keywords), said),
		Answer: map[string]string{"default": said(l.Answer)},
	}
	if l.Language != AnyLanguage {
		entry.Answer = map[string]string{string(l.Language): said(l.Answer)}
	}
	switch at := lessons.find(l.ID); {
	case at >= 0:
		lessons.FAQ[at] = entry
	case l.ID != "":
		return "", ErrNoLesson
	default:
		entry.ID = freeID(slug(entry.Questions[0]), b.idsTaken(lessons))
		lessons.FAQ = append(lessons.FAQ, entry)
	}
	written, err := lessons.text(name)
	if err == nil {
		_, err = b.taught(name, map[string]string{TaughtFile(name): written})
	}
	return written, err
}

// said is a text as it is written: a tab is a space, for YAML has it only in quotes.
func said(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\t", " ")) }

func each(list []string, change func(string) string) []string {
	changed := slices.Clone(list)
	for i, s := range list {
		changed[i] = change(s)
	}
	return changed
}

// unfit says what of a lesson no customer can be told or ask: nothing, a language that the bot does not answer in, characters that are
// none, or were spoilt before, and placeholders, which nothing fills.
func (b *Bot) unfit(name string, l Lesson) (ps setting.Problems) {
	bad := func(text, fix string) { ps = append(ps, setting.Problem{Name: TaughtFile(name), Text: text, Fix: fix}) }
	if l.Language != AnyLanguage && !slices.Contains(b.Languages, l.Language) {
		bad(fmt.Sprintf("the bot does not answer in the language %q", l.Language), "write one of its languages, or none for every language")
	}
	if len(trimmed(l.Questions)) == 0 {
		bad("the lesson has no question", "write at least one way to ask it")
	}
	if strings.TrimSpace(l.Answer) == "" {
		bad("the lesson has no answer", "write it")
	}
	for _, line := range slices.Concat(trimmed(l.Questions), trimmed(l.Keywords)) {
		if strings.ContainsFunc(line, notInLine) {
			bad(fmt.Sprintf("%q has a line break or a control character", line), "write each question and keyword in one line")
		}
	}
	for _, text := range slices.Concat(l.Questions, l.Keywords, []string{l.Answer}) {
		if _, err := setting.PlainText([]byte(text)); err != nil {
			bad("a text of the lesson "+err.Error(), "write it again")
		}
	}
	if found := braced.FindString(l.Answer); found != "" {
		bad("the answer has "+found+", which is said as it stands", "write what customers should read in its place, or take it out")
	}
	if strings.ContainsFunc(l.Answer, func(r rune) bool { return notInLine(r) && !strings.ContainsRune("\r\n\u2028\u2029", r) }) {
		bad("the answer has a control character", "remove it")
	}
	return ps
}

// notInLine reports whether a character has no place in a line of text.
func notInLine(r rune) bool {
	return unicode.IsControl(r) && r != '\t' || r == '\u2028' || r == '\u2029'
}

// Unteach gives the TaughtFile of the bot of a name without an entry, "" where none is left. It gives ErrNoLesson where there is no such
// entry.
func Unteach(name string, files map[string]string, id string) (string, error) {
	lessons, err := readTaught(name, files)
	if err != nil {
		return "", err
	}
	at := lessons.find(id)
	if at < 0 {
		return "", ErrNoLesson
	}
	lessons.FAQ = slices.Delete(lessons.FAQ, at, at+1)
	if len(lessons.FAQ) == 0 {
		return "", nil
	}
	return lessons.text(name)
}

// Lessons are what the bot of a name was taught, in the order in which it was. Of an entry in several languages it is the answer for every
// language, or the first.
func Lessons(name string, files map[string]string) (list []Lesson, err error) {
	taught, err := readTaught(name, files)
	for _, f := range taught.FAQ {
		l := Lesson{ID: f.ID, Questions: f.Questions, Keywords: f.Keywords, Answer: f.Answer["default"]}
		if languages := slices.Sorted(maps.Keys(f.Answer)); l.Answer == "" && len(languages) > 0 {
			l.Language, l.Answer = tania.Language(languages[0]), f.Answer[languages[0]]
		}
		list = append(list, l)
	}
	return list, err
}

// readTaught reads the TaughtFile of the bot of a name, where there is one.
func readTaught(name string, files map[string]string) (lessons taughtFile, err error) {
	file := TaughtFile(name)
	known, problems := parseBot(file, []byte(cmp.Or(files[file], "faq: []")))
	if problems != nil {
		return lessons, problems
	}
	for _, f := range known.file.FAQ {
		lessons.FAQ = append(lessons.FAQ, taughtEntry{f.ID, f.Questions, f.Keywords, f.Answer})
	}
	return lessons, nil
}

// find gives the place of an entry, -1 where there is none.
func (t taughtFile) find(id string) int {
	return slices.IndexFunc(t.FAQ, func(e taughtEntry) bool { return id != "" && e.ID == id })
}

// text is the file as it is written.
func (t taughtFile) text(name string) (string, error) {
	text, err := yaml.MarshalWithOptions(t, yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return "", fmt.Errorf("bot: %s: %w", TaughtFile(name), err)
	}
	return taughtHead + string(text), nil
}

// idsTaken are the ids of the bot's entries and of what it was taught.
func (b *Bot) idsTaken(lessons taughtFile) map[string]bool {
	taken := map[string]bool{}
	for _, f := range b.FAQ {
		taken[f.ID] = true
	}
	for _, f := range lessons.FAQ {
		taken[f.ID] = true
	}
	return taken
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
