// Package background reads what Chatwoot knows of a customer and of where they write, beside what they write: attributes, the page, the
// time zone. Values come in as Chatwoot has them and go out as one bounded line each.
package background

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// Background is what was found in a webhook or an answer of the API. It was put there by people of the team, by other programs, and by
// customers themselves: nothing of it is to be believed more than their messages.
type Background struct {
	// Inbox is the inbox's name, in messages' webhooks alone.
	Inbox string
	// Page is the address of the page on which the conversation was begun in the website's widget (additional_attributes.referer),
	// BrowserLanguage the browser's then, Began the browser's time as it writes it.
	Page, BrowserLanguage, Began string
	// Contact and ContactMore are custom_attributes and additional_attributes of the contact, as JSON.
	Contact, ContactMore json.RawMessage
	// Person is the contact itself, Conversation the custom_attributes of the conversation.
	Person       tania.Contact
	Conversation map[string]any
}

// Bounds of the value of an attribute: characters, and elements of a list.
const (
	longestAttribute = 200
	longestList      = 20
)

// ofContact gives the value of a custom attribute of the contact, or of what Chatwoot itself knows of it, "city" for example; "" for none.
func (b *Background) ofContact(key string) string {
	for _, data := range []json.RawMessage{b.Contact, b.ContactMore} {
		var all map[string]any
		if len(data) == 0 || json.Unmarshal(data, &all) != nil {
			continue
		}
		if v := attribute(all[key]); v != "" {
			return v
		}
	}
	return ""
}

// attribute writes a text, a number, yes or no, or a list of these; "" for anything else.
func attribute(value any) string {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var values []string
	for _, one := range list[:min(len(list), longestList)] {
		switch one := one.(type) {
		case string:
			values = append(values, one)
		case bool:
			values = append(values, strconv.FormatBool(one))
		case float64:
			values = append(values, strconv.FormatFloat(one, 'f', -1, 64))
		}
	}
	return oneLine(strings.Join(values, ", "))
}

// oneLine is a value as an attribute has it: one line, of at most 200 characters, without what is not seen.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return ' '
		}
		if unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if letters := []rune(s); len(letters) > longestAttribute {
		s = string(letters[:longestAttribute-1]) + "…"
	}
	return s
}

// where is the page without what addresses carry beside it: names, keys and clicks in queries and fragments. "" where it is no web page.
func (b *Background) where() string {
	u, err := url.Parse(strings.TrimSpace(b.Page))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return oneLine((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String())
}

// offsets are the differences to UTC as browsers write them (Date.prototype.toString): GMT+0200.
var offsets = lazyregexp.New(`\bGMT([+-])(\d{2})(\d{2})\b`)

// zone names the customer's time zone, as tania.Attribute.Zone reads it: that of a custom attribute of the contact (timezone or
// time_zone), else the one that the browser had when the conversation was begun, as "+02:00". "" where neither is known.
func (b *Background) zone() string {
	for _, key := range []string{"timezone", "time_zone"} {
		if name := b.ofContact(key); isZone(name) {
			return name
		}
	}
	m := offsets.FindStringSubmatch(b.Began)
	if m == nil || !isZone(m[1]+m[2]+":"+m[3]) {
		return ""
	}
	return m[1] + m[2] + ":" + m[3]
}

func isZone(name string) bool {
	_, err := tania.Attribute{Value: name}.Zone()
	return err == nil
}

// Attributes gives what is known of what is named, in that order, without what is not known.
func (b *Background) Attributes(names []string) (known []tania.Attribute) {
	for _, name := range names {
		if value := b.named(name); value != "" {
			known = append(known, tania.Attribute{Name: name, Value: value})
		}
	}
	return known
}

func (b *Background) named(name string) string {
	switch name {
	case tania.KnownName:
		return oneLine(b.Person.Name)
	case tania.KnownEmail:
		return oneLine(b.Person.Email)
	case tania.KnownPhone:
		return oneLine(b.Person.Phone)
	case tania.KnownIdentifier:
		return oneLine(b.Person.Identifier)
	case tania.KnownInbox:
		return oneLine(b.Inbox)
	case tania.KnownPage:
		return b.where()
	case tania.KnownLanguage:
		return oneLine(b.BrowserLanguage)
	case tania.KnownTime:
		return b.zone()
	}
	if key, ok := strings.CutPrefix(name, tania.KnownOfContact); ok {
		return b.ofContact(key)
	}
	if key, ok := strings.CutPrefix(name, tania.KnownOfConversation); ok {
		return attribute(b.Conversation[key])
	}
	return "" // the channel is known of every message
}
