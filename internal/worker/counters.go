package worker

import "time"

// Names of the model's counters in the engine's store; costs are in micro-USD.
const (
	CounterCalls        = "llm/calls"
	CounterInputTokens  = "llm/input_tokens"
	CounterOutputTokens = "llm/output_tokens"
	CounterCost         = "llm/cost_micro_usd"
)

// MonthlyCost names the counter of a month's cost, which the budget is held against.
func MonthlyCost(t time.Time) string { return CounterCost + "/" + t.UTC().Format("2006-01") }
