package ledger_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"tania/internal/ledger"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

func TestWhatIsPaidIsInTheBalance(t *testing.T) {
	engine, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	ended, end := context.WithCancel(t.Context())
	end() // the turn was given back; the call was made all the same
	for range 2 {
		if err := ledger.Pay(ended, engine, "", tania.Usage{Calls: 2, InputTokens: 10, OutputTokens: 5, Cost: 7}); err != nil {
			t.Fatal(err)
		}
	}
	if err := ledger.Pay(ended, engine, "", tania.Usage{InputTokens: 1}); err != nil {
		t.Fatal(err)
	}
	saved := map[string]int64{
		ledger.SavedTokens: 15, ledger.SavedCost: 8, ledger.Errors: 3, ledger.GivenUp: 2,
		ledger.MonthlyCost(time.Now().AddDate(0, -2, 0)): 100,
	}
	if err := engine.Count(t.Context(), saved); err != nil {
		t.Fatal(err)
	}
	want := ledger.Balance{
		Calls: 4, Errors: 3, InputTokens: 20, OutputTokens: 10, Cost: 14, CostThisMonth: 14, SavedTokens: 15, SavedCost: 8, GivenUp: 2,
	}
	if got, err := ledger.Read(t.Context(), engine); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if spent, err := ledger.SpentThisMonth(engine)(t.Context()); err != nil || spent != 14 {
		t.Errorf("%d, %v", spent, err)
	}
}

// TestAMonthEndsInUTC: a budget starts over everywhere at the same time.
func TestAMonthEndsInUTC(t *testing.T) {
	lastHour := time.Date(2026, 6, 30, 19, 0, 0, 0, time.FixedZone("Mexico", -6*60*60))
	if got := ledger.MonthlyCost(lastHour); got != "llm/cost_micro_usd/2026-07" {
		t.Error(got)
	}
}

// TestAnAssignedBotHasABudgetOfItsOwn, and ends with that of all.
func TestAnAssignedBotHasABudgetOfItsOwn(t *testing.T) {
	engine, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	for bot, cost := range map[string]int64{"": 50, "shop": 7} {
		if err := ledger.Pay(t.Context(), engine, bot, tania.Usage{Calls: 1, Cost: cost}); err != nil {
			t.Fatal(err)
		}
	}
	if spent, err := ledger.SpentThisMonth(engine)(t.Context()); err != nil || spent != 57 {
		t.Errorf("all spent %d, %v", spent, err)
	}
	for budget, want := range map[int64]int64{0: 7, 58: 7, 57: 10} {
		if spent, err := ledger.SpentThisMonthBy(engine, "shop", 10, budget)(t.Context()); err != nil || spent != want {
			t.Errorf("of %d for all, the shop spent %d, want %d (%v)", budget, spent, want, err)
		}
	}
}
