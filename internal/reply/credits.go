package reply

import (
	"slices"
	"strings"

	"tania/internal/answer"
	"tania/internal/bot"
	"tania/internal/chatwoot/channels"
	"tania/internal/tania"
)

// mostCredits bounds the titles, or the links, that a customer is given below an answer.
const mostCredits = 3

// creditWords begin a line that names where an answer comes from.
var creditWords = bot.Text{tania.Spanish: "Fuente: ", tania.English: "Source: ", tania.Portuguese: "Fonte: "}

// answering plans to say an answer, and below it where it comes from, as the bot tells customers of the channel.
func (d *decision) answering(record tania.Record, text string) Plan {
	p := d.saying(Plan{Record: record}, text)
	credit := credits(d.Bot, d.newest().Channel, record, text)
	if credit == "" {
		return p
	}
	if p.Paced {
		if alone := channels.Fit(d.newest().Channel, credit); len(p.Parts)+len(alone) <= mostParts {
			p.Parts = append(p.Parts, alone...)
		}
		return p
	}
	if parts := credited(d.newest().Channel, text, credit); len(parts) <= mostParts {
		p.Parts = parts
	}
	return p
}

// credits says where an answer comes from, "" for nothing. What the answer says already is not said again.
func credits(b *bot.Bot, channel tania.Channel, record tania.Record, text string) string {
	kind := b.Credit(channel)
	if kind == bot.CreditNone {
		return ""
	}
	var titles, links []string
	for _, source := range record.Sources {
		r, _ := b.Reference(source)
		titles = add(titles, answer.Title(r, record.Language))
		if !mentions(text, r.URL) {
			links = add(links, r.URL)
		}
	}
	if kind == bot.CreditLinks {
		return strings.Join(links, "\n")
	}
	line := creditWords.In(record.Language, b.Language) + strings.Join(titles, "; ")
	if len(titles) == 0 || strings.Contains(text, line) {
		return ""
	}
	return line
}

func add(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) || len(list) == mostCredits {
		return list
	}
	return append(list, s)
}

// mentions reports whether a text has a link, whether or not it ends in a slash; a longer link that begins like it is another one.
func mentions(text, link string) bool {
	link = strings.TrimSuffix(link, "/")
	for link != "" {
		_, rest, found := strings.Cut(text, link)
		if !found {
			return false
		}
		end := strings.TrimLeft(rest, "/.,;:!?)]}>*_'\"»”")
		if end == "" || strings.ContainsAny(end[:1], " \t\n") {
			return true
		}
		text = rest
	}
	return false
}

// credited are the messages of an answer with its credit at their end: in the last one where it fits, else in one of its own, so that it is
// not cut apart.
func credited(channel tania.Channel, text, credit string) []string {
	alone := channels.Fit(channel, credit)
	if together := channels.Fit(channel, text+"\n\n"+credit); len(alone) == 1 && strings.HasSuffix(together[len(together)-1], "\n\n"+alone[0]) {
		return together
	}
	return append(channels.Fit(channel, text), alone...)
}
