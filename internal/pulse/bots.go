package pulse

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"tania/internal/bot"
	"tania/internal/ledger"
	"tania/internal/tania"
)

// OfBot is what became of a bot's turns, and what its model calls cost.
type OfBot struct {
	// Bot is its name, bot.Main for the main one.
	Bot string `json:"bot"`
	// Turns are all that ended; the others say how.
	Turns      int64 `json:"turns"`
	Answered   int64 `json:"answered"`
	NotKnown   int64 `json:"not_known"`
	AskedBack  int64 `json:"asked_back"`
	HandedOver int64 `json:"handed_over"`
	Silent     int64 `json:"silent"`
	Failed     int64 `json:"failed"`
	// Cost is in micro-USD, of the calendar month (UTC). The main bot's has what was spent for nobody in particular.
	Cost int64 `json:"cost_this_month_micro_usd"`
}

// The counters of a bot's turns are called botsPrefix, its name, turnsInfix and the outcome.
const (
	botsPrefix = "bots/"
	turnsInfix = "/turns/"
)

// Ended counts a turn that ended, by the record of its last message.
func (m *Meter) Ended(r tania.Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.turns == nil {
		m.turns = map[string]int64{}
	}
	m.turns[botsPrefix+cmp.Or(r.Bot, bot.Main)+turnsInfix+string(r.Outcome)]++
}

// takeTurns gives what Ended has counted since the last time; returnTurns gives it back.
func (m *Meter) takeTurns() map[string]int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	taken := m.turns
	m.turns = nil
	return taken
}

func (m *Meter) returnTurns(taken map[string]int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.turns == nil {
		m.turns = map[string]int64{}
	}
	for name, n := range taken {
		m.turns[name] += n
	}
}

// Bots are the bots that counters of the store tell of at a time, the main one first, then by name. Where there is none but the main one
// they are none: the other figures are its own.
func Bots(counters map[string]int64, at time.Time) []OfBot {
	found := map[string]*OfBot{bot.Main: {Bot: bot.Main, Cost: counters[ledger.MonthlyCost(at)]}}
	of := func(name string) *OfBot {
		if found[name] == nil {
			found[name] = &OfBot{Bot: name, Cost: counters[ledger.MonthlyCostOf(name, at)]}
			found[bot.Main].Cost -= found[name].Cost
		}
		return found[name]
	}
	for counter, n := range counters {
		rest, ours := strings.CutPrefix(counter, botsPrefix)
		if !ours {
			continue
		}
		if name, outcome, ok := strings.Cut(rest, turnsInfix); ok {
			of(name).count(tania.Outcome(outcome), n)
		} else if name, ok := strings.CutSuffix(rest, "/"+ledger.MonthlyCost(at)); ok {
			of(name)
		}
	}
	all := []OfBot{*found[bot.Main]}
	delete(found, bot.Main)
	for _, name := range slices.Sorted(maps.Keys(found)) {
		all = append(all, *found[name])
	}
	if len(all) == 1 {
		return nil
	}
	return all
}

func (b *OfBot) count(o tania.Outcome, n int64) {
	b.Turns += n
	switch o {
	case tania.OutcomeAnswered:
		b.Answered += n
	case tania.OutcomeNotKnown:
		b.NotKnown += n
	case tania.OutcomeAskedBack:
		b.AskedBack += n
	case tania.OutcomeHandedOver:
		b.HandedOver += n
	case tania.OutcomeFailed:
		b.Failed += n
	default:
		b.Silent += n
	}
}
