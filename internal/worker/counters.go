package worker

import (
	"context"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Names of the model's counters in the engine's store; costs are in micro-USD.
const (
	CounterCalls        = "llm/calls"
	CounterInputTokens  = "llm/input_tokens"
	CounterOutputTokens = "llm/output_tokens"
	CounterCost         = "llm/cost_micro_usd"
)

// MonthlyCost names the counter of a month's cost, which the budget is held against.
func MonthlyCost(t time.Time) string { return CounterCost + "/" + t.UTC().Format("2006-01") }

// Pay adds what model calls cost to the counters, even when ctx has ended: they were made.
func Pay(ctx context.Context, memory queue.Memory, u tania.Usage) error {
	if u.Calls == 0 {
		return nil
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer done()
	return memory.Count(ctx, Spent(u, time.Now()))
}

// Spent is what a model call adds to the counters at a time.
func Spent(u tania.Usage, at time.Time) map[string]int64 {
	return map[string]int64{
		CounterCalls: int64(u.Calls), CounterInputTokens: u.InputTokens, CounterOutputTokens: u.OutputTokens,
		CounterCost: u.Cost, MonthlyCost(at): u.Cost,
	}
}
