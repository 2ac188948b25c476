package main

import (
	"context"
	"errors"
	"log/slog"

	"tania/internal/answer/llm"
	"tania/internal/config"
	"tania/internal/dashboard"
	"tania/internal/privacy"
	"tania/internal/pulse"
	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/tania"
	"tania/internal/worker"
)

// newDashboard makes the page at /.
func newDashboard(c *config.Config, engine queue.Engine, kept *failover.Failover, t dashboard.Trier, model string, log *slog.Logger) *dashboard.Dashboard {
	o := dashboard.Options{
		Engine: engine, Log: log, Version: version, AdminToken: c.Server.AdminToken.Reveal(), Mask: privacy.Mask(c.Server.PrivacyMask),
		Account: c.Chatwoot.Account, Counters: modelCounters(), Budget: c.Model.MonthlyBudget, Model: model,
		Bot: dashboard.BotOptions{
			Loaded: c.Bot, Path: c.BotPath, Builtin: c.BuiltinBot, Try: t.Try,
			Reload: func() (*config.Bot, error) { return config.LoadBot(c.BotPath) },
		},
	}
	if kept != nil {
		o.Kept = kept.Kept
	}
	return dashboard.New(o)
}

func modelCounters() pulse.Names {
	return pulse.Names{Calls: worker.CounterCalls, Cost: worker.CounterCost, MonthlyCost: worker.MonthlyCost}
}

// measure counts how long a customer waited for an answer, or for a human.
func measure(m *pulse.Meter, r tania.Record) {
	answered := r.Outcome == tania.OutcomeAnswered || r.Outcome == tania.OutcomeHandedOver
	if answered && !r.Received.IsZero() {
		m.Turn.Observe(r.At.Sub(r.Received))
	}
}

// counted is a responder whose failures are counted.
type counted struct {
	llm.Responder
	meter *pulse.Meter
}

// Respond counts what no model answered. That the caller gave up, or the budget is used up, is no model's failure.
func (c counted) Respond(ctx context.Context, p llm.Prompt) (llm.Response, error) {
	r, err := c.Responder.Respond(ctx, p)
	if err != nil && !errors.Is(err, llm.ErrBudget) && !errors.Is(ctx.Err(), context.Canceled) {
		c.meter.Errors.Add(1)
	}
	return r, err
}
