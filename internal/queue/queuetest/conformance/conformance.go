// Package conformance is the suite that every engine of the queue must pass: a test for each invariant, the rest of the
// contract, and a random test against a simple model.
package conformance

import (
	"slices"
	"testing"

	"tania/internal/queue/queuetest"
	"tania/internal/queue/queuetest/invariants"
	"tania/internal/queue/queuetest/model"
	"tania/internal/queue/queuetest/storage"
	"tania/internal/queue/queuetest/turns"
)

// Test runs the whole suite.
func Test(t *testing.T, h queuetest.Harness) {
	for _, c := range slices.Concat(invariants.Cases(), turns.Cases(), storage.Cases(), model.Cases()) {
		t.Run(c.Name, func(t *testing.T) { c.Test(t, h) })
	}
}
