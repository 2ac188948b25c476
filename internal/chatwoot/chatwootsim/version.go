package chatwootsim

import (
	"fmt"
	"slices"
)

// version is a release of Chatwoot: major, minor, patch.
type version [3]int

// The releases where the behaviour that the simulator plays changed.
var (
	rendersHTML      = version{4, 4, 0}
	rawAgain         = version{4, 12, 1}
	botsType         = version{4, 11, 2}
	signsAccounts    = version{4, 11, 2}
	signsBots        = version{4, 13, 0}
	botsSeeUpdates   = version{4, 13, 0}
	botsReadBack     = version{4, 14, 2}
	assignsBot       = version{4, 17, 0}
	mergesAttributes = version{4, 17, 0}
)

func parseVersion(s string) (version, error) {
	var v version
	if _, err := fmt.Sscanf(s, "%d.%d.%d", &v[0], &v[1], &v[2]); err != nil {
		return v, fmt.Errorf("chatwootsim: version %q: want one like 4.15.1", s)
	}
	return v, nil
}

func (v version) since(w version) bool { return slices.Compare(v[:], w[:]) >= 0 }
