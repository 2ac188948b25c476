package chatwoottool

import (
	"context"
	"net/http"
	"time"

	"tania/internal/tania"
	"tania/internal/tool"
)

// Closing is how a conversation is left once the answer has been sent.
type Closing struct {
	Status tania.Status `json:"status"`
	// Until is when a snoozed one comes back.
	Until time.Time `json:"until,omitzero"`
}

// longestSnooze bounds how long a conversation is snoozed.
const longestSnooze = 90 * 24 * time.Hour

// ClosingOf is what a call of a tool does after the answer, nil where it acts at once.
func ClosingOf(t *tool.Tool, arguments map[string]any, now time.Time) *Closing {
	switch t.Chatwoot {
	case "resolve":
		return &Closing{Status: tania.StatusResolved}
	case "snooze":
		hours, _ := arguments["hours"].(float64)
		d := max(time.Duration(min(hours, longestSnooze.Hours())*float64(time.Hour)), time.Minute)
		return &Closing{Status: tania.StatusSnoozed, Until: now.Add(d).Truncate(time.Second)}
	}
	return nil
}

// Close leaves a conversation so. It may be done again.
func (c *Closing) Close(ctx context.Context, api API, key tania.ConversationKey) error {
	if c.Status != tania.StatusSnoozed {
		_, err := api.SetStatus(ctx, key, c.Status)
		return err
	}
	body := map[string]any{"status": c.Status, "snoozed_until": c.Until.Unix()}
	path := (&Caller{Key: key}).conversation("/toggle_status")
	return api.Do(ctx, "snooze", http.MethodPost, path, body, nil)
}
