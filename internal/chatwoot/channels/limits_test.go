package channels

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"tania/internal/tania"
)

func TestEveryChannelHasItsLengthInItsUnit(t *testing.T) {
	bytes := func(s string) int { return len(s) }
	units := func(s string) int { return len(utf16.Encode([]rune(s))) }
	for _, tt := range []struct {
		channel tania.Channel
		word    string
		count   func(string) int
		most    int
	}{
		{tania.ChannelFacebook, "palabra ", units, 2000},
		{tania.ChannelFacebook, "corazón💙 ", units, 2000},
		{tania.ChannelInstagram, "palabra ", bytes, 1000},
		{tania.ChannelInstagram, "salón ", bytes, 1000},
		{tania.ChannelInstagram, "💙💙 ", bytes, 1000},
		{tania.ChannelWhatsApp, "ação💙 ", units, 4096},
		{tania.ChannelTelegram, "💙 ", units, 4096},
		{tania.ChannelLine, "💙 ", units, 5000},
		{tania.ChannelTikTok, "palabra ", units, 6000},
		{tania.ChannelX, "palabra ", units, 10000},
		{tania.ChannelTwilio, "palabra ", units, 1530},
		{tania.ChannelTwilio, "salón ", units, 670},
		{tania.ChannelTwilioWhatsApp, "salón ", units, 1600},
		{tania.ChannelSMS, "palabra ", units, 320},
		{tania.ChannelSMS, "año~ ", units, 320},
		{tania.ChannelSMS, "{{~}} ", units, 201},
		{tania.ChannelSMS, "salón ", units, 201},
		{tania.ChannelSMS, "💙 ", units, 201},
		{tania.ChannelWebWidget, "💙 ", utf8.RuneCountInString, 10000},
		{tania.ChannelEmail, "palabra ", utf8.RuneCountInString, 10000},
		{"Channel::Unknown", "palabra ", utf8.RuneCountInString, 10000},
	} {
		first := Fit(tt.channel, strings.Repeat(tt.word, 6000))[0]
		if got, least := tt.count(first), tt.most-tt.count(Protect(tt.word)); got > tt.most || got < least {
			t.Errorf("%s, %q: the first part counts %d, want %d to %d", tt.channel, tt.word, got, least, tt.most)
		}
	}
}

func TestSegmentsAreCountedAsCarriersDo(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a": 1, strings.Repeat("a", 160): 1, strings.Repeat("a", 161): 2, strings.Repeat("a", 306): 2, strings.Repeat("a", 307): 3,
		strings.Repeat("é", 160): 1, strings.Repeat("€", 80): 1, strings.Repeat("€", 81): 2,
		strings.Repeat("á", 70): 1, strings.Repeat("á", 71): 2, strings.Repeat("a", 134) + "á": 3, strings.Repeat("💙", 35): 1,
		strings.Repeat("💙", 36): 2,
	} {
		if got := segments(text); got != want {
			t.Errorf("%d of %.4q: %d segments, want %d", utf8.RuneCountInString(text), text, got, want)
		}
	}
}

// unbroken are links and numbers as people write them.
var unbroken = []string{
	"https://tienda.example.com/catálogo?item=12&color=azul", "www.example.org/a/b-c_d", "example.com/x", "ana.perez+shop@correo.example.com",
	"+52 55 1234 5678", "(55) 1234-5678", "+55 (11) 91234-5678", "$ 1 234,50", "R$ 1.500,00", "US$ 12,999.95", "MXN 4,500", "1 234 567 €",
	"99 %",
	"28/11/2026", "2026-11-28 10:30", "10:30", "4111 1111 1111 1111", "12.5",
}

func TestALinkOrNumberIsNeverInTwoParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limits := [][]limit{utf16Limit(80), {{90, inBytes}}, {{100, inUTF16}, {1, inSegments}}}
		limit := rapid.SampledFrom(limits).Draw(t, "limit")
		word := rapid.SampledFrom([]string{"el", "salón", "de", "fiestas.", "Está", "listo!", "電話です。", "👨‍👩‍👧", "\n", "\n\n"})
		var pieces []string
		for range rapid.IntRange(1, 30).Draw(t, "pieces") {
			pieces = append(pieces, rapid.SliceOfN(word, 1, 8).Draw(t, "words")...)
			pieces = append(pieces, rapid.SampledFrom(unbroken).Draw(t, "whole"))
		}
		text := strings.Join(append(pieces, "fin"), " ")
		parts := split(text, limit)
		checkParts(t, parts, limit)
		rest := strings.Join(parts, "\n|\n")
		for _, piece := range pieces {
			piece = strings.TrimSpace(piece)
			at := strings.Index(rest, piece)
			if at < 0 {
				t.Fatalf("%q is not whole in %q", piece, rest)
			}
			rest = rest[at+len(piece):]
		}
	})
}

func TestScriptsWithoutSpacesAreCutAtASentence(t *testing.T) {
	parts := split(strings.Repeat("御社の商品はとても良いです。", 9)+"電話は0312345678です", utf16Limit(50))
	for _, part := range parts[:len(parts)-1] {
		if !strings.HasSuffix(part, "。") {
			t.Errorf("%q does not end with its sentence", part)
		}
	}
	parts = split(strings.Repeat("あ", 45)+"0312345678です", utf16Limit(50))
	if len(parts) != 2 || parts[1] != "0312345678です" {
		t.Errorf("the number is cut: %q", parts)
	}
}

// FuzzSplit: the parts are the text but for white space, each within its limits, and no character is cut that fits.
func FuzzSplit(f *testing.F) {
	f.Add("Hola, el número es +52 55 1234 5678 y la página https://example.com/a?b=c.", 20, 0)
	f.Add(strings.Repeat("👨‍👩‍👧‍👦", 9), 30, 1)
	f.Add(strings.Repeat("e\u0301", 40)+" \n\n 1 2 3 4 5 6 7 8 9", 8, 2)
	f.Add(strings.Repeat("a\u0301\u0301", 900)+"{{x}}", 160, 3)
	f.Fuzz(func(t *testing.T, text string, most, which int) {
		if !utf8.ValidString(text) || len(text) > 1<<14 || most < 4 || most > 2000 {
			return
		}
		limits := [][]limit{
			{{most, inUTF16}},
			{{most, inBytes}},
			{{most, inCharacters}},
			{{most, inUTF16}, {1 + most%10, inSegments}},
		}[uint(which)%4]
		parts := split(text, limits)
		squeezed := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsSpace(r) {
					return -1
				}
				return r
			}, s)
		}
		if got := squeezed(strings.Join(parts, "")); got != squeezed(text) {
			t.Fatalf("%q is not %q", got, text)
		}
		for i, part := range parts {
			if !fits(part, limits) {
				t.Fatalf("part %d is too long: %q", i, part)
			}
		}
		rest := text
		for i, part := range parts {
			between := strings.Index(rest, part)
			if between < 0 {
				t.Fatalf("part %d is not of the text: %q", i, part)
			}
			rest = rest[between+len(part):]
			if i == 0 || between > 0 { // a space between the two was left out
				continue
			}
			last, next := lastCluster(parts[i-1]), firstCluster(part)
			if together := last + next; uniseg.GraphemeClusterCount(together) == 1 && fits(together, limits) {
				t.Fatalf("%q is cut", together)
			}
		}
	})
}

func firstCluster(s string) string {
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return c
}

func lastCluster(s string) string {
	last, state := "", -1
	for s != "" {
		last, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
	}
	return last
}

func TestThePageOfLimitsIsTheTable(t *testing.T) {
	for _, file := range []string{"../../../docs/channels.md", "../../../docs/es/canales.md"} {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range channelLimits {
			var line string
			for l := range strings.Lines(string(page)) {
				if strings.Contains(l, "`"+string(row.channel)+"`") {
					line = strings.NewReplacer(",", "", ".", "").Replace(l)
				}
			}
			for _, l := range row.limits {
				if !strings.Contains(line, strconv.Itoa(l.most)) {
					t.Errorf("%s: the line of %s does not say %d %s", file, row.channel, l.most, l.unit.name)
				}
			}
		}
	}
}
