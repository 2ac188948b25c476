package index

import (
	"tania/internal/cache/shareable"
	"tania/internal/language"
)

// standing is whether an answer stands in a version of the bot.
type standing struct {
	version string
	holds   bool
}

// StandsIn reports whether an answer holds in what a bot knows, nil: in any. It is computed once for each version. It may be called by
// several goroutines at once.
func (e *Phrasing) StandsIn(k shareable.Knowledge) bool {
	if k == nil || e.Made == "" || e.Made == k.Version() {
		return true
	}
	if known := e.stood.Load(); known != nil && known.version == k.Version() {
		return known.holds
	}
	now := &standing{k.Version(), e.Basis == k.Basis(language.Read(e.Question), e.Sources)}
	e.stood.Store(now)
	return now.holds
}
