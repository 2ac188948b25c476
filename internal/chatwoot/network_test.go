package chatwoot

import (
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/channels"
	"tania/internal/tania"
)

func TestTheNetworkBehindAChannelSetsTheLength(t *testing.T) {
	const hook = `{"event":"message_created","account":{"id":3},"inbox":{"id":12},"id":80001,"content":"Quisiera rentar el salón","message_type":"incoming",
		"sender":{"id":502,"name":"Ana Pérez"},"conversation":{"id":1288,"inbox_id":12,"status":"pending",`
	for _, tt := range []struct {
		name, conversation string
		channel            tania.Channel
		most               int
	}{
		{
			"Instagram by a page", `"channel":"Channel::FacebookPage","additional_attributes":{"type":"instagram_direct_message"}`,
			tania.ChannelInstagram, 1000,
		},
		{"Messenger", `"channel":"Channel::FacebookPage","additional_attributes":{}`, tania.ChannelFacebook, 2000},
		{"Messenger of another type", `"channel":"Channel::FacebookPage","additional_attributes":{"type":7}`, tania.ChannelFacebook, 2000},
		{"a type elsewhere", `"channel":"Channel::Line","additional_attributes":{"type":"instagram_direct_message"}`, tania.ChannelLine, 5000},
		{
			"WhatsApp by Twilio", `"channel":"Channel::TwilioSms","contact_inbox":{"source_id":"whatsapp:+5215500000000"}`,
			tania.ChannelTwilioWhatsApp, 1600,
		},
		{"SMS by Twilio", `"channel":"Channel::TwilioSms","contact_inbox":{"source_id":"+5215500000000"}`, tania.ChannelTwilio, 1600},
		{"attributes of a wrong type", `"channel":"Channel::FacebookPage","additional_attributes":"none"`, tania.ChannelFacebook, 2000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			event, err := Decode([]byte(hook + tt.conversation + `}}`))
			if err != nil {
				t.Fatal(err)
			}
			m, ok := event.CustomerMessage(time.Now())
			if !ok || m.Channel != tt.channel {
				t.Fatalf("channel %q, want %q", m.Channel, tt.channel)
			}
			parts := channels.Fit(m.Channel, strings.Repeat("El salón está disponible. ", 600))
			for _, part := range parts {
				if len([]rune(part)) > tt.most || tt.channel == tania.ChannelInstagram && len(part) > tt.most {
					t.Errorf("a part has %d bytes", len(part))
				}
			}
		})
	}
}
