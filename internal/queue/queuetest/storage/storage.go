// Package storage tests what a store holds beside turns: conversations, contacts, records, counters, notes, reports and versions of bots;
// how a contact is erased from all of it; and what is left of an engine that was closed.
package storage

import "tania/internal/queue/queuetest"

// Cases are the tests of what is stored beside turns.
func Cases() []queuetest.Case {
	return []queuetest.Case{
		{Name: "Memory", Test: memory},
		{Name: "Forget", Test: forget},
		{Name: "Board", Test: board},
		{Name: "Bots", Test: bots},
		{Name: "Closing", Test: closing},
	}
}
