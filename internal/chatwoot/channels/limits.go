package channels

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"tania/internal/tania"
)

// A limit is the most that one message of a channel may hold, in the unit that its platform counts.
type limit struct {
	most int
	unit unit
}

// A unit measures a text. A longer text never measures less.
type unit struct {
	name  string
	count func(string) int
}

var (
	inBytes      = unit{"bytes of UTF-8", func(s string) int { return len(s) }}
	inCharacters = unit{"characters (Unicode code points)", utf8.RuneCountInString}
	inUTF16      = unit{"UTF-16 units", utf16Units}
	inSegments   = unit{"SMS segments", segments}
)

// channelLimits are all of a channel's limits, each with its source. Chatwoot enforces none of them for bots: what is too long is
// refused by the platform after Chatwoot has taken it, and the customer gets nothing. Where a platform says "characters" and not
// which, UTF-16 units are counted: no other count of characters gives more.
var channelLimits = []struct {
	channel tania.Channel
	limits  []limit
	source  string
}{
	{tania.ChannelFacebook, []limit{{2000, inUTF16}}, "Messenger Platform, Send API reference: message.text, 2000 characters"},
	{tania.ChannelInstagram, []limit{{1000, inBytes}}, "Messenger Platform, Instagram, Send a Message: UTF-8, 1000 bytes or less"},
	{tania.ChannelWhatsApp, []limit{{4096, inUTF16}}, "WhatsApp Cloud API, Text messages: text.body, maximum 4096 characters"},
	{
		tania.ChannelTelegram,
		[]limit{{4096, inUTF16}},
		"Telegram Bot API, sendMessage: 1-4096 characters after entities parsing; entities count UTF-16 units",
	},
	{tania.ChannelLine, []limit{{5000, inUTF16}}, "LINE Messaging API, Text message: 5000; Character counting in a text: UTF-16 units"},
	{tania.ChannelTikTok, []limit{{6000, inUTF16}}, "TikTok Business Messaging, message types: text up to 6000 characters"},
	{tania.ChannelX, []limit{{10000, inUTF16}}, "X API, POST /2/dm_conversations/with/:participant_id/messages: text up to 10,000 characters"},
	// Carriers join the segments of a long message again but do not keep the order of two messages: three segments are a compromise.
	{tania.ChannelSMS, sms, "GSM 03.38 and 03.40: 160 septets or 70 UCS-2 units, 153 or 67 in each of several; Chatwoot's composer, Twilio: 320"},
	{
		tania.ChannelTwilio,
		[]limit{{1600, inUTF16}, {10, inSegments}},
		"Twilio, error 21617: 1600 characters on any channel; carriers: 10 segments",
	},
	{tania.ChannelTwilioWhatsApp, []limit{{1600, inUTF16}}, "Twilio, error 21617: 1600 characters on any channel"},
}

var sms = []limit{{320, inUTF16}, {3, inSegments}}

// otherLimits are for the channels of Chatwoot's own and for mail: its composer's 10,000; 150,000 is where its model refuses.
var otherLimits = []limit{{10000, inCharacters}}

func limitsOf(channel tania.Channel) []limit {
	for i := range channelLimits {
		if channelLimits[i].channel == channel {
			return channelLimits[i].limits
		}
	}
	return otherLimits
}

// fits reports whether a text is within all limits.
func fits(text string, limits []limit) bool {
	for _, l := range limits {
		if l.unit.count(text) > l.most {
			return false
		}
	}
	return true
}

func utf16Units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// gsm7 is the default alphabet of GSM 03.38 and gsm7Extended its extension table, whose characters take an escape before them.
const (
	gsm7 = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsm7Extended = "\f^{}\\[~]|€"
)

// segments is how many segments a text takes as SMS: one character outside the GSM alphabet, an á for example, makes all of it UCS-2.
func segments(s string) int {
	septets := 0
	for _, r := range s {
		switch {
		case strings.ContainsRune(gsm7, r):
			septets++
		case strings.ContainsRune(gsm7Extended, r):
			septets += 2
		default:
			return joined(utf16Units(s), 70, 67)
		}
	}
	return joined(septets, 160, 153)
}

// joined is the number of segments that units take: one that is full, or several that each spend some on being joined.
func joined(units, single, several int) int {
	if units <= single {
		return min(units, 1)
	}
	return (units + several - 1) / several
}
