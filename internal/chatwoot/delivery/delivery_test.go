package delivery

import (
	"testing"

	"tania/internal/tania"
)

// What networks say, as Chatwoot writes it, by channel.
func TestCauseIsReadFromWhatTheNetworkSaid(t *testing.T) {
	cases := []struct {
		channel tania.Channel
		said    string
		want    tania.DeliveryCause
	}{
		{tania.ChannelWhatsApp, "131047: Re-engagement message", tania.CauseOutsideWindow},
		{tania.ChannelWhatsApp, "Template not found or invalid template name", tania.CauseOutsideWindow},
		{tania.ChannelWhatsApp, "130429: Rate limit hit", tania.CauseRateLimited},
		{tania.ChannelWhatsApp, "131056: (Business Account, Consumer Account) pair rate limit hit", tania.CauseRateLimited},
		{tania.ChannelWhatsApp, "131000: Something went wrong", tania.CauseTemporary},
		{tania.ChannelWhatsApp, "131026: Message undeliverable", tania.CauseUnknownRecipient},
		{tania.ChannelWhatsApp, "131050: User has stopped marketing messages", tania.CauseBlocked},
		{tania.ChannelWhatsApp, "131053: Media upload error", tania.CauseMedia},
		{tania.ChannelWhatsApp, "(#131009) Parameter value is not valid", tania.CauseInvalid},
		{tania.ChannelWhatsApp, "(#100) Invalid parameter", tania.CauseInvalid},
		{tania.ChannelWhatsApp, "131042: Business eligibility payment issue", tania.CauseAuth},
		{tania.ChannelWhatsApp, "131031: Account has been locked", tania.CauseAuth},
		{tania.ChannelFacebook, "10 - (#10) This message is sent outside of allowed window.", tania.CauseOutsideWindow},
		{tania.ChannelFacebook, "10 - (#10) Application does not have permission for this action", tania.CauseAuth},
		{tania.ChannelFacebook, "551 - (#551) This person isn't available right now.", tania.CauseUnknownRecipient},
		{tania.ChannelFacebook, "190 - Error validating access token: The session has been invalidated", tania.CauseAuth},
		{tania.ChannelFacebook, "230 - Requires pages_messaging", tania.CauseAuth},
		{tania.ChannelFacebook, "Request timed out, please try again later", tania.CauseTemporary},
		{tania.ChannelFacebook, "Facebook was unable to process this request", tania.CauseTemporary},
		{tania.ChannelInstagram, "613 - (#613) Calls to this api have exceeded the rate limit.", tania.CauseRateLimited},
		{tania.ChannelTelegram, "403, Forbidden: bot was blocked by the user", tania.CauseBlocked},
		{tania.ChannelTelegram, "403, Forbidden: user is deactivated", tania.CauseUnknownRecipient},
		{tania.ChannelTelegram, "400, Bad Request: chat not found", tania.CauseUnknownRecipient},
		{tania.ChannelTelegram, "400, Bad Request: BUTTON_DATA_INVALID", tania.CauseInvalid},
		{tania.ChannelTelegram, "400, Bad Request: wrong file identifier/HTTP URL specified", tania.CauseMedia},
		{tania.ChannelTelegram, "429, Too Many Requests: retry after 35", tania.CauseRateLimited},
		{tania.ChannelTelegram, "401, Unauthorized", tania.CauseAuth},
		{tania.ChannelTelegram, "502, Bad Gateway", tania.CauseTemporary},
		{tania.ChannelTwilioWhatsApp, "63016 - Failed to send freeform message because you are outside the allowed window.", tania.CauseOutsideWindow},
		{tania.ChannelTwilioWhatsApp, "63018 - Rate limit exceeded for Channel", tania.CauseRateLimited},
		{tania.ChannelTwilio, "Error code: 30006", tania.CauseUnknownRecipient},
		{tania.ChannelTwilio, "[HTTP 400] 21211 : Unable to create record\nThe 'To' number +1 is not a valid phone number.", tania.CauseUnknownRecipient},
		{tania.ChannelTwilio, "[HTTP 400] 21610 : Unable to create record", tania.CauseBlocked},
		{tania.ChannelTwilio, "30007", tania.CauseBlocked},
		{tania.ChannelLine, "429, too fast", tania.CauseRateLimited},
		{tania.ChannelEmail, "550 5.1.1 Recipient address rejected: User unknown", tania.CauseUnknownRecipient},
		{tania.ChannelEmail, "535 Authentication credentials invalid", tania.CauseAuth},
		{tania.ChannelAPI, "429, never mind", tania.CauseOther},
		{tania.ChannelWhatsApp, "999999: something new", tania.CauseOther},
		{tania.ChannelWhatsApp, "", tania.CauseOther},
	}
	for _, c := range cases {
		if got := Cause(c.channel, c.said); got != c.want {
			t.Errorf("%s %q: %s; want %s", c.channel, c.said, got, c.want)
		}
	}
}

// Every cause of the tables is one of the closed set.
func TestTheTablesKeepToTheClosedSet(t *testing.T) {
	known := map[tania.DeliveryCause]bool{}
	for _, c := range tania.DeliveryCauses() {
		known[c] = true
	}
	for name, have := range map[string]map[int]tania.DeliveryCause{"meta": meta, "twilio": twilio, "http": http} {
		if len(have) == 0 {
			t.Errorf("%s is empty", name)
		}
		for code, cause := range have {
			if !known[cause] {
				t.Errorf("%s %d: %q is no cause", name, code, cause)
			}
		}
	}
}
