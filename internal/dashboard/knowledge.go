package dashboard

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tania/internal/answer/knowledge"
	"tania/internal/bot"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages/known"
	"tania/internal/tania"
)

const (
	// entriesListed is how many entries a page of the list has, entriesFound how many a search shows.
	entriesListed, entriesFound = 50, 12
	// longestSearched bounds what is searched by, in characters.
	longestSearched = 500
	// longestEntry is how much of an entry is shown, in characters.
	longestEntry = 400
)

// knowledge shows what a bot knows: all of it, or what it finds for a text and why.
func (d *Dashboard) knowledge(w http.ResponseWriter, r *http.Request) {
	v := known.Knowledge{Bots: d.taughtAlone(), Words: strings.TrimSpace(r.FormValue("words")), Why: r.FormValue("why")}
	name := d.taughtAs(r.FormValue("bot"))
	if of := r.FormValue("of"); of != "" {
		asked, by, err := d.askedIn(r.Context(), of)
		if err != nil {
			d.failed(w, r, err)
			return
		}
		if v.Words, v.Of = asked, of; asked == "" {
			d.refuse(w, r, http.StatusNotFound, "no_message")
			return
		}
		name = d.taughtAs(by)
	}
	_, of := d.Bot.Loaded().Named(name)
	v.Bot = name
	if runes := []rune(v.Words); len(runes) > longestSearched {
		v.Words = string(runes[:longestSearched])
	}
	v.Sources = d.sources(r.Context())
	if v.Words != "" && d.Bot.Explain != nil {
		found, vectors := d.Bot.Explain(r.Context(), name, v.Words, entriesFound, v.Why)
		v.Vectors, v.Searched = vectors, true
		for i := range found {
			v.Entries = append(v.Entries, explained(&found[i], of))
		}
	} else {
		v.From, _ = strconv.Atoi(r.FormValue("from"))
		v.Entries, v.All = listed(of, max(v.From, 0))
	}
	d.render(w, r, http.StatusOK, element.Page{Title: "knowledge.title", Here: "/knowledge", Content: v})
}

// askedIn gives what a message asked and the bot that answers there now; of is "account:conversation:message". It is empty where there is
// no such message, or where customers are hidden.
func (d *Dashboard) askedIn(ctx context.Context, of string) (text, by string, err error) {
	at := strings.LastIndexByte(of, ':')
	if at < 0 || bool(d.Mask) {
		return "", "", nil
	}
	key, errKey := tania.ParseConversationKey(of[:at])
	message, errID := strconv.ParseInt(of[at+1:], 10, 64)
	if errKey != nil || errID != nil {
		return "", "", nil
	}
	records, err := d.Engine.Records(ctx, key)
	i := slices.IndexFunc(records, func(r tania.Record) bool { return r.Message == tania.MessageID(message) })
	if err != nil || i < 0 {
		return "", "", err
	}
	by = records[i].Bot
	if d.Bot.At != nil {
		by, err = d.Bot.At(ctx, key, records[i].Inbox)
	}
	return strings.TrimSpace(records[i].Content), by, err
}

// listed gives a page of what a bot knows, in the order of bot.yaml, and how many there are.
func listed(of *bot.Bot, from int) (list []known.Known, all int) {
	all = len(of.FAQ) + len(of.Knowledge)
	for i := from; i < min(from+entriesListed, all); i++ {
		if i < len(of.FAQ) {
			list = append(list, knownFAQ(&of.FAQ[i], of))
		} else {
			list = append(list, knownPassage(&of.Knowledge[i-len(of.FAQ)]))
		}
	}
	return list, all
}

func explained(x *knowledge.Explained, of *bot.Bot) (k known.Known) {
	if x.FAQ != nil {
		k = knownFAQ(x.FAQ, of)
	} else {
		k = knownPassage(x.Passage)
	}
	k.Place, k.ByWords, k.Share, k.Likely, k.Has, k.Lacks = x.Place, x.ByWords, x.Share, x.Likely, x.Has, x.Lacks
	return k
}

func knownFAQ(f *bot.FAQ, of *bot.Bot) known.Known {
	return known.Known{
		Source: "faq:" + f.ID, Title: strings.Join(f.Questions[:min(3, len(f.Questions))], "\n"), Text: cut(f.Answer.In(of.Language, of.Language)),
	}
}

func knownPassage(p *bot.Passage) known.Known {
	return known.Known{Source: p.Source, Title: p.Title, Text: cut(p.Text)}
}

// cut is the beginning of a text.
func cut(text string) string {
	if utf8.RuneCountInString(text) <= longestEntry {
		return text
	}
	return string([]rune(text)[:longestEntry-1]) + "…"
}

// sources tells how the sources are. What cannot be read is in the log.
func (d *Dashboard) sources(ctx context.Context) (list []known.Source) {
	if d.Bot.Versions == nil {
		return nil
	}
	read, err := d.Bot.Versions.Sources(ctx)
	if err != nil {
		d.Log.Warn("dashboard: how the sources are was not read", "error", err)
	}
	for _, s := range read {
		list = append(list, known.Source{
			Address: s.Source, Read: s.Read, Next: s.Next, Documents: s.Documents, Passages: s.Passages, Error: s.Error,
		})
	}
	return list
}
