// Package webhooks delivers the events of a world by HTTP, signed, in order, with retries and with faults.
package webhooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/faults"
	"tania/internal/tania"
)

// maxAttempts is how often Chatwoot tries to deliver to an agent bot that answers 429 or 500.
const maxAttempts = 3

// maxSending bounds the webhook requests under way at once, as Sidekiq's threads do; each has its kept connection.
const maxSending = 64

// botErrorText is the activity that a failed delivery leaves.
const botErrorText = "Conversation was marked open by system due to an error with the agent bot."

// Delivery is one webhook: what was sent, where, and what came of it.
type Delivery struct {
	// ID is X-Chatwoot-Delivery, the same in every attempt.
	ID           string               `json:"id"`
	Event        string               `json:"event"`
	Conversation tania.ConversationID `json:"conversation"`
	Message      tania.MessageID      `json:"message,omitempty"`
	To           string               `json:"to"`
	URL          string               `json:"url"`
	Body         json.RawMessage      `json:"body,omitempty"`
	Made         time.Time            `json:"made"`
	Attempts     []Attempt            `json:"attempts"`
	// Done reports whether no attempt will follow; OK whether one was answered with 2xx.
	Done bool `json:"done"`
	OK   bool `json:"ok"`
	// Fault names the faults that touched it.
	Fault string `json:"fault,omitempty"`

	apart bool
	wait  time.Duration
}

// Attempt is one try. Status is 0 when no answer came.
type Attempt struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"`
	// Answer is the beginning of the answer's body, which Chatwoot ignores.
	Answer string `json:"answer,omitempty"`
	Error  string `json:"error,omitempty"`
}

// answerLimit bounds what is shown of an answer.
const answerLimit = 200

// Webhooks delivers what happens in a world to those who subscribed to it.
type Webhooks struct {
	*chatwootsim.World
	faults  *faults.Set
	client  *http.Client
	targets []target
	// senders waits for the goroutines that send; sending holds a place for each request under way.
	senders    sync.WaitGroup
	sending    chan struct{}
	closed     bool
	deliveries []*Delivery
	underway   int
	lanes      map[laneKey]*lane
}

// New begins to deliver by a client's connections.
func New(w *chatwootsim.World, f *faults.Set, client *http.Client) *Webhooks {
	s := &Webhooks{World: w, faults: f, client: client, sending: make(chan struct{}, maxSending), lanes: map[laneKey]*lane{}}
	s.targets = s.newTargets()
	w.Watch(s.emit)
	return s
}

// Close makes no more deliveries and waits for those that are under way; the world's end ends them.
func (s *Webhooks) Close() {
	s.Lock()
	s.closed = true
	s.Unlock()
	s.senders.Wait()
}

// laneKey names a lane: what one target gets of one conversation goes out one after the other.
type laneKey struct {
	target       int
	conversation tania.ConversationID
}

type lane struct{ waiting []*Delivery }

// enqueue puts a delivery into its lane, as the faults let it. Callers hold the lock.
func (s *Webhooks) enqueue(target int, d *Delivery) {
	if s.closed {
		return
	}
	d.ID = uuid.NewString()
	s.deliveries = append(s.deliveries, d)
	fault := s.faults.OfWebhook(d.Event)
	d.Fault, d.apart, d.wait = fault.Name, fault.Apart, fault.Wait
	if fault.Drop {
		d.Done = true
		s.Touch()
		return
	}
	if fault.Twice {
		again := *d
		again.Fault = string(chatwootsim.FaultWebhookDuplicate)
		if fault.Anew {
			again.ID = uuid.NewString()
		}
		s.deliveries = append(s.deliveries, &again)
		defer s.send(target, &again)
	}
	s.send(target, d)
}

func (s *Webhooks) send(target int, d *Delivery) {
	s.underway++
	key := laneKey{target, d.Conversation}
	l, running := s.lanes[key]
	if !running {
		l = &lane{}
		s.lanes[key] = l
	}
	l.waiting = append(l.waiting, d)
	if !running {
		s.senders.Go(func() { s.drain(key, l) })
	}
}

// drain delivers what a lane holds until it is empty. For what a fault sends out of order the next do not wait: they overtake it
// by as much as it is held back, however slow the lane is.
func (s *Webhooks) drain(key laneKey, l *lane) {
	for {
		s.Lock()
		if len(l.waiting) == 0 {
			delete(s.lanes, key)
			s.Unlock()
			return
		}
		d := l.waiting[0]
		l.waiting = l.waiting[1:]
		s.Unlock()
		if d.apart {
			s.senders.Go(func() { s.deliver(key.target, d) })
			continue
		}
		s.deliver(key.target, d)
	}
}

