package chatwoot

import (
	"strings"
	"testing"

	"tania/internal/tania"
)

const mail = "message_created__email__incoming_html"

// TestMailsAreReadWithoutSignatureAndHistory: each source in turn, as the better ones are missing.
func TestMailsAreReadWithoutSignatureAndHistory(t *testing.T) {
	const email = "content_attributes.email."
	lost := func(more ...string) map[string]any {
		edits := map[string]any{email + "text_content.quoted": nil}
		for _, path := range more {
			edits[path] = nil
		}
		return edits
	}
	tests := []struct {
		name  string
		edits map[string]any
		want  string
	}{
		{"the trimmed text", nil, "Hello,\n\nI want a refund for order #1042."},
		{"the trimmed HTML", lost(), "Hello,\n\nI want a refund for order #1042."},
		{"processed_message_content", map[string]any{
			email + "text_content": nil, email + "html_content": nil, "conversation.messages.0.processed_message_content": "processed",
		}, "processed"},
		{
			"the reply, cut at the signature", lost(email+"html_content.quoted", "conversation.messages"),
			"Hello,\n\nI want a refund for order #1042.",
		},
		{"the content, cut at the history", map[string]any{
			email + "text_content": nil, email + "html_content": nil, "conversation.messages": nil, "content": "New.\n\n> old\n> older\n\n",
		}, "New."},
		{"an answer below the history is kept", map[string]any{
			email + "text_content": nil, email + "html_content": nil, "conversation.messages": nil, "content": "> question?\n\nAnswer.",
		}, "> question?\n\nAnswer."},
		{"the HTML, without head, style and history", map[string]any{
			email + "text_content": nil, "conversation.messages": nil, "content": nil,
			"content_attributes.email.html_content": map[string]any{"full": "<html><head><title>T</title><style>p{}</style><body><p>Is a&nbsp;&lt; b\r\n  always?</p><ul><li>one<li>two</ul><blockquote>old</blockquote></body></html>"},
		}, "Is a < b always?\n\none\ntwo"},
		{"the subject where the mail is empty", map[string]any{
			email + "text_content": nil, email + "html_content": nil, "conversation.messages": nil, "content": "",
		}, "Refund for order #1042"},
		{"e-mail attributes of a wrong type", map[string]any{
			"content_attributes.email": "x", "conversation.messages": nil,
			"content": "plain a < b",
		}, "plain a < b"},
		{"HTML without attributes", map[string]any{
			"content_attributes": nil, "conversation.messages": nil,
			"content": "<div>one</div><div>two</div>",
		}, "one\ntwo"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := decode(t, edited(t, mail, tt.edits)).Message.Content; got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestOnlyRenderedHTMLIsTakenForMarkup(t *testing.T) {
	for content, want := range map[string]string{
		"<p>Hello</p>\n":                        "Hello",
		"<p>a &lt;3 b</p>\n":                    "a <3 b",
		"<p>one<br />\ntwo</p>\n":               "one\ntwo",
		"<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n": "a\nb",
		"<h2>T</h2>\n<p>x</p>\n":                "T\n\nx",
		"<p>see <a href=\"https://a.example\">https://a.example</a></p>\n": "see https://a.example",
		"<pre><code>x &gt; y\n  z\n</code></pre>\n":                        "x > y\nz",
		"a < b and b > c":           "a < b and b > c",
		"<3":                        "<3",
		"I <b>really</b> mean it":   "I <b>really</b> mean it",
		"what does <p> mean?":       "what does <p> mean?",
		"<p> is a tag":              "<p> is a tag",
		"use <p>text</p>":           "use <p>text</p>",
		"<script>alert(1)</script>": "<script>alert(1)</script>",
		"  spaces  ":                "spaces",
	} {
		w := wireMessage{Content: wireText(content)}
		if got := plainContent(&w, tania.ChannelWebWidget); got != want {
			t.Errorf("%q gives %q, want %q", content, got, want)
		}
	}
}

func TestHostileHTMLIsReadInTime(t *testing.T) {
	for _, s := range []string{
		strings.Repeat("<p>", 1<<17), strings.Repeat("<blockquote>", 1<<16), "<p>" + strings.Repeat("<!--", 1<<17),
		strings.Repeat("&amp", 1<<17), strings.Repeat("<p></p>\n", 1<<16),
	} {
		if got := htmlText(s, fromMail); len(got) > len(s) {
			t.Errorf("%.20s grows", s)
		}
	}
}
