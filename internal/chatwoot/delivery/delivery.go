// Package delivery reads why a channel did not deliver a message: what comes in is the external_error that Chatwoot keeps beside a failed
// message, in the words of the network. It does no I/O.
package delivery

import (
	"strconv"
	"strings"

	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// Chatwoot writes the network's code before its words, each channel in its own way (v4.15.1):
//
//	131047: Re-engagement message                     WhatsApp's status webhook (Whatsapp::IncomingMessageBaseService)
//	(#131009) Parameter value is not valid            WhatsApp's answer (Whatsapp::Providers::WhatsappCloudService)
//	10 - (#10) This message is sent outside of …      Messenger, Instagram (Facebook::SendOnFacebookService)
//	403, Forbidden: bot was blocked by the user       Telegram (Channel::Telegram#process_error)
//	63016 - Failed to send freeform message …         Twilio's status webhook (Twilio::DeliveryStatusService)
//	Error code: 30006                                 the same, without words
//	[HTTP 400] 21211 : Unable to create record        Twilio's answer (Twilio::REST::RestError)
var codes = lazyregexp.New(`^(?:\[HTTP \d+\] )?(?:Error code: )?\(?#?(\d{1,7})\)?(?:\s*[:,\-)]|\s|$)`)

// window is how Messenger and Instagram say under code 10 that the time to answer is over; without it the code is a missing permission.
var window = lazyregexp.New(`(?i)outside (?:of )?(?:the )?(?:allowed|24|standard messaging) ?(?:hour)? ?window|outside the allowed window|re-?engagement`)

// words tell the cause where there is no code, or one that says little. The first that fits counts.
var words = []struct {
	pattern *lazyregexp.Regexp
	cause   tania.DeliveryCause
}{
	{window, tania.CauseOutsideWindow},
	{lazyregexp.New(`(?i)template not found|template name`), tania.CauseOutsideWindow},
	{lazyregexp.New(`(?i)too many requests|rate limit|retry after|throttl`), tania.CauseRateLimited},
	{lazyregexp.New(`(?i)blocked by the user|was kicked|unsubscribed|opted? ?out|user (?:has )?blocked`), tania.CauseBlocked},
	{
		lazyregexp.New(`(?i)chat not found|user is deactivated|no matching user|not a valid phone|unknown (?:recipient|destination)|` +
			`(?:user|recipient|mailbox|address) (?:not found|unknown|unavailable|rejected)|isn.t available right now|undeliverable`),
		tania.CauseUnknownRecipient,
	},
	{lazyregexp.New(`(?i)access token|oauth|unauthori[sz]ed|authenticat|permission|payment|account (?:is |has been )?(?:locked|restricted)`), tania.CauseAuth},
	{lazyregexp.New(`(?i)\b(?:media|file|photo|image|video|document|attachment)\b`), tania.CauseMedia},
	{
		lazyregexp.New(`(?i)timed? ?out|try again|temporar|unavailable|service error|internal (?:server )?error|unable to process this request|` +
			`connection (?:refused|reset)|something went wrong|bad gateway`),
		tania.CauseTemporary,
	},
	{lazyregexp.New(`(?i)invalid|not valid|bad request|can't parse|is too long|message is empty`), tania.CauseInvalid},
}

// meta are the codes of WhatsApp's Cloud API (https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes), with the few of
// Messenger and Instagram that are other ones (https://developers.facebook.com/docs/messenger-platform/error-codes).
var meta = table(map[tania.DeliveryCause][]int{
	tania.CauseOutsideWindow:    {131047, 470, 2018278, 2534022},
	tania.CauseRateLimited:      {4, 17, 32, 613, 80007, 130429, 131048, 131056},
	tania.CauseTemporary:        {1, 2, 1200, 131000, 131016, 131057, 133004, 133000},
	tania.CauseUnknownRecipient: {551, 1013, 131026, 131030, 133010, 2018001, 2018027},
	tania.CauseBlocked:          {131049, 131050, 130472, 1545041},
	tania.CauseMedia:            {131051, 131052, 131053, 2018007, 2018047},
	tania.CauseInvalid:          {100, 131008, 131009, 131021, 132000, 132001, 132005, 132007, 132012, 132015, 132016},
	tania.CauseAuth:             {0, 3, 10, 190, 200, 368, 130497, 131005, 131031, 131042, 131045},
})

// twilio are Twilio's codes (https://www.twilio.com/docs/api/errors).
var twilio = table(map[tania.DeliveryCause][]int{
	tania.CauseOutsideWindow:    {63016},
	tania.CauseRateLimited:      {14107, 20429, 30022, 63018},
	tania.CauseTemporary:        {20500, 20503, 30001, 30008, 30017, 63010},
	tania.CauseUnknownRecipient: {21211, 21217, 21614, 30003, 30005, 30006, 63003, 63024},
	tania.CauseBlocked:          {21610, 21612, 30004, 30007, 63032, 63033, 63049},
	tania.CauseMedia:            {11200, 12300, 21620, 30019, 63005, 63019, 63021},
	tania.CauseInvalid:          {21602, 21617, 63013, 63027, 63028},
	tania.CauseAuth:             {20003, 20404, 30002, 30034, 63001, 63007, 63020, 63038},
})

// http are the statuses that Telegram answers with, and LINE; what 400 and 403 mean is in their words.
var http = table(map[tania.DeliveryCause][]int{
	tania.CauseRateLimited: {429}, tania.CauseTemporary: {500, 502, 503, 504}, tania.CauseAuth: {401}, tania.CauseMedia: {413},
})

func table(causes map[tania.DeliveryCause][]int) map[int]tania.DeliveryCause {
	byCode := map[int]tania.DeliveryCause{}
	for cause, all := range causes {
		for _, code := range all {
			byCode[code] = cause
		}
	}
	return byCode
}

// Cause tells why a channel did not deliver a message, by what Chatwoot kept of the network's answer.
func Cause(channel tania.Channel, said string) tania.DeliveryCause {
	said = strings.TrimSpace(said)
	code := -1
	if found := codes.FindStringSubmatch(said); found != nil {
		code, _ = strconv.Atoi(found[1])
	}
	// A window that is over and a missing permission have one code; so have all that Telegram does not take.
	if window.MatchString(said) {
		return tania.CauseOutsideWindow
	}
	if cause, ok := tableOf(channel)[code]; ok {
		return cause
	}
	for _, w := range words {
		if w.pattern.MatchString(said) {
			return w.cause
		}
	}
	if code >= 200 && code < 300 && tableIsMeta(channel) {
		return tania.CauseAuth // "Permission (200 to 299)" of the Graph API
	}
	return tania.CauseOther
}

func tableOf(channel tania.Channel) map[int]tania.DeliveryCause {
	switch channel {
	case tania.ChannelTwilio, tania.ChannelTwilioWhatsApp:
		return twilio
	case tania.ChannelTelegram, tania.ChannelLine:
		return http
	}
	if tableIsMeta(channel) {
		return meta
	}
	return nil
}

func tableIsMeta(channel tania.Channel) bool {
	return channel == tania.ChannelWhatsApp || channel == tania.ChannelFacebook || channel == tania.ChannelInstagram
}
