// Package invariants tests what holds in a queue whatever happens: durable, once in, one at a time, in order, coalesced, nothing lost,
// answered once, poison alone, paused for all, fair, bounded.
package invariants

import "tania/internal/queue/queuetest"

// Cases are the tests of the invariants.
func Cases() []queuetest.Case {
	return []queuetest.Case{
		{Name: "Invariant1DurableBeforePushReturns", Test: durable},
		{Name: "Invariant2OnceIn", Test: onceIn},
		{Name: "Invariant3OneAtATime", Test: oneAtATime},
		{Name: "Invariant4InOrder", Test: inOrder},
		{Name: "Invariant5Coalesced", Test: coalesced},
		{Name: "Invariant6NothingLost", Test: nothingLost},
		{Name: "Invariant7AnsweredOnce", Test: answeredOnce},
		{Name: "Invariant8PoisonStaysAlone", Test: poison},
		{Name: "Invariant9PauseIsGlobal", Test: pause},
		{Name: "Invariant10Fair", Test: fair},
		{Name: "Invariant11Bounded", Test: bounded},
	}
}