// deliver tries a delivery until it succeeds or fails for good.
func (s *Webhooks) deliver(target int, d *Delivery) {
	t := s.target(target)
	ok := false
	if s.Sleep(d.wait) {
		for attempt := 1; ; attempt++ {
			status, said, err := s.post(t, d)
			ok = status >= 200 && status <= 299
			s.attempted(d, status, said, err)
			// Bots alone are tried again, and on these two answers only: a timeout or a refused connection is final.
			again := t.kind == ToBot && attempt < maxAttempts && slices.Contains([]int{http.StatusTooManyRequests, http.StatusInternalServerError},
				status)
			if ok || !again || !s.Sleep(s.Options.RetryInterval) {
				break
			}
		}
	}
	s.Lock()
	defer s.Unlock()
	d.Done, d.OK = true, ok
	s.underway--
	if !ok && s.Context().Err() == nil {
		s.failed(t, d)
	}
	s.Touch()
}

// failed is the end of a delivery that did not succeed: a pending conversation whose message a bot did not take is opened
// to humans (Webhooks::Trigger#handle_error).
func (s *Webhooks) failed(t target, d *Delivery) {
	s.Options.Log.Warn("webhook not delivered", "event", d.Event, "conversation", d.Conversation, "attempts", len(d.Attempts))
	c, ok := s.Threads[d.Conversation]
	if t.kind != ToBot || !ok || d.Message == 0 || c.Status != tania.StatusPending {
		return
	}
	s.ChangeStatus(c, tania.StatusOpen, time.Time{}, "")
	s.AddActivity(c, botErrorText)
}

func (s *Webhooks) attempted(d *Delivery, status int, said string, err error) {
	s.Lock()
	defer s.Unlock()
	a := Attempt{At: s.Now(), Status: status, Answer: said}
	if err != nil {
		a.Error = err.Error()
	}
	d.Attempts = append(d.Attempts, a)
	s.Touch()
}

// post sends a body once, when there is a place for it: the timeout begins then. said is the beginning of
// the answer's body.
func (s *Webhooks) post(t target, d *Delivery) (status int, said string, err error) {
	select {
	case s.sending <- struct{}{}:
		defer func() { <-s.sending }()
	case <-s.Context().Done():
		return 0, "", fmt.Errorf("chatwootsim: webhook: %w", context.Cause(s.Context()))
	}
	ctx, done := context.WithTimeout(s.Context(), s.Options.WebhookTimeout)
	defer done()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return 0, "", fmt.Errorf("chatwootsim: webhook: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Ruby")
	if t.secret != "" {
		r.Header.Set("X-Chatwoot-Delivery", d.ID)
		at, signature := sign(t.secret, s.Now(), d.Body)
		r.Header.Set("X-Chatwoot-Timestamp", at)
		r.Header.Set("X-Chatwoot-Signature", signature)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, "", fmt.Errorf("chatwootsim: webhook: %w", err)
	}
	beginning, err := io.ReadAll(io.LimitReader(answer.Body, answerLimit))
	if err == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20))
	}
	return answer.StatusCode, string(beginning), errors.Join(err, answer.Body.Close())
}

// sign gives the timestamp and the signature over "{timestamp}.{body}".
func sign(secret string, at time.Time, body []byte) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(timestamp + "."))
	h.Write(body)
	return timestamp, "sha256=" + hex.EncodeToString(h.Sum(nil))
}

// Deliveries gives every webhook so far, in the order in which Chatwoot made them.
func (s *Webhooks) Deliveries() []Delivery {
	s.Lock()
	defer s.Unlock()
	list := make([]Delivery, 0, len(s.deliveries))
	for _, d := range s.deliveries {
		shown := *d
		shown.Attempts = slices.Clone(d.Attempts)
		list = append(list, shown)
	}
	return list
}

// Settled reports that no webhook is under way or waits for its turn or its retry.
func (s *Webhooks) Settled() bool { return s.Underway() == 0 }

// Underway is how many webhooks are under way or wait for their turn or their retry.
func (s *Webhooks) Underway() int {
	s.Lock()
	defer s.Unlock()
	return s.underway
}

// Overtaking reports that a webhook which a fault sends out of order is under way or waits for its turn.
func (s *Webhooks) Overtaking() bool {
	s.Lock()
	defer s.Unlock()
	return slices.ContainsFunc(s.deliveries, func(d *Delivery) bool { return d.apart && !d.Done })
}
