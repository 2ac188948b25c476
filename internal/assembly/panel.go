package assembly

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tania/internal/alert"
	"tania/internal/answer/llm"
	"tania/internal/audit"
	"tania/internal/bot"
	"tania/internal/cache"
	cachestore "tania/internal/cache/store"
	"tania/internal/config"
	"tania/internal/dashboard"
	"tania/internal/dashboard/pages"
	"tania/internal/oidc"
	"tania/internal/operator"
	"tania/internal/privacy"
	"tania/internal/pulse"
	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/tania"
	"tania/internal/words"
)

// newDashboard makes the page at /.
func newDashboard(
	c *config.Config, engine queue.Engine, kept *failover.Failover, cache dashboard.Cache, retries *operator.Retrier, alerts dashboard.Alerts,
	actions *audit.Log, try trial, published operator.Bots, paused operator.Pauses, model, version string, log *slog.Logger,
) *dashboard.Dashboard {
	o := dashboard.Options{
		Engine: engine, Log: log, Version: version, AdminToken: c.Server.AdminToken.Reveal(), OpenHere: c.Server.AdminTokenKept,
		Mask: privacy.Mask(c.Server.PrivacyMask), Audit: actions,
		Account: c.Chatwoot.Account, Chatwoot: c.Chatwoot.BaseURL.String(), Budget: c.Model.MonthlyBudget, Model: model,
		Cache: cache, Alerts: alerts, RetryAll: func(ctx context.Context, by string) (int, error) {
			p, err := retries.Start(ctx, by)
			return p.Of, err
		},
		Bot: dashboard.BotOptions{
			Loaded: func() *bot.Bot { return try.bots.Main().Bot },
			Path:   c.BotPath, Builtin: c.BuiltinBot, Try: try.try, At: try.at, Compare: try.compare, Explain: try.explain,
			Reload: c.ReloadBot, Versions: published, Pauses: paused,
		},
	}
	if c.OIDC.Issuer != "" {
		o.Elsewhere = oidc.New(oidc.Options{
			Issuer: c.OIDC.Issuer, ClientID: c.OIDC.ClientID, Secret: c.OIDC.ClientSecret.Reveal(), Redirect: c.OIDC.Redirect.String(),
			Scopes: c.OIDC.Scopes, GroupsClaim: c.OIDC.GroupsClaim, Roles: c.OIDC.Roles, Key: c.Server.AdminToken.Reveal(),
		})
	}
	if kept != nil {
		o.Kept = kept.Spooled
	}
	return dashboard.New(o)
}

// measure counts how long a customer waited for an answer, or for a human, and what became of a turn.
func measure(m *pulse.Meter, r tania.Record) {
	if len(r.Messages) > 0 { // the turn's last
		m.Ended(r)
	}
	if r.Outcome.Reached() && !r.Received.IsZero() {
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

// cachePanel is the semantic cache as the dashboard has it.
type cachePanel struct {
	operator.Cache
	cache *cache.Cache
}

// panel is the cache's page, nil where the cache is off.
func (p *cacheParts) panel() dashboard.Cache {
	if p == nil {
		return nil
	}
	return cachePanel{p.operated(), p.cache}
}

// Stats implements dashboard.Cache.
func (p cachePanel) Stats() pages.CacheStats {
	ctx, done := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer done()
	t := p.cache.Totals(ctx)
	return pages.CacheStats{Entries: int64(t.Entries), Hits: t.Hits, Misses: t.Misses, Saved: t.SavedCost}
}

// List implements dashboard.Cache.
func (p cachePanel) List(ctx context.Context, filter string, limit int) ([]cachestore.Entry, int, error) {
	all, err := p.Cache.List(ctx, 0)
	if err != nil {
		return nil, 0, err
	}
	filter = words.Fold(filter)
	var list []cachestore.Entry
	for _, e := range all {
		if filter != "" && !strings.Contains(words.Fold(e.Question), filter) && !strings.Contains(words.Fold(e.Answer), filter) {
			continue
		}
		list = append(list, e)
	}
	slices.SortFunc(list, cachestore.NewestUse)
	return list[:min(limit, len(list))], len(list), nil
}

// Explain implements dashboard.Cache.
func (p cachePanel) Explain(ctx context.Context, question string) (pages.CacheExplanation, error) {
	x, err := p.Cache.Explain(ctx, operator.Question{Text: question})
	if err != nil {
		return pages.CacheExplanation{}, err
	}
	d := pages.CacheExplanation{Hit: x.Hit, Tier: string(x.Tier), Normalised: x.Exact, Score: x.Score, Threshold: x.Threshold}
	d.Checks = append(d.Checks, pages.CacheCheck{Name: "gate", Passed: x.Refusal == "", Detail: string(x.Refusal)})
	for _, n := range x.Candidates {
		d.Checks = append(d.Checks, pages.CacheCheck{
			Name: n.Question, Passed: n.Veto == "", Detail: strings.TrimSpace(fmt.Sprintf("%.2f %s", n.Like, n.Veto)),
		})
	}
	switch {
	case x.Refusal != "":
		d.Why = string(x.Refusal)
	case !x.Hit && len(x.Candidates) > 0:
		d.Why = string(x.Candidates[0].Veto)
	}
	if x.Entry != "" {
		if shown, err := p.Show(ctx, x.Entry); err == nil {
			d.Entry = &shown.Entry
		}
	}
	return d, nil
}

// Invalidate implements dashboard.Cache.
func (p cachePanel) Invalidate(ctx context.Context, id string) (bool, error) {
	n, err := p.Cache.Invalidate(ctx, cache.Selection{ID: id})
	return n > 0, err
}

// alertPanel is the alerts as the dashboard has them.
type alertPanel struct{ *alert.Watcher }

// List implements dashboard.Alerts.
func (p alertPanel) List() []pages.Alert {
	raised := p.Watcher.List()
	list := make([]pages.Alert, len(raised))
	for i, a := range raised {
		list[i] = pages.Alert{
			Name: a.Name, Since: a.Since, Value: a.Value, Threshold: a.Threshold, Title: bot.Text(a.Title),
			Text: bot.Text(a.Text), Fix: bot.Text(a.Fix), Stops: a.Stops(),
		}
	}
	return list
}
