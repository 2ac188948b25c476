package assembly

import (
	"testing"

	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/config"
)

// TestWhichLabelsSteer: Tania's own, and those by which a bot is chosen, in whatever case; one that is not set is none.
func TestWhichLabelsSteer(t *testing.T) {
	c := &config.Config{}
	c.Handoff.Label, c.Handoff.ReturnLabel, c.Ratings.Bad, c.Cache.AudienceLabels = "handoff", "bot", "bad", []string{"wholesale"}
	steers := steering(c, bots.NewRegistry(&bots.Runtime{}, &bots.Runtime{Name: "gold", When: bot.When{Labels: []string{"gold"}}}))
	for label, want := range map[string]bool{
		"handoff": true, " Handoff": true, "bot": true, "bad": true, "wholesale": true, "GOLD": true, "": false, "vip": false, "bots": false,
	} {
		if steers(label) != want {
			t.Errorf("%q steers: %v", label, !want)
		}
	}
}
