package channels

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/tania"
)

// TestOptionsAreOfferedWhereTheyFit: with their titles, by their numbers where the titles are too long, as a text elsewhere.
func TestOptionsAreOfferedWhereTheyFit(t *testing.T) {
	const question, listed = "¿Cuál?", "¿Cuál? Responda con el número:\n1. …"
	titled := func(n, length int) (titles []string) {
		for i := range n {
			titles = append(titles, strings.Repeat(string(rune('a'+i)), length))
		}
		return titles
	}
	numbers := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}
	for _, c := range []struct {
		channel     tania.Channel
		many, chars int
		text        string
		want        []string
	}{
		{tania.ChannelWebWidget, 4, 100, question, titled(4, 100)},
		{tania.ChannelWhatsApp, 3, 20, question, titled(3, 20)},
		{tania.ChannelWhatsApp, 3, 21, listed, numbers[:3]},
		{tania.ChannelWhatsApp, 4, 24, question, titled(4, 24)},
		{tania.ChannelWhatsApp, 4, 25, listed, numbers[:4]},
		{tania.ChannelWhatsApp, 10, 24, question, titled(10, 24)},
		{tania.ChannelWhatsApp, 11, 5, listed, nil},
		{tania.ChannelTelegram, 4, 100, question, titled(4, 100)},
		{tania.ChannelFacebook, 4, 20, question, titled(4, 20)},
		{tania.ChannelFacebook, 4, 21, listed, numbers[:4]},
		{tania.ChannelLine, 4, 21, listed, numbers[:4]},
		{tania.ChannelLine, 5, 1, listed, nil},
		{tania.ChannelInstagram, 2, 5, listed, nil},
		{tania.ChannelTwilioWhatsApp, 2, 5, listed, nil},
		{tania.ChannelEmail, 2, 5, listed, nil},
		{tania.ChannelAPI, 2, 5, listed, nil},
		{tania.ChannelSMS, 2, 5, listed, nil},
		{tania.ChannelWebWidget, 0, 5, listed, nil},
	} {
		parts, options := Offer(c.channel, question, listed, titled(c.many, c.chars))
		var got []string
		for i, o := range options {
			got = append(got, o.Title)
			if len(o.Value) > 64 || o.Value != o.Title && o.Value != numbers[i] {
				t.Errorf("%s: the value %q of %q", c.channel, o.Value, o.Title)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(parts) != 1 || parts[0] != c.text {
			t.Errorf("%s, %d of %d: %q, %s", c.channel, c.many, c.chars, parts, diff)
		}
	}
}

// TestALongTextOffersNothingToPress: WhatsApp refuses a message with buttons whose text is longer than 1024.
func TestALongTextOffersNothingToPress(t *testing.T) {
	long := strings.Repeat("palabra ", 130)
	if parts, options := Offer(tania.ChannelWhatsApp, long, long, []string{"a", "b"}); options != nil || len(parts) != 1 {
		t.Errorf("%d parts with %v", len(parts), options)
	}
	listed, titles := strings.Repeat("palabra ", 600), []string{strings.Repeat("a", 30)}
	if parts, options := Offer(tania.ChannelWhatsApp, "¿Cuál?", listed, titles); options != nil || len(parts) != 2 {
		t.Errorf("%d parts with %v", len(parts), options)
	}
}
