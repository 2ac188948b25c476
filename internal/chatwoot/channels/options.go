package channels

import (
	"slices"
	"strconv"

	"tania/internal/tania"
)

// Option is one of the things that a message offers to be picked: an item of Chatwoot's input_select. The channel shows the title; what
// comes back when it is picked is the title or, on Telegram and LINE, the value.
type Option struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// A room is what a channel has room for: so many options, each title so long, and so long a text above them, in UTF-16 units. Where few is
// not 0, a message with up to that many options shows buttons, with titles as long as fewLength.
type room struct {
	channel       tania.Channel
	most, length  int
	few, fewTitle int
	text          int
	source        string
}

// rooms are the channels on which Chatwoot shows an input_select as something to be pressed. On all others the text alone goes out.
var rooms = []room{
	{tania.ChannelWebWidget, 20, 200, 0, 0, 10000, "Chatwoot, widget's ChatOptions.vue: a list of buttons, none of them cut"},
	{
		tania.ChannelWhatsApp, 10, 24, 3, 20, 1024,
		"Chatwoot, Whatsapp::Providers::BaseService: three buttons, else a list; Cloud API: titles of 20 and 24 characters, 10 rows, body 1024",
	},
	{
		tania.ChannelTelegram, 20, 200, 0, 0, 4096,
		"Chatwoot, Channel::Telegram#reply_markup: an inline keyboard, one button a row; Bot API: callback_data of 64 bytes",
	},
	{
		tania.ChannelFacebook, 13, 20, 0, 0, 2000,
		"Chatwoot, Facebook::SendOnFacebookService: quick replies; Send API: 13 of them, titles of 20 characters",
	},
	{tania.ChannelLine, 4, 20, 0, 0, 400, "Chatwoot, Line::SendOnLineService: a flex message; Messaging API: labels of 20 characters, altText of 400"},
}

// longestValue is Telegram's callback_data in bytes; no other channel has less room for a value.
const longestValue = 64

// Offer makes a message fit a channel that asks the customer to pick one of several things: where the channel shows options, and has room
// for their titles, the question with them; where it has none, the text that lists them by number, with the numbers to be pressed; and
// elsewhere that text alone. The options, if any, go with the last of the parts.
func Offer(channel tania.Channel, question, listed string, titles []string) (parts []string, options []Option) {
	i := slices.IndexFunc(rooms, func(r room) bool { return r.channel == channel })
	if i >= 0 && rooms[i].takes(question, titles) {
		return Fit(channel, question), optionsOf(titles)
	}
	parts = Fit(channel, listed)
	numbers := make([]string, len(titles))
	for n := range titles {
		numbers[n] = strconv.Itoa(n + 1)
	}
	if i < 0 || len(parts) != 1 || !rooms[i].takes(parts[0], numbers) {
		return parts, nil
	}
	return parts, optionsOf(numbers)
}

// takes reports whether there is room for a text with options of such titles.
func (r *room) takes(text string, titles []string) bool {
	length := r.length
	if len(titles) <= r.few {
		length = r.fewTitle
	}
	return len(titles) > 0 && len(titles) <= r.most && utf16Units(text) <= r.text &&
		!slices.ContainsFunc(titles, func(t string) bool { return t == "" || utf16Units(t) > length })
}

func optionsOf(titles []string) []Option {
	options := make([]Option, len(titles))
	for i, t := range titles {
		options[i] = Option{Title: t, Value: t}
		if len(t) > longestValue {
			options[i].Value = strconv.Itoa(i + 1)
		}
	}
	return options
}
