package bot

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"tania/internal/setting"
	"tania/internal/tania"
)

// Credit is what customers are told of where an answer comes from.
type Credit string

// The credits.
const (
	// CreditNone tells nothing.
	CreditNone Credit = "none"
	// CreditSource names the entries that the answer rests on, in a short line below it.
	CreditSource Credit = "source"
	// CreditLinks gives their links below it.
	CreditLinks Credit = "links"
)

var credits = []string{string(CreditNone), string(CreditSource), string(CreditLinks)}

// anyChannel is the key of a bot's Citations for the channels that have none of their own.
const anyChannel tania.Channel = ""

// channelNames are the channels as bot.yaml names them, whoever carries them.
var channelNames = map[string][]tania.Channel{
	"default": {anyChannel}, "web": {tania.ChannelWebWidget}, "api": {tania.ChannelAPI}, "email": {tania.ChannelEmail},
	"whatsapp": {tania.ChannelWhatsApp, tania.ChannelTwilioWhatsApp}, "sms": {tania.ChannelSMS, tania.ChannelTwilio},
	"facebook": {tania.ChannelFacebook}, "instagram": {tania.ChannelInstagram}, "telegram": {tania.ChannelTelegram},
	"line": {tania.ChannelLine}, "tiktok": {tania.ChannelTikTok}, "x": {tania.ChannelX},
}

// Credit is what customers of a channel are told of where an answer comes from.
func (b *Bot) Credit(c tania.Channel) Credit {
	for _, channel := range []tania.Channel{c, anyChannel} {
		if credit, ok := b.Citations[channel]; ok {
			return credit
		}
	}
	return CreditNone
}

// Reference is what people are told of an FAQ entry or a passage.
type Reference struct {
	// Titles are the passage's title, or the questions of the entry in all their languages; none where it has no title.
	Titles []string
	// URL is where it can be read, empty if nowhere.
	URL string
}

// Reference finds what a decision record's source names. A source that was read from an address is found there.
func (b *Bot) Reference(source string) (Reference, bool) {
	if id, ok := strings.CutPrefix(source, "faq:"); ok {
		if i := slices.IndexFunc(b.FAQ, func(f FAQ) bool { return f.ID == id }); i >= 0 {
			return Reference{b.FAQ[i].Questions, b.FAQ[i].URL}, true
		}
	}
	i := slices.IndexFunc(b.Knowledge, func(p Passage) bool { return p.Source == source })
	if i < 0 {
		return Reference{}, false
	}
	r := Reference{trimmed([]string{b.Knowledge[i].Title}), b.Knowledge[i].URL}
	if address, _, _ := strings.Cut(source, "#"); r.URL == "" && validURL(address) {
		r.URL = address
	}
	return r, true
}

// citations takes the credits of the file.
func (s *botSource) citations(b *Bot) (ps setting.Problems) {
	for _, name := range slices.Sorted(maps.Keys(s.file.Citations)) {
		at, credit := "$.citations."+name, strings.TrimSpace(s.file.Citations[name])
		if !slices.Contains(credits, credit) {
			ps = append(ps, s.problem(at, fmt.Sprintf("is %q", credit), "write "+strings.Join(credits, ", ")))
		}
		channels, ok := channelNames[name]
		if !ok {
			ps = append(ps, s.problem(at, "is not a channel", "write one of "+strings.Join(slices.Sorted(maps.Keys(channelNames)), ", ")))
		}
		for _, c := range channels {
			if b.Citations == nil {
				b.Citations = map[tania.Channel]Credit{}
			}
			b.Citations[c] = Credit(credit)
		}
	}
	return ps
}

// noLinks warns of credits that customers will not see.
func (s *botSource) noLinks(b *Bot) []string {
	linked := slices.ContainsFunc(b.FAQ, func(f FAQ) bool { return f.URL != "" }) ||
		slices.ContainsFunc(b.Knowledge, func(p Passage) bool { return p.URL != "" || validURL(p.Source) })
	if linked || !slices.Contains(slices.Collect(maps.Values(b.Citations)), CreditLinks) {
		return nil
	}
	p := s.problem("$.citations", "gives links, and no entry has one", "")
	return []string{p.Name + ": " + p.Text + "; write a url to the entries of faq and knowledge, or source in place of links"}
}

// longestURL bounds the link of an entry, in bytes: an SMS must have room for it.
const longestURL = 300

// link checks the link of an entry.
func (s *botSource) link(path, given string) (string, setting.Problems) {
	given = strings.TrimSpace(given)
	if given == "" || validURL(given) {
		return given, nil
	}
	return "", setting.Problems{s.problem(path, fmt.Sprintf("%q is not a link", given),
		fmt.Sprintf("write an address that begins with https:// or http://, at most %d characters without spaces, or remove it", longestURL))}
}

func validURL(s string) bool {
	u, err := url.Parse(s)
	web := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
	return web && len(s) <= longestURL && !strings.ContainsAny(s, " \t\n<>\"")
}

// frontMatterURL is the link that the front matter of a document gives.
func frontMatterURL(source []byte) string {
	var known struct {
		URL string `yaml:"url"`
	}
	// Front matter is written for other programs too: what is not YAML has no link for us.
	_ = yaml.Unmarshal(frontMatter(unixLines(source)), &known)
	return known.URL
}
