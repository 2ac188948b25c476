package bot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/tania"
)

func TestCreditsAreSetForAllChannelsOrForEach(t *testing.T) {
	for _, c := range []struct {
		name, yaml string
		want       map[tania.Channel]Credit
	}{
		{"nothing set", "name: Ana", map[tania.Channel]Credit{tania.ChannelWebWidget: CreditNone, "": CreditNone}},
		{"one for all", "citations: links", map[tania.Channel]Credit{tania.ChannelWebWidget: CreditLinks, "": CreditLinks}},
		{
			"one for each", "citations: {default: source, whatsapp: none, web: links}",
			map[tania.Channel]Credit{
				tania.ChannelWebWidget: CreditLinks, tania.ChannelEmail: CreditSource, tania.ChannelWhatsApp: CreditNone,
				tania.ChannelTwilioWhatsApp: CreditNone, "Channel::New": CreditSource,
			},
		},
		{"only some", "citations: {sms: source}", map[tania.Channel]Credit{tania.ChannelTwilio: CreditSource, tania.ChannelEmail: CreditNone}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := botOf(t, c.yaml)
			if err != nil {
				t.Fatal(err)
			}
			for channel, want := range c.want {
				if got := b.Credit(channel); got != want {
					t.Errorf("%q: got %s, want %s", channel, got, want)
				}
			}
		})
	}
}

func TestReferencesOfSources(t *testing.T) {
	b, err := botOf(t, `
faq:
  - {id: hours, questions: [When?, ¿Cuándo?], answer: At nine., url: "https://shop.example/hours"}
  - {id: plain, questions: [What?], answer: This.}
knowledge:
  - {title: Note, text: Own text., url: "https://shop.example/note"}
  - text: Untitled.
  - a.md
  - b.md
`, "a.md", "---\r\ntitle: x\r\nurl: https://shop.example/a\r\n---\r\n# One\r\nfirst\r\n# Two\r\nsecond",
		"b.md", "---\n: not { YAML\n---\n# Three\nthird")
	if err != nil {
		t.Fatal(err)
	}
	b.Knowledge = append(b.Knowledge, Passage{Source: "https://help.example/pay#Cards", Title: "Pay › Cards", Text: "Visa."})
	for source, want := range map[string]Reference{
		"faq:hours":                      {[]string{"When?", "¿Cuándo?"}, "https://shop.example/hours"},
		"faq:plain":                      {[]string{"What?"}, ""},
		"bot.yaml#Note":                  {[]string{"Note"}, "https://shop.example/note"},
		"bot.yaml":                       {nil, ""},
		"a.md#One":                       {[]string{"One"}, "https://shop.example/a"},
		"a.md#Two":                       {[]string{"Two"}, "https://shop.example/a"},
		"b.md#Three":                     {[]string{"Three"}, ""},
		"https://help.example/pay#Cards": {[]string{"Pay › Cards"}, "https://help.example/pay"},
	} {
		got, ok := b.Reference(source)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%s: %s", source, diff)
		}
	}
	for _, gone := range []string{"faq:gone", "gone.md", ""} {
		if got, ok := b.Reference(gone); ok {
			t.Errorf("%q is %+v", gone, got)
		}
	}
}

func TestLinksThatThereAreNotAreWarnedOf(t *testing.T) {
	for yaml, want := range map[string]int{
		"citations: links\nknowledge: [{text: Note.}]": 1, "citations: {sms: links}\nfaq: [{questions: [A?], answer: B}]": 1,
		"citations: source\nknowledge: [{text: Note.}]": 0, "citations: links\nknowledge: [{text: Note., url: 'https://a.example'}]": 0,
		"citations: links\nfaq: [{questions: [A?], answer: B, url: 'https://a.example'}]": 0,
	} {
		b, err := botOf(t, yaml)
		if err != nil || len(b.Warnings) != want {
			t.Errorf("%s: %v, %v", yaml, b.Warnings, err)
		}
	}
}

func TestWrongCreditsAndLinksAreReportedWithTheirPlace(t *testing.T) {
	_, err := botOf(t, `citations: {web: lnks, smoke: none}
faq:
  - {questions: [When?], answer: At nine., url: shop.example/hours}
knowledge:
  - {text: Note., url: "javascript:alert(1)"}
  - a.md
`, "a.md", "---\nurl: https://shop.example/a b\n---\n# One\nfirst")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`bot.yaml:1:18: citations.web is "lnks"; fix: write none, source, links`,
		"bot.yaml:1:31: citations.smoke is not a channel; fix: write one of api, default,",
		`bot.yaml:3:49: faq[0].url "shop.example/hours" is not a link; fix: write an address that begins with https://`,
		`knowledge[0].url "javascript:alert(1)" is not a link`, `knowledge[1] "https://shop.example/a b" is not a link`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%s", want, err)
		}
	}
	if _, err := botOf(t, "citations: no"); err == nil || !strings.Contains(err.Error(), `citations.default is "no"`) {
		t.Errorf("got %v", err)
	}
}
