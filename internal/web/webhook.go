package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"tania/internal/access"
	"tania/internal/chatwoot"
	"tania/internal/queue/failover"
	"tania/internal/tania"
)

// receipt is the webhook's answer. Chatwoot looks at the status code alone; people read the rest.
type receipt struct {
	OK     bool         `json:"ok"`
	Status string       `json:"status"`
	Reason tania.Reason `json:"reason,omitempty"`
	// Decision is there when the answer was waited for.
	Decision *tania.Record `json:"decision,omitempty"`
}

// The statuses of a receipt.
const (
	statusQueued    = "queued"
	statusDuplicate = "duplicate"
	statusIgnored   = "ignored"
	statusNoted     = "noted"
	statusAmended   = "amended"
	// statusKept: Redis is away, and what the webhook means is decided when it is back.
	statusKept = "kept"
	// The two of a Delivery that was not taken.
	statusRefused = "refused"
	statusFailed  = "failed"
)

// webhook takes one delivery. Whatever must not be lost is stored before the 200. What cannot be stored is a 500,
// which is what Chatwoot retries (it retries 429 and 500 only, and hands the conversation to humans in the end).
func (s *Server) webhook(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	d := s.receive(w, r, began)
	d.Duration = time.Since(began)
	s.Observe(d)
}

// receive takes a delivery and answers it.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, began time.Time) tania.Delivery {
	check, why := s.admit(r)
	if why != "" {
		s.Log.Warn("webhook refused", "why", why, "remote", r.RemoteAddr)
		return turnAway(w, http.StatusUnauthorized, why)
	}
	body, release, err := s.readBody(w, r, check)
	defer release()
	if err != nil {
		return s.unread(w, r, err)
	}
	if check != nil {
		if err := s.endCheck(r, check); err != nil {
			s.Log.Warn("webhook refused", "why", err, "remote", r.RemoteAddr)
			return turnAway(w, http.StatusUnauthorized, err.Error())
		}
	}
	event, err := s.decode(r.Context(), body, s.Verifier == nil)
	if err != nil {
		s.Log.Warn("webhook not understood", "error", err, "bytes", len(body))
		s.misunderstood(event, body)
		return turnAway(w, http.StatusBadRequest, err.Error())
	}
	s.misunderstood(event, body)
	ctx, traced := s.Tracer.Receive(r.Context(), r.Header, began)
	decided, forget := s.await(event)
	defer forget()
	answer, err := s.accept(ctx, event, body)
	if err == nil && answer == queued && decided != nil {
		answer = s.answered(ctx, decided)
	}
	traced(err, slog.String("tania.event", event.Name), slog.String("tania.conversation", event.Conversation.Key.String()),
		slog.String("tania.status", answer.Status), slog.String("tania.reason", string(answer.Reason)))
	if err != nil {
		s.Log.ErrorContext(ctx, "webhook not stored", "event", event.Name, "conversation", event.Conversation.Key.String(), "error", err)
		return turnAway(w, http.StatusInternalServerError, "not stored")
	}
	if answer == queued {
		w.Header()["Content-Type"] = jsonType
		_, _ = w.Write(queuedBody) // an error is the client's going away
	} else {
		reply(w, http.StatusOK, answer)
	}
	return tania.Delivery{Code: http.StatusOK, Status: answer.Status, Reason: answer.Reason}
}

// turnAway answers a delivery that was not taken.
func turnAway(w http.ResponseWriter, code int, why string) tania.Delivery {
	reply(w, code, failure{Error: why})
	d := tania.Delivery{Code: code, Status: statusRefused}
	if code >= http.StatusInternalServerError {
		d.Status = statusFailed
	}
	return d
}

// queued is the answer to nearly every message, so it is written once.
var (
	queued        = receipt{OK: true, Status: statusQueued, Reason: tania.Proceed}
	queuedBody, _ = json.Marshal(queued)
	jsonType      = []string{"application/json; charset=utf-8"}
)

// accept makes a delivery durable: what it means, or, while Redis is away, the delivery itself.
func (s *Server) accept(ctx context.Context, event *chatwoot.Event, body []byte) (answer receipt, err error) {
	now := s.Now().UTC()
	if s.Failover == nil || event.Conversation.Key.Conversation == 0 {
		return s.take(ctx, event, now)
	}
	d := failover.Delivery{Key: event.Conversation.Key, Body: body, Received: now, Trace: s.Tracer.Traceparent(ctx)}
	kept, err := s.Failover.Take(ctx, d, func(ctx context.Context, _ failover.Delivery) (err error) {
		answer, err = s.take(ctx, event, now)
		return err
	})
	if kept {
		answer = receipt{OK: true, Status: statusKept}
	}
	return answer, err
}

// Replay takes a delivery that was kept, as of when it came. It is a failover.Work.
func (s *Server) Replay(ctx context.Context, d failover.Delivery) error {
	event, err := s.decode(ctx, d.Body, false)
	if err != nil {
		return err
	}
	ctx, traced := s.Tracer.Continue(ctx, "webhook moved", d.Trace)
	_, err = s.take(ctx, event, d.Received)
	traced(err)
	return err
}

// Intake takes an event that came by another way than a webhook, as of when it came: from the queue of another program, for example. The
// reason is the gate's, Proceed for a message that waits now and Duplicate for one that is known.
func (s *Server) Intake(ctx context.Context, event *chatwoot.Event, received time.Time) (tania.Reason, error) {
	answer, err := s.take(ctx, event, received)
	return answer.Reason, err
}

