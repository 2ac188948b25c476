package reply

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/bot"
	"tania/internal/tania"
)

// TestAVisitorIsNotToldWhatIsTheContacts where nobody vouches for who they are, nor anybody what the bot may not know now.
func TestAVisitorIsNotToldWhatIsTheContacts(t *testing.T) {
	all := []tania.Attribute{
		{Name: "name", Value: "Ana"},
		{Name: "email", Value: "ana@example.com"},
		{Name: "contact.plan", Value: "gold"},
		{Name: "page", Value: "/"},
	}
	b := bot.Default()
	b.Context = []string{"name", "email", "contact.plan"}
	for _, c := range []struct {
		verified bool
		want     []tania.Attribute
	}{{false, all[:1]}, {true, all[:3]}} {
		d := &decision{Case: &Case{Messages: []tania.Message{{Channel: tania.ChannelWebWidget, Verified: c.verified, Attributes: all}}}}
		d.Bot = b
		if diff := cmp.Diff(c.want, d.attributes()); diff != "" {
			t.Errorf("verified %v: -want +got:\n%s", c.verified, diff)
		}
	}
}
