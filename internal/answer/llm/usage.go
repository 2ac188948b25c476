package llm

import (
	"context"
	"encoding/json"
	"math"

	"tania/internal/answer/llm/wire"
	"tania/internal/tania"
	"tania/internal/tokens"
)

// checkBudget refuses when the month has cost what it may. A sum that cannot be read stops nobody's answer; it is logged.
func (a *OpenAI) checkBudget(ctx context.Context) error {
	if a.options.Budget <= 0 || a.options.Spent == nil {
		return nil
	}
	spent, err := a.options.Spent(ctx)
	if err != nil {
		a.options.Log.Warn("the month's cost could not be read; budget not checked", "error", err)
		return nil
	}
	if spent >= a.options.Budget {
		return ErrBudget
	}
	return nil
}

// usage counts a completion's tokens and its cost. A price of n USD per million tokens is n micro-USD per token.
func (a *OpenAI) usage(name string, sent wire.Request, c wire.Completion) tania.Usage {
	u := tania.Usage{Model: name, Calls: 1, InputTokens: c.Usage.PromptTokens.Whole(), OutputTokens: c.Usage.CompletionTokens.Whole()}
	if u.InputTokens <= 0 {
		text, _ := json.Marshal(sent.Messages)
		u.InputTokens = estimate(string(text))
	}
	if u.OutputTokens <= 0 {
		u.OutputTokens = estimate(string(c.Choices[0].Message))
	}
	u.Cost = a.cost(name, c.Model.Text(), u.InputTokens, u.OutputTokens)
	return u
}

// cost is in micro-USD. The price is that of the model that was asked for, else that of the name the server gave.
func (a *OpenAI) cost(asked, given string, input, output int64) int64 {
	prices := *a.prices.Load()
	price, ok := prices[asked]
	if !ok {
		price = prices[given]
	}
	return int64(math.Ceil(float64(input)*price.Input + float64(output)*price.Output - 1e-6))
}

// estimate counts the tokens of a text where the server does not.
func estimate(text string) int64 {
	return int64(tokens.Count(text))
}
