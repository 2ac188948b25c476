// Package queuetest is what the tests of the queue's engines are made of: a store whose time stands still, the steps that a test takes
// on it, and what is asserted after them. It knows the contract, no engine. The tests themselves are in the rooms below it, and
// conformance runs all of them.
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

// Case is a part of the suite.
type Case struct {
	Name string
	Test func(*testing.T, Harness)
}
