package tania

import "testing"

func TestWhoIsCertainEnoughToBeToldOfTheirContact(t *testing.T) {
	for _, c := range []struct {
		channel  Channel
		verified bool
		want     bool
	}{
		{ChannelWebWidget, false, false},
		{ChannelWebWidget, true, true},
		{ChannelAPI, false, false},
		{ChannelAPI, true, true},
		{ChannelWhatsApp, false, true},
		{ChannelSMS, false, true},
		{ChannelEmail, false, true},
	} {
		if m := (&Message{Channel: c.channel, Verified: c.verified, Address: "120363@G.us"}); m.Identified() {
			t.Errorf("%s, verified %v: a group's member is identified", c.channel, c.verified)
		}
		if m := (&Message{Channel: c.channel, Verified: c.verified}); m.Identified() != c.want {
			t.Errorf("%s, verified %v: identified %v", c.channel, c.verified, m.Identified())
		}
	}
}

func TestWhichAttributesAreTheContactsOwn(t *testing.T) {
	for name, want := range map[string]bool{
		KnownEmail: true, KnownPhone: true, KnownIdentifier: true, KnownOfContact + "plan": true,
		KnownName: false, KnownChannel: false, KnownPage: false, KnownTime: false, KnownOfConversation + "order": false,
	} {
		if got := (Attribute{Name: name}).Personal(); got != want {
			t.Errorf("%s: personal %v", name, got)
		}
	}
}
