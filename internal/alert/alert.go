// Package alert tells the operators when something needs them, once per incident and once when it is over, however many processes
// there are: one of them, which holds a note in the store, judges what all of them report. What comes in are the engine's statistics
// and the processes' reports; what goes out is a webhook in the form that Slack takes.
package alert

import "time"

// Alert is one incident, as the dashboard and the receiver of the webhook see it.
type Alert struct {
	// Name is one of a closed set, that of docs/observability.md.
	Name string `json:"name"`
	// Since is when it was raised; Ended is zero while it lasts. Both UTC, by the clock of the process that noticed.
	Since time.Time `json:"since"`
	Ended time.Time `json:"ended,omitzero"`
	// Value and Threshold are in the rule's own unit, which Text names. Value follows the incident.
	Value     float64 `json:"value"`
	Threshold float64 `json:"threshold"`
	// Title, Text and Fix say in the operators' languages what it is, what is wrong and what to do.
	Title Words `json:"title"`
	Text  Words `json:"text"`
	Fix   Words `json:"fix"`
}

// stopping are the alerts during which customers are not answered, whatever else is well.
var stopping = map[string]bool{
	NoWorker: true, ChatwootAway: true, ModelAway: true, TokenRefused: true, WebhooksRefused: true, RedisLost: true, StoreLost: true,
}

// Stops reports whether customers are not answered while the alert lasts.
func (a Alert) Stops() bool { return stopping[a.Name] }

// Settings are the thresholds that variables set.
type Settings struct {
	// Waiting conversations, one that waits for Oldest, and Dead letters kept may be before the operators are told.
	Waiting int
	Oldest  time.Duration
	Dead    int
}

// Thresholds gives those of Settings by the name of their alert, for Prometheus's rules to use the same ones.
func (s Settings) Thresholds() map[string]float64 {
	return map[string]float64{Waiting: float64(s.Waiting), OldestWaiting: s.Oldest.Seconds(), DeadLetters: float64(s.Dead)}
}

// The alerts' names.
const (
	Waiting          = "waiting"
	OldestWaiting    = "oldest_waiting"
	Failed           = "failed"
	DeadLetters      = "dead_letters"
	NoWorker         = "no_worker"
	PausedLong       = "paused"
	BreakerOpen      = "breaker_open"
	ChatwootAway     = "chatwoot_away"
	ModelAway        = "model_away"
	BudgetNearlyUsed = "budget_nearly_used"
	BudgetUsed       = "budget_used"
	WebhookErrors    = "webhook_errors"
	CacheHitRate     = "cache_hit_rate"
	// RedisLost is of the process that lost it; StoreLost is the same of the embedded store.
	RedisLost = "redis_lost"
	StoreLost = "store_lost"
	// KeysLost means that Redis lost keys of the queue alone, which were put back as far as the others tell, or a file a part of its log.
	KeysLost = "keys_lost"
	// WebhooksRefused, TokenRefused and HandoffIncomplete are settings that Chatwoot and Tania do not agree on.
	WebhooksRefused   = "webhooks_refused"
	TokenRefused      = "token_refused"
	HandoffIncomplete = "handoff_incomplete"
	// SourceFailed means that what bot.yaml names as a source cannot be read; its last copy serves.
	SourceFailed = "source_failed"
	// Undelivered means that channels do not deliver what the bot says.
	Undelivered = "undelivered"
	// ClockOff means that Chatwoot's clock and a process's are far apart.
	ClockOff = "clock_off"
)
