package assembly

import (
	"slices"
	"strings"

	"tania/internal/bots"
	"tania/internal/config"
)

// steering reports which labels say to Tania who answers, who has the conversation, what an answer was worth, or which answers may be
// shared: they are for people to put on, and no tool changes them. Chatwoot compares labels without regard to case.
func steering(c *config.Config, registry *bots.Registry) func(label string) bool {
	own := append([]string{c.Handoff.Label, c.Handoff.ReturnLabel, c.Ratings.Bad, c.Ratings.Good, c.Ratings.FAQ}, c.Cache.AudienceLabels...)
	return func(label string) bool {
		is := func(l string) bool { return l != "" && strings.EqualFold(l, strings.TrimSpace(label)) }
		return slices.ContainsFunc(own, is) ||
			slices.ContainsFunc(registry.All(), func(b *bots.Runtime) bool { return slices.ContainsFunc(b.When.Labels, is) })
	}
}
