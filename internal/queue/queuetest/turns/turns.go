// Package turns tests what may happen to a turn between its claim and its end: it is given back, parked, amended, and keeps a journal.
package turns

import "tania/internal/queue/queuetest"

// Cases are the tests of turns.
func Cases() []queuetest.Case {
	return []queuetest.Case{
		{Name: "GivingBack", Test: givingBack},
		{Name: "Amend", Test: amending},
		{Name: "Journal", Test: journal},
		{Name: "Parking", Test: parking},
		{Name: "Revisions", Test: revisions},
		{Name: "Telling", Test: telling},
	}
}
