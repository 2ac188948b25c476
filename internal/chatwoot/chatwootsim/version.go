package chatwootsim

import (
	"fmt"
	"slices"
)

// Release is a release of Chatwoot: major, minor, patch.
type Release [3]int

// The releases where the behaviour that the simulator plays changed.
var (
	RendersHTML      = Release{4, 4, 0}
	RawAgain         = Release{4, 12, 1}
	BotsType         = Release{4, 11, 2}
	SignsAccounts    = Release{4, 11, 2}
	SignsBots        = Release{4, 13, 0}
	BotsSeeUpdates   = Release{4, 13, 0}
	BotsReadBack     = Release{4, 14, 2}
	assignsBot       = Release{4, 17, 0}
	MergesAttributes = Release{4, 17, 0}
)

func parseVersion(s string) (Release, error) {
	var v Release
	if _, err := fmt.Sscanf(s, "%d.%d.%d", &v[0], &v[1], &v[2]); err != nil {
		return v, fmt.Errorf("chatwootsim: version %q: want one like 4.15.1", s)
	}
	return v, nil
}

// Since reports whether a release is another one or came after it.
func (v Release) Since(w Release) bool { return slices.Compare(v[:], w[:]) >= 0 }
