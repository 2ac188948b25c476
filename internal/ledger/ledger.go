// Package ledger is the account of what models cost and what the cache saves: names of counters in the store, and what is booked on them.
// Costs are in micro-USD, by the prices in bot.yaml.
package ledger

import (
	"context"
	"time"

	"tania/internal/tania"
)

// Names of the counters.
const (
	Calls        = "llm/calls"
	InputTokens  = "llm/input_tokens"
	OutputTokens = "llm/output_tokens"
	Cost         = "llm/cost_micro_usd"
	// Errors counts questions that no model answered.
	Errors = "llm/errors"
	// GivenUp counts answers that were not needed: the customer wrote on while they were made, or before they left.
	GivenUp = "llm/given_up"
	// SavedTokens and SavedCost are what the answers given from the cache cost when they were made.
	SavedTokens = "cache/saved/tokens"
	SavedCost   = "cache/saved/cost_micro_usd"
)

// MonthlyCost names the counter of the cost of t's month (UTC), which the budget is held against.
func MonthlyCost(t time.Time) string { return Cost + "/" + t.UTC().Format("2006-01") }

// MonthlyCostOf names the counter of what an assigned bot's calls cost in t's month, which its own budget is held against.
func MonthlyCostOf(bot string, t time.Time) string { return "bots/" + bot + "/" + MonthlyCost(t) }

// Store has the counters: queue.Memory.
type Store interface {
	Count(ctx context.Context, delta map[string]int64) error
	Counters(ctx context.Context) (map[string]int64, error)
}

// payTime bounds a booking.
const payTime = 5 * time.Second

// Pay books what model calls cost, even when ctx has ended: they were made. bot names the assigned bot that they were for, empty for the
// main one.
func Pay(ctx context.Context, store Store, bot string, u tania.Usage) error {
	if u.Calls == 0 {
		return nil
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), payTime)
	defer done()
	return store.Count(ctx, booking(u, bot, time.Now()))
}

// booking is what model calls add to the counters at a time.
func booking(u tania.Usage, bot string, at time.Time) map[string]int64 {
	delta := map[string]int64{
		Calls: int64(u.Calls), InputTokens: u.InputTokens, OutputTokens: u.OutputTokens, Cost: u.Cost, MonthlyCost(at): u.Cost,
	}
	if bot != "" {
		delta[MonthlyCostOf(bot, at)] = u.Cost
	}
	return delta
}

// Balance is the account at a time, over all processes. Costs are in micro-USD.
type Balance struct {
	Calls, Errors, InputTokens, OutputTokens int64
	// Cost is ever, CostThisMonth in the calendar month (UTC).
	Cost, CostThisMonth    int64
	SavedTokens, SavedCost int64
	GivenUp                int64
}

// GivenUpCost estimates what the answers cost that were not needed: as much as a call costs on the average. A call that is given up is
// never told its price.
func (b Balance) GivenUpCost() int64 { return b.GivenUp * b.Cost / max(b.Calls, 1) }

// Read gives the balance of now.
func Read(ctx context.Context, store Store) (Balance, error) {
	counters, err := store.Counters(ctx)
	return Of(counters, time.Now()), err
}

// Of is the balance that counters of the store show at a time.
func Of(counters map[string]int64, at time.Time) Balance {
	return Balance{
		Calls: counters[Calls], Errors: counters[Errors], InputTokens: counters[InputTokens], OutputTokens: counters[OutputTokens],
		Cost: counters[Cost], CostThisMonth: counters[MonthlyCost(at)],
		SavedTokens: counters[SavedTokens], SavedCost: counters[SavedCost], GivenUp: counters[GivenUp],
	}
}

// SpentThisMonth gives a function that tells what the month's calls have cost.
func SpentThisMonth(store Store) func(ctx context.Context) (int64, error) {
	return func(ctx context.Context) (int64, error) {
		b, err := Read(ctx, store)
		return b.CostThisMonth, err
	}
}

// SpentThisMonthBy gives a function that tells what the month's calls for an assigned bot have cost. Where all bots together have used up
// budget, which is theirs (0: there is none), it tells of at least own, the bot's.
func SpentThisMonthBy(store Store, bot string, own, budget int64) func(ctx context.Context) (int64, error) {
	return func(ctx context.Context) (int64, error) {
		counters, err := store.Counters(ctx)
		now := time.Now()
		spent := counters[MonthlyCostOf(bot, now)]
		if budget > 0 && counters[MonthlyCost(now)] >= budget {
			spent = max(spent, own)
		}
		return spent, err
	}
}
