package tania

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Attribute is something that is known of a customer, or of where they write, beside what they write. Its value is data of others.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// The names of attributes. Those that an installation gives its contacts and conversations have their own behind a prefix.
const (
	KnownName       = "name"
	KnownEmail      = "email"
	KnownPhone      = "phone"
	KnownIdentifier = "identifier"
	// KnownChannel is how the channel is called: the only one of these that all customers of an inbox share.
	KnownChannel = "channel"
	KnownInbox   = "inbox"
	// KnownPage is the page on which the conversation was begun, KnownLanguage the browser's language.
	KnownPage     = "page"
	KnownLanguage = "language"
	// KnownTime is the time where the customer is; its value is the time zone.
	KnownTime           = "local_time"
	KnownOfContact      = "contact."
	KnownOfConversation = "conversation."
)

// Personal reports whether an attribute is the contact's own: what a visitor who only says who they are must not hear. The name is not, for
// they may have typed it.
func (a Attribute) Personal() bool {
	return a.Name == KnownEmail || a.Name == KnownPhone || a.Name == KnownIdentifier || strings.HasPrefix(a.Name, KnownOfContact)
}

// zoneNames keep a time zone's name from being a path.
var zoneNames = regexp.MustCompile(`^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$`)

// Zone is the time zone that the value names: "America/Lima", or "-05:00".
func (a Attribute) Zone() (*time.Location, error) {
	if t, err := time.Parse("-07:00", a.Value); err == nil {
		_, seconds := t.Zone()
		if seconds < -14*3600 || seconds > 14*3600 {
			return nil, strconv.ErrRange
		}
		return time.FixedZone("", seconds), nil
	}
	if !zoneNames.MatchString(a.Value) || strings.EqualFold(a.Value, "local") {
		return nil, strconv.ErrSyntax
	}
	return time.LoadLocation(a.Value)
}
