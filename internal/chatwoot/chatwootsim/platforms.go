package chatwootsim

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"tania/internal/tania"
)

// platform is what a network takes of options, which Chatwoot does not check: it saves the message, the network refuses it, and the message
// is marked failed with the network's words.
type platform struct {
	// most options, each with a title of so many UTF-16 units and a value of so many bytes; 0: any. buttons is how many are buttons,
	// whose titles are shorter.
	most, title, value, buttons, buttonTitle int
	// text is the length of the text above them.
	text int
}

var platforms = map[tania.Channel]platform{
	// Cloud API, interactive messages.
	tania.ChannelWhatsApp: {most: 10, title: 24, value: 200, buttons: 3, buttonTitle: 20, text: 1024},
	// Bot API, InlineKeyboardButton.
	tania.ChannelTelegram: {value: 64, text: 4096},
	// Messenger Platform, quick replies.
	tania.ChannelFacebook: {most: 13, title: 20, value: 1000, text: 2000},
	// Messaging API, actions.
	tania.ChannelLine: {title: 20, value: 300, text: 400},
}

// refused is what the network of a conversation says of a message, "" if it takes it.
func (w *World) refused(c *Thread, m *Message) string {
	if m.Type != Outgoing || m.Private {
		return ""
	}
	template, _ := m.Additional["template_params"].(map[string]any)
	if c.Channel == tania.ChannelWhatsApp && (template != nil || !w.CanReply(c)) {
		// Without parameters Whatsapp::SendOnWhatsappService looks for a template that the text fits, and finds none.
		in, _ := w.Inbox(c.Inbox)
		return in.refusesTemplate(template)
	}
	if m.ContentType != "input_select" {
		return ""
	}
	return platforms[c.Channel].refuses(m)
}

// refusesTemplate is what WhatsApp says of a template (Cloud API, errors 132000, 132001 and 132018), "" if it takes it.
func (in *Inbox) refusesTemplate(params map[string]any) string {
	i := slices.IndexFunc(in.Templates, func(t ApprovedTemplate) bool { return t.Name == params["name"] && t.Language == params["language"] })
	if params == nil || i < 0 {
		return "Template not found or invalid template name"
	}
	processed, _ := params["processed_params"].(map[string]any)
	body, _ := processed["body"].(map[string]any)
	if len(body) != in.Templates[i].Params {
		return "132000: Number of parameters does not match the expected number of params"
	}
	for _, value := range body {
		if text, ok := value.(string); !ok || text == "" || strings.ContainsAny(text, "\n\t") || strings.Contains(text, "     ") {
			return "132018: There is an issue with the parameters in your template"
		}
	}
	return ""
}

func (p platform) refuses(m *Message) string {
	items, _ := m.Attributes["items"].([]any)
	title := p.title
	if len(items) <= p.buttons {
		title = p.buttonTitle
	}
	if p.most > 0 && len(items) > p.most {
		return fmt.Sprintf("(#131009) Parameter value is not valid: %d options, %d are allowed", len(items), p.most)
	}
	if n := units(m.Content); p.text > 0 && n > p.text {
		return fmt.Sprintf("(#131009) Parameter value is not valid: a text of %d, %d are allowed", n, p.text)
	}
	seen := map[any]bool{}
	for _, item := range items {
		fields, _ := item.(map[string]any)
		label, _ := fields["title"].(string)
		value, _ := fields["value"].(string)
		switch {
		case title > 0 && units(label) > title:
			return fmt.Sprintf("(#131009) Parameter value is not valid: a title of %d, %d are allowed", units(label), title)
		case p.value > 0 && len(value) > p.value:
			return "400, Bad Request: BUTTON_DATA_INVALID"
		case p.buttons > 0 && seen[label]:
			return "(#131009) Parameter value is not valid: duplicated title"
		}
		seen[label] = true
	}
	return ""
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }
