package installation

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// TestNetworksRefuseOptionsThatDoNotFit: Chatwoot takes the message with a 200, and marks it failed when the network has refused it.
func TestNetworksRefuseOptionsThatDoNotFit(t *testing.T) {
	long := strings.Repeat("a", 21)
	for _, c := range []struct {
		channel tania.Channel
		text    string
		titles  []string
		refused string
	}{
		{tania.ChannelWhatsApp, "?", []string{"a", "b", "c"}, ""},
		{tania.ChannelWhatsApp, "?", []string{long, "b", "c"}, "a title of 21"},
		{tania.ChannelWhatsApp, "?", []string{long, "b", "c", "d"}, ""},
		{tania.ChannelWhatsApp, "?", []string{long + "bcde", "b", "c", "d"}, "a title of 25"},
		{tania.ChannelWhatsApp, "?", strings.Split("abcdefghijk", ""), "11 options"},
		{tania.ChannelWhatsApp, "?", []string{"a", "a"}, "duplicated title"},
		{tania.ChannelWhatsApp, strings.Repeat("x", 1025), []string{"a", "b"}, "a text of 1025"},
		{tania.ChannelTelegram, "?", []string{strings.Repeat("a", 65)}, "BUTTON_DATA_INVALID"},
		{tania.ChannelFacebook, "?", []string{long}, "a title of 21"},
		{tania.ChannelLine, "?", []string{long}, "a title of 21"},
		{tania.ChannelWebWidget, "?", []string{strings.Repeat("a", 200)}, ""},
		{tania.ChannelInstagram, "?", []string{strings.Repeat("a", 200)}, ""},
	} {
		s := newShop(t, func(o *chatwootsim.Options) {
			o.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "Shop", Channel: c.channel, ActiveBot: true}}
		})
		m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Text: "Hi"})
		s.must(err)
		var items []any
		for _, title := range c.titles {
			items = append(items, map[string]any{"title": title, "value": title})
		}
		body, err := json.Marshal(map[string]any{
			"content": c.text, "content_type": "input_select", "content_attributes": map[string]any{"items": items},
		})
		s.must(err)
		said := s.says(m.Conversation, string(body))
		if said.status != http.StatusOK {
			t.Fatalf("%s: %d %v", c.channel, said.status, said.body)
		}
		last := s.BotMessages(m.Conversation)[0]
		why, _ := last.Attributes["external_error"].(string)
		if (last.Status == "failed") != (c.refused != "") || !strings.Contains(why, c.refused) {
			t.Errorf("%s, %q: %s, %q; want %q", c.channel, c.titles, last.Status, why, c.refused)
		}
	}
}

// TestWhatsAppRefusesWhatIsLate: outside of 24 hours after the customer's last message only a template gets through.
func TestWhatsAppRefusesWhatIsLate(t *testing.T) {
	s := newShop(t, nil)
	m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 12, Text: "Hi"})
	s.must(err)
	for _, c := range []struct {
		later time.Duration
		want  string
	}{{23 * time.Hour, "sent"}, {2 * time.Hour, "failed"}} {
		s.pass(c.later)
		s.says(m.Conversation, `{"content":"Hello"}`)
		said := s.BotMessages(m.Conversation)
		if got := said[len(said)-1].Status; got != c.want {
			t.Errorf("after %s: %s, want %s", c.later, got, c.want)
		}
	}
}

// TestWhatsAppTakesAnApprovedTemplateAtAnyTime: by its name and language, with as many parameters as it has, each of one line.
func TestWhatsAppTakesAnApprovedTemplateAtAnyTime(t *testing.T) {
	s := newShop(t, func(o *chatwootsim.Options) {
		o.Inboxes = []chatwootsim.Inbox{{
			ID: 12, Name: "WhatsApp", Channel: tania.ChannelWhatsApp, ActiveBot: true,
			Templates: []chatwootsim.ApprovedTemplate{{Name: "hello", Language: "es", Params: 1}},
		}}
	})
	m, err := s.CustomerWrites(chatwootsim.CustomerMessage{Inbox: 12, Text: "Hi"})
	s.must(err)
	s.pass(25 * time.Hour)
	for template, want := range map[string]string{
		`{"name":"hello","language":"es","processed_params":{"body":{"1":"Ana"}}}`:            "",
		`{"name":"hello","language":"pt","processed_params":{"body":{"1":"Ana"}}}`:            "Template not found",
		`{"name":"bye","language":"es","processed_params":{"body":{"1":"Ana"}}}`:              "Template not found",
		`{"name":"hello","language":"es","processed_params":{}}`:                              "132000",
		`{"name":"hello","language":"es","processed_params":{"body":{"1":"two\nlines"}}}`:     "132018",
		`{"name":"hello","language":"es","processed_params":{"body":{"1":"a     wide gap"}}}`: "132018",
	} {
		s.says(m.Conversation, `{"content":"Hola Ana","template_params":`+template+`}`)
		said := s.BotMessages(m.Conversation)
		last := said[len(said)-1]
		why, _ := last.Attributes["external_error"].(string)
		if (last.Status == "failed") != (want != "") || !strings.Contains(why, want) {
			t.Errorf("%s: %s, %q; want %q", template, last.Status, why, want)
		}
	}
}
