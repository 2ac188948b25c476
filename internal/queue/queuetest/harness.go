// Package queuetest is what every engine of the queue must pass: a test for each invariant, the rest of the contract,
// and a random test against a simple model. It knows the contract and a harness, no engine.
package queuetest

import (
	"testing"
	"time"

	"tania/internal/queue"
)

// Harness opens stores of one kind of engine.
type Harness struct {
	// Open makes a new, empty store and opens an engine on it. The suite calls Store.Remove.
	Open func(t testing.TB, o queue.Options) Store
	// FreedAtOpen reports whether turns of a process that died are due as soon as the store is opened again; else they
	// are when their leases end.
	FreedAtOpen bool
}

// Store is one store and the engine that is open on it. Time stands still in it but for Advance.
type Store interface {
	// Engine is the engine that is open now.
	Engine() queue.Engine
	// Crash ends the engine the way a killed process ends, and opens another one on what is on disk.
	Crash()
	// Advance moves the engine's time. When it returns, leases that ended have ended and what came due is due.
	Advance(d time.Duration)
	// Now is the engine's time.
	Now() time.Time
	// Leftovers names what the store and the engine's memory hold beside counters and settings, with the number of each.
	Leftovers() map[string]int
	// Remove closes the engine and deletes the store.
	Remove()
}

// Test runs the whole suite.
func Test(t *testing.T, h Harness) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Harness)
	}{
		{"Invariant1DurableBeforePushReturns", durable},
		{"Invariant2OnceIn", onceIn},
		{"Invariant3OneAtATime", oneAtATime},
		{"Invariant4InOrder", inOrder},
		{"Invariant5Coalesced", coalesced},
		{"Invariant6NothingLost", nothingLost},
		{"Invariant7AnsweredOnce", answeredOnce},
		{"Invariant8PoisonStaysAlone", poison},
		{"Invariant9PauseIsGlobal", pause},
		{"Invariant10Fair", fair},
		{"Invariant11Bounded", bounded},
		{"GivingBack", givingBack},
		{"Amend", amend},
		{"Journal", journal},
		{"Parking", parking},
		{"Revisions", revisions},
		{"Memory", memory},
		{"Forget", forget},
		{"Board", board},
		{"Bots", bots},
		{"Closing", closing},
		{"Model", model},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, h) })
	}
}
