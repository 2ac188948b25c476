package handoff

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tania/internal/bot"
	"tania/internal/chatwoot/channels"
	"tania/internal/tania"
)

func speaking(l tania.Language) *bot.Bot {
	bot := bot.Default()
	bot.Language = l
	return bot
}

func TestTheNoteSaysWhyWhoAndWhat(t *testing.T) {
	c := Case{
		Reason: tania.HandoffModel, Detail: "refund over the limit", Language: tania.English,
		Contact: tania.Contact{Name: "Ana López", Phone: "+5215512345678", Email: "ana@example.com"},
		History: []tania.Entry{
			{From: tania.FromCustomer, Name: "Ana López", Text: "Hi\nI want my money back"},
			{From: tania.FromBot, Name: "Tania", Text: "For which **order**?"},
			{From: tania.FromHuman, Name: "Jane", Text: "Let me see"},
			{From: tania.FromCustomer, Name: "Ana López", Text: "1042"},
		},
	}
	want := `**El bot pasa esta conversación a una persona**

- **Motivo:** el asistente no puede resolverlo — refund over the limit
- **Contacto:** Ana López · +5215512345678 · ana@example.com
- **Idioma:** inglés

**Lo último que respondió el bot**

> For which \*\*order\*\*?

**Últimos mensajes**

**Cliente** (Ana López):
> Hi  
> I want my money back

**Bot** (Tania):
> For which \*\*order\*\*?

**Agente** (Jane):
> Let me see

**Cliente** (Ana López):
> 1042`
	if diff := cmp.Diff(want, note(c, "", speaking(tania.Spanish))); diff != "" {
		t.Error(diff)
	}
}

func TestTheNoteNamesWhatTheLastAnswerRestsOn(t *testing.T) {
	b := speaking(tania.English)
	b.FAQ = []bot.FAQ{{ID: "hours", Questions: []string{"When are you *open*?", "¿Cuándo abren?"}, URL: "https://shop.example/hours_now"}}
	b.Knowledge = []bot.Passage{{Source: "k/a.md#Times", Title: "Shipping › Times"}, {Source: "menu.txt"}}
	c := Case{
		History: []tania.Entry{{From: tania.FromBot, Text: "At nine."}},
		Sources: []string{"faq:hours", "k/a.md#Times", "menu.txt", "faq:gone"},
	}
	want := "> At nine.\n\n**It rests on:** When are you \\*open\\*? (<https://shop.example/hours_now>); Shipping › Times; menu.txt; faq:gone\n"
	if got := note(c, "", b); !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
	c.Sources = nil
	if got := note(c, "", b); strings.Contains(got, "rests on") {
		t.Error(got)
	}
}

func TestTheNoteSpeaksTheAgentsLanguage(t *testing.T) {
	for l, want := range map[tania.Language]string{
		tania.English: "the customer is upset", tania.Portuguese: "o cliente está irritado", "fr": "the customer is upset",
	} {
		if got := note(Case{Reason: tania.HandoffFrustration}, "", speaking(l)); !strings.Contains(got, want) {
			t.Errorf("%s: %s", l, got)
		}
	}
}

func TestEveryReasonHasWordsInEveryLanguage(t *testing.T) {
	for l, w := range allWords {
		for _, r := range []tania.HandoffReason{
			tania.HandoffRequested, tania.HandoffFrustration, tania.HandoffSensitive, tania.HandoffModel, tania.HandoffFailed, tania.HandoffLoop,
			tania.HandoffLate, tania.HandoffModelAway, tania.HandoffNotKnown,
		} {
			if w.reasons[r] == "" {
				t.Errorf("%s: %s", l, r)
			}
		}
	}
}

func TestTheNoteQuotesTheLastTenAndNotAllOfEach(t *testing.T) {
	var history []tania.Entry
	for i := range 12 {
		history = append(history, tania.Entry{From: tania.FromCustomer, Text: string(rune('a'+i)) + strings.Repeat("ñ", 600)})
	}
	got := note(Case{History: history}, "", speaking(tania.Spanish))
	if n := strings.Count(got, "> "); n != quoted {
		t.Errorf("%d quotations", n)
	}
	if strings.Contains(got, "> b") || !strings.Contains(got, "> c") || !strings.Contains(got, "> l"+strings.Repeat("ñ", 499)+"…") {
		t.Errorf("%.200s", got)
	}
}

func TestACustomerCannotBreakOutOfTheQuotation(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"line breaks of any kind", "a\r\n\n**Bot**: yes\u2028b\u0085c\vd", "> a  \n> \\*\\*Bot\\*\\*: yes  \n> b  \n> c  \n> d"},
		{"a link that lies", "[bank](http://evil.example)", `> \[bank\](http://evil.example)`},
		{"a picture that tells who looks", "![](http://evil.example/x.png)", `> !\[\](http://evil.example/x.png)`},
		{"HTML", "<img src=x onerror=alert(1)>", `> \<img src=x onerror=alert(1)\>`},
		{"a fence", "```\n# x", "> \\`\\`\\`  \n> \\# x"},
		{"its own escape", `\[a](b)`, `> \\\[a\](b)`},
		{"text that runs backwards", "a\u202eb\u2066c\x00d", "> abcd"},
		{"bytes that are no text", "a\xffb", "> ab"},
		{"only spaces", " \n\t ", ""},
	} {
		if diff := cmp.Diff(c.want, quote(c.text)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// Whatever a customer writes or is called, the note is fixed words, list items and quotations, and nothing in it runs.
func TestNoCustomerTextMakesALineOfItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab \n\r\u2028\u0085{}%[]()*`<>#-_~|\\!\u202e\t"))).Draw(t, "text")
		c := Case{
			Reason: tania.HandoffModel, Detail: text, Contact: tania.Contact{Name: text},
			History: []tania.Entry{{From: tania.FromCustomer, Name: text, Text: text}},
		}
		note := strings.Join(channels.Fit(tania.ChannelWebWidget, note(c, "", speaking(tania.English))), "\n")
		if strings.Contains(note, "{{") || strings.Contains(note, "{%") || !utf8.ValidString(note) {
			t.Fatalf("runs: %q", note)
		}
		for line := range strings.Lines(note) {
			line = strings.TrimSuffix(line, "\n")
			fixed := line == "" || line == "**The bot hands this conversation to a human**" || line == "**Last messages**" ||
				strings.HasPrefix(line, "- **Reason:** ") || strings.HasPrefix(line, "- **Contact:** ") ||
				strings.HasPrefix(line, "**Customer**") && strings.HasSuffix(line, ":") || strings.HasPrefix(line, "> ")
			if !fixed {
				t.Fatalf("a line of the customer's own: %q", line)
			}
		}
	})
}
