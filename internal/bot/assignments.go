package bot

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"tania/internal/setting"
	"tania/internal/tania"
)

// maxAssignments bounds the bots of one bot.yaml.
const maxAssignments = 100

// Main names the bot that answers wherever no other is assigned.
const Main = "main"

// Assignment is a bot that answers in some places instead of the main one.
type Assignment struct {
	// Name is unique: small letters, digits, - and _.
	Name string
	// When are the places.
	When When
	// File is that of the bot, beside or below bot.yaml; empty: it has none of its own.
	File string
	// Bot is who answers: that of a file of its own, else the main one, by other settings.
	Bot *Bot
	// TokenFrom and KeyFrom name the variables with this bot's Chatwoot token and the key of its model; empty: those of the main bot.
	TokenFrom, KeyFrom string
	// Team gets the conversations that are handed over, whatever their inbox; 0: as for the main bot.
	Team tania.TeamID
	// Settings are other values of variables, by their names.
	Settings map[string]string

	// places are where the keys stand in bot.yaml.
	places map[string]setting.Problem
}

// Problem is a problem with one of the assignment's keys, "token_from" or "settings.BOT_LABEL" for example.
func (a *Assignment) Problem(key, text, fix string) setting.Problem {
	p := a.places[key]
	p.Text, p.Fix = key+" "+text, fix
	return p
}

// When names places: all that is given must fit. Of a list one must.
type When struct {
	// Account 0 is the account of the main bot.
	Account tania.AccountID
	Inboxes []tania.InboxID
	// Channels are as Tania names them; one name of bot.yaml may stand for two.
	Channels []tania.Channel
	// Labels are the conversation's.
	Labels []string
}

type assignmentFile struct {
	Name      string                 `yaml:"name"`
	When      whenFile               `yaml:"when"`
	File      string                 `yaml:"file"`
	TokenFrom string                 `yaml:"token_from"`
	KeyFrom   string                 `yaml:"key_from"`
	Team      int64                  `yaml:"team"`
	Settings  map[string]settingFile `yaml:"settings"`
}

type whenFile struct {
	Account  int64    `yaml:"account"`
	Inboxes  []int64  `yaml:"inboxes"`
	Channels []string `yaml:"channels"`
	Labels   []string `yaml:"labels"`
}

// settingFile is the value of a variable: what stands in YAML as a text, a number, true or false, or a list of these.
type settingFile string

// UnmarshalYAML takes all forms.
func (v *settingFile) UnmarshalYAML(decode func(any) error) error {
	var given any
	if err := decode(&given); err != nil {
		return err
	}
	switch given := given.(type) {
	case []any:
		var parts []string
		for _, one := range given {
			parts = append(parts, fmt.Sprint(one))
		}
		*v = settingFile(strings.Join(parts, ","))
	case nil:
		*v = ""
	default:
		*v = settingFile(strings.TrimSpace(fmt.Sprint(given)))
	}
	return nil
}

var assignmentName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// assignments reads the bots that answer in some places, and their files, which are beside or below bot.yaml.
func (s *botSource) assignments(fsys fs.FS, main *Bot) (list []Assignment, ps setting.Problems) {
	if len(s.file.Bots) > maxAssignments {
		return nil, setting.Problems{s.problem("$.bots", fmt.Sprintf("has more than %d bots", maxAssignments),
			"serve the others by processes of their own")}
	}
	for i := range s.file.Bots {
		f, at := &s.file.Bots[i], fmt.Sprintf("$.bots[%d]", i)
		bad := func(key, text, fix string) { ps = append(ps, s.problem(at+key, text, fix)) }
		a := Assignment{
			Name: f.Name, Bot: main, TokenFrom: strings.TrimSpace(f.TokenFrom), KeyFrom: strings.TrimSpace(f.KeyFrom),
			Team: tania.TeamID(f.Team), places: map[string]setting.Problem{},
		}
		switch {
		case !assignmentName.MatchString(f.Name):
			bad(".name", fmt.Sprintf("%q is not a name of a bot", f.Name), "write small letters, digits, - and _, support for example")
		case f.Name == Main:
			bad(".name", "is that of the bot of this file", "choose another name")
		case slices.ContainsFunc(list, func(b Assignment) bool { return b.Name == f.Name }):
			bad(".name", fmt.Sprintf("%q is the name of an earlier bot", f.Name), "give each bot a name of its own")
		}
		if f.Team < 0 {
			bad(".team", "is not the id of a team", "write the number at the end of the team's address in Chatwoot")
		}
		var more setting.Problems
		a.When, more = s.when(at+".when", &f.When)
		if ps = append(ps, more...); len(more) == 0 {
			ps = append(ps, s.reached(at+".when", a, list)...)
		}
		for _, key := range []string{"token_from", "key_from", "settings"} {
			a.places[key] = s.problem(at+"."+key, "", "")
		}
		for _, name := range slices.Sorted(maps.Keys(f.Settings)) {
			if a.Settings == nil {
				a.Settings = map[string]string{}
			}
			a.Settings[name] = string(f.Settings[name])
			a.places["settings."+name] = s.problem(at+".settings."+name, "", "")
		}
		if f.File != "" {
			a.File = f.File
			a.Bot, more = s.assigned(fsys, at+".file", f.File)
			ps = append(ps, more...)
		}
		list = append(list, a)
	}
	return list, ps
}

