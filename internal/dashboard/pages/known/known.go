// Package known is the page of what a bot knows: its entries and sources, and what was found for a question, come in, HTML goes out.
package known

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// Knowledge is the data of the page of what a bot knows.
type Knowledge struct {
	// Bot is whose knowledge it is, of Bots; these are empty where there is one only.
	Bot  string
	Bots []string
	// Words are what is looked for; Of names the message that they are of, "" where they were typed.
	Words, Of string
	// Why is the source of the entry that is asked about, "" for none.
	Why     string
	Sources []Source
	// Entries are those that were found, where it was Searched, with Vectors or by words alone; else those from number From of All.
	Entries           []Known
	Searched, Vectors bool
	From, All         int
}

// Known is an entry of the FAQ, or a passage. What stands behind Text is how a search found it.
type Known struct {
	Source, Title, Text string
	// Place is where it was ranked, from 1, ByWords where words alone would.
	Place, ByWords int
	// Share is how much of what was asked it has, Likely how likely it is the answer, both from 0 to 1.
	Share, Likely float64
	// Has are the words of what was asked that it has, Lacks those that it has not.
	Has, Lacks []string
}

// PathOf is the address of what the bot finds for a message.
func PathOf(key tania.ConversationKey, message tania.MessageID) string {
	return "/knowledge?" + url.Values{"of": {key.String() + ":" + strconv.FormatInt(int64(message), 10)}}.Encode()
}

// Nodes implements element.Content.
func (v Knowledge) Nodes(t *texts.Texts) g.Node {
	return g.Group{h.P(h.Class("help"), t.Say("knowledge.help")), v.form(t), v.found(t), Sources(t, v.Sources)}
}

func (v Knowledge) form(t *texts.Texts) g.Node {
	return h.Form(
		h.Class("filters"), h.Method("get"), h.Action("/knowledge"), h.Role("search"), h.Aria("label", t.Text("knowledge.search")),
		element.Field("words", t.Text("knowledge.words"), h.Input(
			h.ID("words"), h.Name("words"), h.Value(v.Words), h.MaxLength("500"), element.TestID("words"))),
		g.Iff(len(v.Bots) > 0, func() g.Node {
			return element.Field("bot", t.Text("teach.bot"), h.Select(
				h.ID("bot"), h.Name("bot"), g.Map(v.Bots, func(name string) g.Node { return element.Option(name, name, name == v.Bot) })))
		}),
		element.Field("why", t.Text("knowledge.why"), h.Input(
			h.ID("why"), h.Name("why"), h.Value(v.Why), h.MaxLength("300"), h.Placeholder("faq:shipping"), element.TestID("why"))),
		h.Button(element.TestID("search"), t.Say("knowledge.search_go")),
	)
}

func (v Knowledge) found(t *texts.Texts) g.Node {
	if len(v.Entries) == 0 {
		return element.Empty(element.TestID("none"), t.Say("knowledge.none"))
	}
	title := t.Text("knowledge.all")
	if v.Searched {
		title = t.Text("knowledge.found")
	}
	listed := v.Why == ""
	for _, k := range v.Entries {
		listed = listed || k.Source == v.Why
	}
	return element.Section("entries", title,
		g.If(v.Searched && !v.Vectors, h.P(h.Class("help"), t.Say("knowledge.words_alone"))),
		g.If(v.Searched && v.Vectors, h.P(h.Class("help"), t.Say("knowledge.with_vectors"))),
		g.If(v.Searched && !listed, element.Banner("warn", h.Role("status"), element.TestID("no-such"), t.Say("knowledge.no_such", v.Why))),
		h.Ul(h.Class("cards asked"), g.Map(v.Entries, func(k Known) g.Node { return k.node(t, v) })),
		g.If(!v.Searched, element.ShownOf(t, min(v.All, v.From+len(v.Entries)), int64(v.All))),
		g.If(!v.Searched && v.From+len(v.Entries) < v.All, h.P(h.A(
			h.Href("/knowledge?"+url.Values{"bot": {v.Bot}, "from": {strconv.Itoa(v.From + len(v.Entries))}}.Encode()), t.Say("knowledge.next")))),
	)
}

func (k Known) node(t *texts.Texts, v Knowledge) g.Node {
	return h.Li(
		h.Class("card"), element.TestID("known"),
		g.If(k.Title != "", h.P(h.B(h.Class("text"), g.Text(k.Title)))),
		g.If(k.Text != "", h.BlockQuote(h.Class("text"), g.Text(k.Text))),
		h.P(h.Code(g.Text(k.Source)), g.If(v.Searched && k.Source == v.Why, g.Group{
			g.Text(" "), element.Badge("warn", t.Text("knowledge.asked_about")),
		})),
		g.Iff(v.Searched, func() g.Node {
			return h.Dl(
				h.Class("why"),
				element.Entry(t.Text("knowledge.place"), g.Text(k.place(t, v.Vectors))),
				element.Entry(t.Text("knowledge.likely"), g.Text(t.Percent(k.Likely))),
				element.Entry(t.Text("knowledge.share"), g.Text(t.Percent(k.Share))),
				element.Given(t.Text("knowledge.has"), strings.Join(k.Has, ", ")),
				element.Given(t.Text("knowledge.lacks"), strings.Join(k.Lacks, ", ")),
			)
		}),
	)
}

// place is where an entry was ranked, and where words alone would have.
func (k Known) place(t *texts.Texts, vectors bool) string {
	if !vectors || k.Place == k.ByWords {
		return strconv.Itoa(k.Place)
	}
	return fmt.Sprintf("%d (%s)", k.Place, t.Text("knowledge.by_words", k.ByWords))
}
