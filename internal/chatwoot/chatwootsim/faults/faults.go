// Package faults decides what goes wrong, by chance or a number of times: with calls of the API and with webhooks.
package faults

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"tania/internal/chatwoot/chatwootsim"
)

// Set is the faults in force. It is safe for concurrent use.
type Set struct {
	mu     sync.Mutex
	random *rand.Rand
	faults []*fault
	last   int
}

// New gives an empty set whose chance can be repeated.
func New(seed uint64) *Set {
	return &Set{random: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // repeatable on purpose
}

// fault is a fault in force, with how often it may still happen.
type fault struct {
	chatwootsim.Fault
	id, happened int
}

// Inject puts faults in force beside those there are.
func (s *Set) Inject(faults ...chatwootsim.Fault) error {
	for _, f := range faults {
		if err := f.Check(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.last++
		s.faults = append(s.faults, &fault{Fault: f, id: s.last})
	}
	return nil
}

// Heal ends all faults.
func (s *Set) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Happened gives those in force, with how often each happened.
func (s *Set) Happened() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	happened := map[string]int{}
	for _, f := range s.faults {
		happened[fmt.Sprintf("%d %s", f.id, f.Kind)] = f.happened
	}
	return happened
}

// strikes decides whether a fault happens now.
func (s *Set) strikes(f *fault) bool {
	if f.Count > 0 && f.happened >= f.Count || f.Probability > 0 && s.random.Float64() >= f.Probability {
		return false
	}
	f.happened++
	return true
}

// Mishap is what goes wrong with one call of the API.
type Mishap struct {
	Delay      time.Duration
	Name       string
	Status     int
	RetryAfter int
	Drop       bool
	// Saved reports whether the call is carried out although the answer is lost.
	Saved bool
}

// OfCall draws what goes wrong with a call. Callers hold the lock.
func (s *Set) OfCall(r *http.Request) Mishap {
	s.mu.Lock()
	defer s.mu.Unlock()
	var m Mishap
	for _, f := range s.faults {
		if !f.APIFault() || !f.concerns(r) {
			continue
		}
		if f.Kind != chatwootsim.FaultDelay && (m.Drop || m.Status != 0) || !s.strikes(f) {
			continue
		}
		switch f.Kind {
		case chatwootsim.FaultDelay:
			m.Delay += f.Delay()
		case chatwootsim.FaultStatus:
			m.Status, m.RetryAfter, m.Saved = f.Status, f.RetryAfter, f.Saved
		case chatwootsim.FaultDrop:
			m.Drop, m.Saved = true, f.Saved
		}
		m.Name = joined(m.Name, string(f.Kind))
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

// Disturbance is what goes wrong with one webhook. For one that goes apart its lane does not wait.
type Disturbance struct {
	Drop, Twice, Apart bool
	// Anew reports whether the second of two has a delivery id of its own, as two webhooks at the same address do; those of a
	// job that ran twice have the same.
	Anew bool
	Wait time.Duration
	Name string
}

// OfWebhook draws what goes wrong with a webhook. Callers hold the lock.
func (s *Set) OfWebhook(event string) Disturbance {
	s.mu.Lock()
	defer s.mu.Unlock()
	var o Disturbance
	for _, f := range s.faults {
		if f.APIFault() || f.Event != "" && f.Event != event || !s.strikes(f) {
			continue
		}
		switch f.Kind {
		case chatwootsim.FaultWebhookDrop:
			o.Drop = true
		case chatwootsim.FaultWebhookDuplicate:
			o.Twice = true
		case chatwootsim.FaultWebhookDelay:
			o.Wait += f.Delay()
		case chatwootsim.FaultWebhookReorder:
			o.Apart = true
			if delay := f.Delay(); delay > 0 {
				o.Wait += time.Duration(s.random.Int64N(int64(delay)))
			}
		}
		o.Name = joined(o.Name, string(f.Kind))
	}
	if o.Twice && !o.Drop {
		o.Anew = s.random.IntN(2) == 0
	}
	return o
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}