// assigned reads the file of an assignment.
func (s *botSource) assigned(fsys fs.FS, at, file string) (*Bot, setting.Problems) {
	name := path.Clean(strings.ReplaceAll(strings.TrimSpace(file), `\`, "/"))
	wrong := func(text, fix string) (*Bot, setting.Problems) {
		return nil, setting.Problems{s.problem(at, text, fix)}
	}
	if !fs.ValidPath(name) || name == "." {
		return wrong(fmt.Sprintf("(%s) is not beside or below %s", file, s.name), "name a file there, support/bot.yaml for example")
	}
	beside, err := fs.Sub(fsys, path.Dir(name))
	if err != nil {
		return wrong(fmt.Sprintf("(%s) %v", file, err), "name a file that is there")
	}
	b, err := s.reader.load(beside, path.Base(name), path.Dir(name))
	var problems setting.Problems
	switch {
	case errors.As(err, &problems):
		return nil, problems
	case errors.Is(err, fs.ErrNotExist):
		return wrong("("+name+") is not there", "write it after the example in examples/bot.yaml, or remove the line: the bot of this file answers then")
	case err != nil:
		return wrong(fmt.Sprintf("(%s) cannot be read: %v", name, err), "make it readable for Tania")
	}
	return b, nil
}

// when reads the places of an assignment.
func (s *botSource) when(at string, f *whenFile) (w When, ps setting.Problems) {
	bad := func(key, text, fix string) { ps = append(ps, s.problem(at+key, text, fix)) }
	if f.Account < 0 {
		bad(".account", "is not the id of an account", "write the number behind /accounts/ in Chatwoot's address")
	}
	w.Account = tania.AccountID(f.Account)
	for i, inbox := range f.Inboxes {
		if inbox <= 0 {
			bad(fmt.Sprintf(".inboxes[%d]", i), "is not the id of an inbox", "write the number behind /inbox/ in Chatwoot's address")
		}
		w.Inboxes = append(w.Inboxes, tania.InboxID(inbox))
	}
	for i, name := range f.Channels {
		channels, ok := channelNames[name]
		if !ok || name == "default" {
			names := slices.DeleteFunc(slices.Sorted(maps.Keys(channelNames)), func(n string) bool { return n == "default" })
			bad(fmt.Sprintf(".channels[%d]", i), fmt.Sprintf("%q is not a channel", name), "write one of "+strings.Join(names, ", "))
		}
		w.Channels = append(w.Channels, channels...)
	}
	for i, label := range f.Labels {
		if label == "" || strings.ToLower(label) != label || strings.ContainsAny(label, " ,") {
			bad(fmt.Sprintf(".labels[%d]", i), fmt.Sprintf("%q is not a label", label), "write it as Chatwoot shows it: small letters, digits, - and _")
		}
		w.Labels = append(w.Labels, label)
	}
	if f.Account == 0 && len(f.Inboxes)+len(f.Channels)+len(f.Labels) == 0 {
		bad("", "names no place", "write account, inboxes, channels or labels; what no bot is assigned to, the bot of this file answers")
	}
	return w, ps
}

// reached finds an assignment that earlier ones leave nothing of, and a place that two of one kind claim: the order between places of
// different kinds says which counts, but of two lists of inboxes nobody means both.
func (s *botSource) reached(at string, a Assignment, earlier []Assignment) setting.Problems {
	for i := range earlier {
		e := &earlier[i]
		if e.When.covers(&a.When) {
			return setting.Problems{s.problem(at, "is never reached: all of it is assigned to "+e.Name+" before",
				"move it above "+e.Name+", or name other places")}
		}
		if place := e.When.shares(&a.When); place != "" {
			return setting.Problems{s.problem(at, "names "+place+", as "+e.Name+" does", "leave it to one of the two")}
		}
	}
	return nil
}

// covers reports whether everything of o is in w.
func (w *When) covers(o *When) bool {
	return w.Account == o.Account && within(o.Inboxes, w.Inboxes) && within(o.Channels, w.Channels) && within(o.Labels, w.Labels)
}

// within reports whether a list names nothing that another does not; an empty one names everything.
func within[T comparable](list, other []T) bool {
	return len(other) == 0 ||
		len(list) > 0 && !slices.ContainsFunc(list, func(one T) bool { return !slices.Contains(other, one) })
}

// shares names what both claim where they are of one kind, "" for nothing.
func (w *When) shares(o *When) string {
	if w.Account != o.Account || len(w.Inboxes) > 0 != (len(o.Inboxes) > 0) || len(w.Channels) > 0 != (len(o.Channels) > 0) ||
		len(w.Labels) > 0 != (len(o.Labels) > 0) {
		return ""
	}
	var names []string
	for _, found := range []struct {
		kind  string
		asked bool
		name  string
	}{
		{"inbox", len(w.Inboxes) > 0, common(w.Inboxes, o.Inboxes)},
		{"channel", len(w.Channels) > 0, common(w.Channels, o.Channels)},
		{"label", len(w.Labels) > 0, common(w.Labels, o.Labels)},
	} {
		switch {
		case !found.asked:
		case found.name == "":
			return ""
		default:
			names = append(names, found.kind+" "+found.name)
		}
	}
	return strings.Join(names, " with ")
}

// common is the first element of a list that is in another, "" for none.
func common[T comparable](list, other []T) string {
	if i := slices.IndexFunc(list, func(one T) bool { return slices.Contains(other, one) }); i >= 0 {
		return fmt.Sprint(list[i])
	}
	return ""
}
