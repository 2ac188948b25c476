package channels

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tania/internal/tania"
)

func TestTextIsSplitWhereItHurtsLeast(t *testing.T) {
	word := strings.Repeat("w", 9) + " "
	tests := []struct {
		name  string
		limit int
		in    string
		out   []string
	}{
		{"short text is one part", 20, "  Hola  ", []string{"Hola"}},
		{"nothing is no part", 20, " \n\t ", nil},
		{
			"at a paragraph rather than at a later line", 30, "First paragraph.\n\nSecond\nline of it.",
			[]string{"First paragraph.", "Second\nline of it."},
		},
		{
			"at a line rather than at a later sentence", 30, "First line here\nsecond. third fourth",
			[]string{"First line here", "second. third fourth"},
		},
		{
			"at a sentence rather than at a later word", 30, "First sentence here. Second one is long",
			[]string{"First sentence here.", "Second one is long"},
		},
		{"at a decimal point never", 12, "costs 12.50 now", []string{"costs 12.50", "now"}},
		{"at a word", 25, strings.Repeat(word, 4), []string{"wwwwwwwww wwwwwwwww", "wwwwwwwww wwwwwwwww"}},
		{"within a word when it is longer than a part", 5, "wwwwwwwwwww", []string{"wwwww", "wwwww", "w"}},
		{
			"not after a few words although a paragraph ends there", 30, "Hi!\n\nThis one goes on for longer than that",
			[]string{"Hi!\n\nThis one goes on for", "longer than that"},
		},
		{"an emoji is two units and stays whole", 5, "😀😀😀😀", []string{"😀😀", "😀😀"}},
		{"a family stays together", 12, "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", []string{"👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"}},
		{"an accent stays on its letter", 4, "e\u0301e\u0301e\u0301", []string{"e\u0301e\u0301", "e\u0301"}},
		{"a character longer than a part is cut all the same", 4, "👨‍👩‍👧‍👦", []string{"👨‍", "👩‍", "👧‍", "👦"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.out, split(tt.in, utf16Limit(tt.limit))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// utf16Limit is a limit in UTF-16 units.
func utf16Limit(most int) []limit { return []limit{{most, inUTF16}} }

func TestWhatNoMessageMayHold(t *testing.T) {
	if diff := cmp.Diff([]string{"a\nb c"}, Fit(tania.ChannelAPI, "a\r\nb\x00\xff c")); diff != "" {
		t.Error(diff)
	}
}

func TestLiquidIsDisarmedAndReadsTheSame(t *testing.T) {
	for in, want := range map[string]string{
		"Hola {{contact.name}}":  "Hola {\u2060{contact.name}}",
		"{% if x %}y{% endif %}": "{\u2060% if x %}y{\u2060% endif %}",
		"{{{{":                   "{\u2060{\u2060{\u2060{",
		"{ a } 50% {b}":          "{ a } 50% {b}",
		"`{{x}}`":                "`{\u2060{x}}`",
		"":                       "",
	} {
		got := Protect(in)
		if got != want {
			t.Errorf("Protect(%q) = %q, want %q", in, got, want)
		}
		if Protect(got) != got {
			t.Errorf("Protect(%q) changes what is protected", got)
		}
		if visible(got) != visible(in) {
			t.Errorf("Protect(%q) reads otherwise", in)
		}
	}
}

// visible is what a reader sees of a text, without the spaces.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u2060' {
			return -1
		}
		return r
	}, s)
}

var anyChannel = rapid.SampledFrom([]tania.Channel{
	tania.ChannelWebWidget, tania.ChannelAPI, tania.ChannelWhatsApp, tania.ChannelFacebook, tania.ChannelInstagram, tania.ChannelTelegram,
	tania.ChannelLine, tania.ChannelSMS, tania.ChannelTwilio, tania.ChannelTwilioWhatsApp, tania.ChannelTikTok, tania.ChannelX,
	tania.ChannelEmail, "",
})

// checkParts fails when parts may not be sent as they are.
func checkParts(t *rapid.T, parts []string, limits []limit) {
	for i, part := range parts {
		switch {
		case strings.TrimSpace(part) == "":
			t.Fatalf("part %d is empty", i)
		case !utf8.ValidString(part):
			t.Fatalf("part %d is not UTF-8: %q", i, part)
		case !fits(part, limits):
			t.Fatalf("part %d is too long: %q", i, part)
		case strings.Contains(part, "{{") || strings.Contains(part, "{%"):
			t.Fatalf("part %d runs as Liquid: %q", i, part)
		}
	}
}

func TestSplittingLosesNothingAndKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom([]string{" ", "\n", "\n\n", ". ", "{{", "{%", "{", "😀", "👨‍👩‍👧", "e\u0301", "palabra", "```", "|", "`", "\u2060"}),
			rapid.StringN(0, 20, -1),
		), 0, 80).Draw(t, "pieces")
		text := strings.Join(pieces, "")
		most := rapid.IntRange(4, 60).Draw(t, "limit")
		limits := []limit{{most, rapid.SampledFrom([]unit{inUTF16, inCharacters, inBytes}).Draw(t, "unit")}}
		parts := split(Protect(text), limits)
		checkParts(t, parts, limits)
		if got, want := visible(strings.Join(parts, "")), visible(text); got != want {
			t.Fatalf("lost:\n%q\n%q", want, got)
		}
	})
}

func TestFitKeepsEveryWordInEveryChannel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		word := func() string { n++; return fmt.Sprintf("w%dw", n) }
		blocks := map[string]func() string{
			"paragraph": func() string { return word() + " **" + word() + "** {{" + word() + "}}. " + word() },
			"heading":   func() string { return "## " + word() },
			"link":      func() string { return "[" + word() + "](https://" + word() + ".example)" },
			"image":     func() string { return "![" + word() + "](https://" + word() + ".example/a.png)" },
			"fence":     func() string { return "```\n# " + word() + "\n" + word() + " | " + word() + "\n```" },
			"table2":    func() string { return "|" + word() + "|" + word() + "|\n|-|-|\n|" + word() + "|" + word() + "|" },
			"list":      func() string { return "- " + word() + "\n- " + word() + " {% " + word() + " %}" },
			"long":      func() string { return strings.Repeat(word()+" ", 1) + strings.Repeat("x", 400) },
		}
		kinds := rapid.SliceOfN(rapid.SampledFrom([]string{"paragraph", "heading", "link", "image", "fence", "table2", "list", "long"}), 1,
			40).Draw(t, "blocks")
		var list []string
		for _, kind := range kinds {
			list = append(list, blocks[kind]())
		}
		channel := anyChannel.Draw(t, "channel")
		parts := Fit(channel, strings.Join(list, "\n\n"))
		checkParts(t, parts, limitsOf(channel))
		rest := strings.Join(parts, "\n")
		for i := 1; i <= n; i++ {
			_, after, ok := strings.Cut(rest, fmt.Sprintf("w%dw", i))
			if !ok {
				t.Fatalf("word %d of %d is lost or out of order", i, n)
			}
			rest = after
		}
	})
}
