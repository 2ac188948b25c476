package doctor

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// version of Chatwoot: major, minor, patch.
type version [3]int

// Versions that brought what Tania uses, from Chatwoot's source.
var (
	signsAccounts = version{4, 11, 2} // signed account webhooks; typing by a bot's token
	signsBots     = version{4, 13, 0} // signed bot webhooks; conversation_updated for bots
	guardsPrivate = version{4, 14, 0} // no webhooks to private addresses
	showsBots     = version{4, 14, 2} // a bot's token may read a conversation and its labels
)

// parseVersion reads "4.15.1", "v4.15", "4.15.1-rc1"; zero for anything else.
func parseVersion(s string) version {
	var v version
	s, _, _ = strings.Cut(strings.TrimPrefix(s, "v"), "-")
	for i, part := range strings.SplitN(s, ".", 3) {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return version{}
		}
		v[i] = n
	}
	return v
}

func (v version) known() bool { return v != version{} }

// before reports whether the version is known and older.
func (v version) before(w version) bool { return v.known() && slices.Compare(v[:], w[:]) < 0 }

func (v version) String() string { return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2]) }
