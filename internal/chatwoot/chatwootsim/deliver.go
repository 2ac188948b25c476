package chatwootsim

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
	"time"

	"github.com/google/uuid"

	"tania/internal/tania"
)

// maxAttempts is how often Chatwoot tries to deliver to an agent bot that answers 429 or 500.
const maxAttempts = 3

// maxSending bounds the webhook requests under way at once, as Sidekiq's threads do; each has its kept connection.
const maxSending = 64

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

	order disturbance
}

// Attempt is one try. Status is 0 when no answer came.
type Attempt struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"`
	Error  string    `json:"error,omitempty"`
}

// laneKey names a lane: what one target gets of one conversation goes out one after the other.
type laneKey struct {
	target       int
	conversation tania.ConversationID
}

type lane struct{ waiting []*Delivery }

// enqueue puts a delivery into its lane, as the faults let it. Callers hold mu.
func (s *Server) enqueue(target int, d *Delivery) {
	if s.closed {
		return
	}
	d.ID = uuid.NewString()
	s.deliveries = append(s.deliveries, d)
	d.order = s.disturb(d)
	if d.order.drop {
		d.Done = true
		s.touch()
		return
	}
	if d.order.twice {
		again := *d
		again.Fault = "webhook_duplicate"
		if s.random.IntN(2) == 0 {
			// Two webhooks at the same address have their own delivery ids; a job that ran twice has the same.
			again.ID = uuid.NewString()
		}
		s.deliveries = append(s.deliveries, &again)
		defer s.send(target, &again)
	}
	s.send(target, d)
}

func (s *Server) send(target int, d *Delivery) {
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
func (s *Server) drain(key laneKey, l *lane) {
	for {
		s.mu.Lock()
		if len(l.waiting) == 0 {
			delete(s.lanes, key)
			s.mu.Unlock()
			return
		}
		d := l.waiting[0]
		l.waiting = l.waiting[1:]
		s.mu.Unlock()
		if d.order.apart {
			s.senders.Go(func() { s.deliver(key.target, d) })
			continue
		}
		s.deliver(key.target, d)
	}
}

// deliver tries a delivery until it succeeds or fails for good.
func (s *Server) deliver(target int, d *Delivery) {
	t := s.target(target)
	ok := false
	if s.sleep(d.order.wait) {
		for attempt := 1; ; attempt++ {
			status, err := s.post(t, d)
			ok = status >= 200 && status <= 299
			s.attempted(d, status, err)
			// Bots alone are tried again, and on these two answers only: a timeout or a refused connection is final.
			again := t.kind == ToBot && attempt < maxAttempts && slices.Contains([]int{http.StatusTooManyRequests, http.StatusInternalServerError}, status)
			if ok || !again || !s.sleep(s.o.RetryInterval) {
				break
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d.Done, d.OK = true, ok
	s.underway--
	if !ok && s.ctx.Err() == nil {
		s.failed(t, d)
	}
	s.touch()
}

// failed is the end of a delivery that did not succeed: a pending conversation whose message a bot did not take is opened
// to humans (Webhooks::Trigger#handle_error).
func (s *Server) failed(t target, d *Delivery) {
	s.log.Warn("webhook not delivered", "event", d.Event, "conversation", d.Conversation, "attempts", len(d.Attempts))
	c, ok := s.conversations[d.Conversation]
	if t.kind != ToBot || !ok || d.Message == 0 || c.Status != tania.StatusPending {
		return
	}
	s.setStatus(c, tania.StatusOpen, time.Time{}, "")
	s.activity(c, botErrorText)
}

func (s *Server) attempted(d *Delivery, status int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := Attempt{At: s.now(), Status: status}
	if err != nil {
		a.Error = err.Error()
	}
	d.Attempts = append(d.Attempts, a)
	s.touch()
}

// post sends a body once, when there is a place for it: the timeout begins then. The answer's body is ignored.
func (s *Server) post(t target, d *Delivery) (status int, err error) {
	select {
	case s.sending <- struct{}{}:
		defer func() { <-s.sending }()
	case <-s.ctx.Done():
		return 0, fmt.Errorf("chatwootsim: webhook: %w", context.Cause(s.ctx))
	}
	ctx, done := context.WithTimeout(s.ctx, s.o.WebhookTimeout)
	defer done()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return 0, fmt.Errorf("chatwootsim: webhook: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Ruby")
	if t.secret != "" {
		r.Header.Set("X-Chatwoot-Delivery", d.ID)
		at, signature := sign(t.secret, s.now(), d.Body)
		r.Header.Set("X-Chatwoot-Timestamp", at)
		r.Header.Set("X-Chatwoot-Signature", signature)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("chatwootsim: webhook: %w", err)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20))
	return answer.StatusCode, errors.Join(err, answer.Body.Close())
}

// sign gives the timestamp and the signature over "{timestamp}.{body}".
func sign(secret string, at time.Time, body []byte) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(timestamp + "."))
	h.Write(body)
	return timestamp, "sha256=" + hex.EncodeToString(h.Sum(nil))
}

// sleep reports whether the time passed before the server closed.
func (s *Server) sleep(d time.Duration) bool {
	if d <= 0 {
		return s.ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}
