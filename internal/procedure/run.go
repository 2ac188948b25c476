package procedure

import (
	"time"

	"tania/internal/tania"
)

// Goes reports whether a procedure that is remembered goes on: it has not ended, its time is not over, and its conversation was not
// resolved since. over is how it ended where it does not, "" where that is known already.
func (p *Procedure) Goes(state *tania.Procedure, now, episode time.Time) (on bool, over tania.ProcedureEnd) {
	switch {
	case state.End != "":
		return false, ""
	case p == nil, now.Sub(state.At) > p.Expires, state.At.Before(episode):
		return false, tania.ProcedureExpired
	}
	return true, ""
}

// LeftText is what a customer is told who does not want to go on.
func LeftText(lang, own tania.Language) string { return leftText.In(lang, own) }
