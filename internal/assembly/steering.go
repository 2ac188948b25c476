package assembly

import (
	"slices"
	"strings"

	"tania/internal/bots"
	"tania/internal/config"
)

// steering reports which labels mean something to Tania: those of the settings, and those by which the bots that are current are chosen.
func steering(c *config.Config, registry *bots.Registry) func(label string) bool {
	return func(label string) bool {
		is := func(l string) bool { return l != "" && strings.EqualFold(l, strings.TrimSpace(label)) }
		return c.Steers(label) ||
			slices.ContainsFunc(registry.All(), func(b *bots.Runtime) bool { return slices.ContainsFunc(b.When.Labels, is) })
	}
}