// take stores what an event means: a message for the queue, or news of the conversation.
func (s *Server) take(ctx context.Context, event *chatwoot.Event, now time.Time) (receipt, error) {
	message, fromCustomer := event.CustomerMessage(now)
	verdict := s.Governor.Gate(event, now)
	if fromCustomer && (verdict.Proceed() || verdict.Reason == tania.OptedOut) {
		if err := s.hearConsent(ctx, event); err != nil {
			return receipt{}, err
		}
	}
	if fromCustomer && verdict.Proceed() {
		return s.push(ctx, message)
	}
	if event.Conversation.Key.Conversation == 0 {
		return receipt{OK: true, Status: statusIgnored, Reason: verdict.Reason}, nil
	}
	if fromCustomer {
		if err := s.noteContact(ctx, &message); err != nil {
			return receipt{}, err
		}
		return receipt{OK: true, Status: statusIgnored, Reason: verdict.Reason}, s.Engine.SaveRecords(ctx, tania.Record{
			Key: message.Key, Message: message.ID, Content: message.Content, At: now,
			Outcome: tania.OutcomeSilent, Reason: verdict.Reason, Detail: verdict.Detail,
		})
	}
	if event.Kind == chatwoot.KindMessageUpdated && event.Message.Direction == chatwoot.Incoming {
		revised, err := s.revise(ctx, event, now)
		if err != nil || revised.OK && !event.Message.Deleted {
			return revised, err
		}
		if revised.OK {
			// An earlier attempt at its turn may have remembered it.
			_, err = s.note(ctx, event, now)
			return revised, err
		}
	}
	noted, err := s.note(ctx, event, now)
	if noted {
		return receipt{OK: true, Status: statusNoted, Reason: verdict.Reason}, err
	}
	return receipt{OK: true, Status: statusIgnored, Reason: verdict.Reason}, err
}

// hearConsent remembers for the contact that they opted out of messages, or in again.
func (s *Server) hearConsent(ctx context.Context, event *chatwoot.Event) error {
	on, said, ok := s.Governor.Consent(event)
	contact := event.Conversation.Contact.ID
	if !ok || contact == 0 {
		return nil
	}
	_, err := s.Engine.UpdateContact(ctx, event.Conversation.Key.Account, contact, func(m *tania.ContactMemory) bool { return m.Hear(on, said) })
	return err
}

// noteContact remembers whose conversation it is, so that its records are found when the contact is to be forgotten.
func (s *Server) noteContact(ctx context.Context, m *tania.Message) error {
	_, err := s.Engine.UpdateConversation(ctx, m.Key, func(c *tania.Conversation) bool {
		if c.Contact.ID == m.Contact.ID {
			return false
		}
		c.Contact = m.Contact
		return true
	})
	return err
}

// note remembers what an event tells of its conversation.
func (s *Server) note(ctx context.Context, event *chatwoot.Event, now time.Time) (noted bool, err error) {
	var doubted string
	_, err = s.Engine.UpdateConversation(ctx, event.Conversation.Key, func(c *tania.Conversation) bool {
		before := c.Takeover
		noted = s.Governor.Observe(event, c, now)
		doubted = correctedHit(before, c)
		return noted
	})
	if doubted != "" && err == nil && s.Doubt != nil {
		s.Doubt(doubted, event.Conversation.Key)
	}
	return noted && err == nil, err
}

// push stores a customer's message.
func (s *Server) push(ctx context.Context, m tania.Message) (receipt, error) {
	ctx, traced := s.Tracer.Start(ctx, "push")
	m.Trace = s.Tracer.Traceparent(ctx)
	stored, err := s.Engine.Push(ctx, m)
	traced(err)
	switch {
	case err != nil:
		return receipt{}, err
	case stored.Duplicate:
		return receipt{OK: true, Status: statusDuplicate, Reason: tania.Duplicate}, nil
	}
	return queued, nil
}

// await listens for the decision on an event's message where that is waited for, from before it is stored; nil where it is not.
func (s *Server) await(event *chatwoot.Event) (decided <-chan tania.Record, forget func()) {
	if s.Answers == nil || event.Message == nil {
		return nil, func() {}
	}
	return s.Answers.waiting.await(messageKey{event.Conversation.Key.Account, event.Message.ID})
}

// answered waits for the decision on a message that was queued.
func (s *Server) answered(ctx context.Context, decided <-chan tania.Record) receipt {
	answer := queued
	timer := time.NewTimer(s.AnswerTimeout)
	defer timer.Stop()
	select {
	case record := <-decided:
		answer.Status, answer.Reason, answer.Decision = string(record.Outcome), record.Reason, &record
	case <-timer.C:
	case <-ctx.Done():
	}
	return answer
}

// admit says why a delivery is not Chatwoot's by what can be seen before its body, "" when it may be. Where webhooks are signed, check has
// to be given the body and the last word.
func (s *Server) admit(r *http.Request) (check *chatwoot.Check, why string) {
	switch {
	case s.Verifier != nil:
		check, err := s.Verifier.Begin(r.Header)
		if err != nil {
			return nil, err.Error()
		}
		return check, ""
	case s.Token != "":
		if !access.Same(webhookToken(r), s.Token) {
			return nil, "wrong or missing webhook token"
		}
	case !s.Peers.Own(r):
		return nil, unprotected
	}
	return nil, ""
}

// unprotected is said to whoever posts a webhook that nothing tells from a forgery.
const unprotected = "neither CHATWOOT_WEBHOOK_SECRET nor CHATWOOT_WEBHOOK_TOKEN is set: webhooks are taken only from a program of Tania's own user " +
	"on this machine that has no connection with anybody else; set one of them"

func webhookToken(r *http.Request) string {
	if token := r.Header.Get("X-Webhook-Token"); token != "" {
		return token
	}
	if token := bearer(r); token != "" {
		return token
	}
	return r.URL.Query().Get("token")
}
