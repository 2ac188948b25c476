package chatwootsim

import (
	"fmt"
	"net/http"
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

// fault is a fault in force, with how often it may still happen.
type fault struct {
	Fault
	id, happened int
}

// Inject puts faults in force beside those there are.
func (s *Server) Inject(faults ...Fault) error {
	for _, f := range faults {
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
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.lastFault++
		s.faults = append(s.faults, &fault{Fault: f, id: s.lastFault})
	}
	s.touch()
	return nil
}

// Heal ends all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	s.touch()
}

// Faults gives those in force, with how often each happened.
func (s *Server) Faults() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	happened := map[string]int{}
	for _, f := range s.faults {
		happened[fmt.Sprintf("%d %s", f.id, f.Kind)] = f.happened
	}
	return happened
}

// strikes decides whether a fault happens now. Callers hold mu.
func (s *Server) strikes(f *fault) bool {
	if f.Count > 0 && f.happened >= f.Count || f.Probability > 0 && s.random.Float64() >= f.Probability {
		return false
	}
	f.happened++
	return true
}

// mishap is what goes wrong with one call of the API.
type mishap struct {
	delay      time.Duration
	name       string
	status     int
	retryAfter int
	drop       bool
	// saved reports whether the call is carried out although the answer is lost.
	saved bool
}

// mishap draws what goes wrong with a call. Callers hold mu.
func (s *Server) mishap(r *http.Request) mishap {
	var m mishap
	for _, f := range s.faults {
		if strings.HasPrefix(string(f.Kind), "webhook_") || !f.concerns(r) {
			continue
		}
		if f.Kind != FaultDelay && (m.drop || m.status != 0) || !s.strikes(f) {
			continue
		}
		switch f.Kind {
		case FaultDelay:
			m.delay += time.Duration(f.DelayMS) * time.Millisecond
		case FaultStatus:
			m.status, m.retryAfter, m.saved = f.Status, f.RetryAfter, f.Saved
		case FaultDrop:
			m.drop, m.saved = true, f.Saved
		}
		m.name = joined(m.name, string(f.Kind))
	}
	return m
}

func (f *fault) concerns(r *http.Request) bool {
	if f.Method != "" && f.Method != r.Method {
		return false
	}
	if f.Path == "" {
		return true
	}
	whole, _ := path.Match(f.Path, r.URL.Path)
	_, rest, found := strings.Cut(r.URL.Path, "/conversations/")
	_, rest, _ = strings.Cut(rest, "/")
	within, _ := path.Match(f.Path, "/"+rest)
	return whole || found && within
}

// disturbance is what goes wrong with one webhook.
// disturbance is what faults do to a webhook. For one that goes apart its lane does not wait.
type disturbance struct {
	drop, twice, apart bool
	wait               time.Duration
}

// disturb draws what goes wrong with a webhook. Callers hold mu.
func (s *Server) disturb(d *Delivery) disturbance {
	var o disturbance
	for _, f := range s.faults {
		if !strings.HasPrefix(string(f.Kind), "webhook_") || f.Event != "" && f.Event != d.Event || !s.strikes(f) {
			continue
		}
		delay := time.Duration(f.DelayMS) * time.Millisecond
		switch f.Kind {
		case FaultWebhookDrop:
			o.drop = true
		case FaultWebhookDuplicate:
			o.twice = true
		case FaultWebhookDelay:
			o.wait += delay
		case FaultWebhookReorder:
			o.apart = true
			if delay > 0 {
				o.wait += time.Duration(s.random.Int64N(int64(delay)))
			}
		}
		d.Fault = joined(d.Fault, string(f.Kind))
	}
	return o
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}
