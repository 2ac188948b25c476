package channels

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/tania"
)

func TestMarkdownBecomesTextThatReadsWell(t *testing.T) {
	tests := []struct {
		name    string
		channel tania.Channel
		in, out string
	}{
		{"bold, italic and inline code stay", tania.ChannelTelegram, "**a** _b_ `c[1](2)`", "**a** _b_ `c[1](2)`"},
		{"headings are flat", tania.ChannelTelegram, "## Prices ##\ntext", "Prices\ntext"},
		{"a hashtag is no heading", tania.ChannelTelegram, "#sale today", "#sale today"},
		{
			"a fence is gone, its code untouched", tania.ChannelTelegram, "Run:\n```sh\n# comment\n[a](b)\n\n\ta | b\n--- | ---\n```\nDone",
			"Run:\n# comment\n[a](b)\n\n\ta | b\n--- | ---\nDone",
		},
		{"an open fence loses nothing", tania.ChannelTelegram, "```\na\nb", "a\nb"},
		{"a fence of tildes holds backticks", tania.ChannelTelegram, "~~~\n```\n~~~\nb", "```\nb"},
		{"three backticks within a line are code", tania.ChannelTelegram, "```a``` b", "```a``` b"},
		{"a rule is a paragraph's end", tania.ChannelTelegram, "a\n\n---\n\nb", "a\n\nb"},
		{"a dash in a list is no rule", tania.ChannelTelegram, "- a\n- b", "- a\n- b"},
		{
			"a table of two columns", tania.ChannelTelegram, "| Size | Price |\n|:--|--:|\n| Small | 300 |\n| Large | 500 |\n\nend",
			"Size · Price\n• Small: 300\n• Large: 500\n\nend",
		},
		{
			"a table of three columns", tania.ChannelTelegram, "Size | Price | For\n--- | --- | ---\nSmall | 300 | 20\nLarge | | 40",
			"• Size: Small · Price: 300 · For: 20\n• Size: Large · For: 40",
		},
		{"a table without rows", tania.ChannelTelegram, "| A | B | C |\n|---|---|---|", "A · B · C"},
		{"a table with an escaped pipe and a longer row", tania.ChannelTelegram, "|A|B|\n|-|-|\n|x\\|y|1|2|", "A · B\n• A: x|y · B: 1 · 2"},
		{"a pipe alone is no table", tania.ChannelTelegram, "a | b\nc | d", "a | b\nc | d"},
		{"links in a table", tania.ChannelTelegram, "|A|B|\n|-|-|\n|x|[y](http://z.example)|", "A · B\n• x: y (http://z.example)"},
		{"a link", tania.ChannelTelegram, "see [the page](https://a.example/x_(y)) now", "see the page (https://a.example/x_(y)) now"},
		{"a link on WhatsApp", tania.ChannelWhatsApp, "see [the page](https://a.example/x) now", "see the page: https://a.example/x now"},
		{
			"a link that is its address", tania.ChannelWhatsApp,
			"[https://a.example](https://a.example) [a@b.example](mailto:a@b.example) [+34 600](tel:+34600)",
			"https://a.example a@b.example +34 600: +34600",
		},
		{"a link with a title", tania.ChannelSMS, `[x](http://a.example "hover")`, "x (http://a.example)"},
		{
			"an image", tania.ChannelLine, "![](http://a.example/p.png) ![cake](http://a.example/c.png)",
			"http://a.example/p.png cake (http://a.example/c.png)",
		},
		{"an image in a link", tania.ChannelLine, "[![](http://a.example/p.png)](http://a.example)", "http://a.example/p.png (http://a.example)"},
		{"brackets that are no link", tania.ChannelLine, "a[1] (b) [c]", "a[1] (b) [c]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.out, strings.Join(Fit(tt.channel, tt.in), "\f")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMarkdownStaysWhereItIsShown(t *testing.T) {
	text := "# Title\n\n|A|B|\n|-|-|\n|x|y|\n\n```go\ncode\n```\n\n[a](http://b.example)"
	for _, channel := range []tania.Channel{tania.ChannelWebWidget, tania.ChannelAPI, tania.ChannelEmail} {
		if diff := cmp.Diff([]string{text}, Fit(channel, text)); diff != "" {
			t.Errorf("%s: %s", channel, diff)
		}
	}
}
