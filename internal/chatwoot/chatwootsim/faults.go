package chatwootsim

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The faults. The first three are of the API, the others of webhooks.
const (
	// FaultDelay answers later, by Delay; other faults may come on top.
	FaultDelay FaultKind = "delay"
	// FaultStatus answers Status in place of the true answer, after carrying the call out if Saved.
	FaultStatus FaultKind = "status"
	// FaultDrop closes the connection without an answer, after carrying the call out if Saved.
	FaultDrop FaultKind = "drop"

	FaultWebhookDelay     FaultKind = "webhook_delay"
	FaultWebhookDrop      FaultKind = "webhook_drop"
	FaultWebhookDuplicate FaultKind = "webhook_duplicate"
	// FaultWebhookReorder holds a webhook back for a random time within Delay, and lets the conversation's next overtake it.
	FaultWebhookReorder FaultKind = "webhook_reorder"
)

var faultKinds = []FaultKind{
	FaultDelay, FaultStatus, FaultDrop, FaultWebhookDelay, FaultWebhookDrop, FaultWebhookDuplicate, FaultWebhookReorder,
}

// Fault is something that goes wrong at run time, by chance or a number of times.
type Fault struct {
	Kind FaultKind `json:"kind"`
	// Probability is from 0 to 1; 0 means always. Count is how many times it happens at most; 0 means without end.
	Probability float64 `json:"probability,omitempty"`
	Count       int     `json:"count,omitempty"`
	// Method and Path choose calls of the API. Path is a pattern of path.Match over the path after /conversations/{id},
	// "/messages" for example, or over the whole path; empty is every call. Event chooses webhooks by their event.
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	Event  string `json:"event,omitempty"`

	Status int `json:"status,omitempty"`
	// RetryAfter is sent in seconds with the status.
	RetryAfter int  `json:"retry_after,omitempty"`
	Saved      bool `json:"saved,omitempty"`
	// DelayMS is in milliseconds.
	DelayMS int64 `json:"delay_ms,omitempty"`
}

// APIFault reports whether it is one of the API, and not of webhooks.
func (f Fault) APIFault() bool { return !strings.HasPrefix(string(f.Kind), "webhook_") }

// Delay is how long an answer or a webhook is held back.
func (f Fault) Delay() time.Duration { return time.Duration(f.DelayMS) * time.Millisecond }

// Check refuses what is no fault.
func (f Fault) Check() error {
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return fmt.Errorf("%w: fault kind %q: want one of %v", ErrInvalid, f.Kind, faultKinds)
	case f.Kind == FaultStatus && (f.Status < 300 || f.Status > 599):
		return fmt.Errorf("%w: fault status %d: want 300 to 599", ErrInvalid, f.Status)
	case f.Probability < 0 || f.Probability > 1:
		return fmt.Errorf("%w: fault probability %v: want 0 to 1", ErrInvalid, f.Probability)
	case f.Count < 0 || f.DelayMS < 0 || f.RetryAfter < 0:
		return fmt.Errorf("%w: fault %s: a count or time is negative", ErrInvalid, f.Kind)
	}
	if _, err := path.Match(f.Path, ""); err != nil {
		return fmt.Errorf("%w: fault path %q: %w", ErrInvalid, f.Path, err)
	}
	return nil
}
