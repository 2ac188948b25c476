package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"tania/internal/access"
	"tania/internal/chatwoot"
	"tania/internal/intake"
	"tania/internal/tania"
)

// receipt is the webhook's answer. Chatwoot looks at the status code alone; people read the rest.
type receipt struct {
	OK     bool         `json:"ok"`
	Status tania.Taken  `json:"status"`
	Reason tania.Reason `json:"reason,omitempty"`
	// Decision is there when the answer was waited for.
	Decision *tania.Record `json:"decision,omitempty"`
}

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
	taken, err := s.Intake.Accept(ctx, event, body)
	answer := receipt{OK: true, Status: taken.Status, Reason: taken.Reason}
	if err == nil && taken == intake.Queued && decided != nil {
		answer = s.answered(ctx, decided)
	}
	traced(err, slog.String("tania.event", event.Name), slog.String("tania.conversation", event.Conversation.Key.String()),
		slog.String("tania.status", string(answer.Status)), slog.String("tania.reason", string(answer.Reason)))
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
	return tania.Delivery{Code: http.StatusOK, Status: string(answer.Status), Reason: answer.Reason}
}

// turnAway answers a delivery that was not taken.
func turnAway(w http.ResponseWriter, code int, why string) tania.Delivery {
	reply(w, code, failure{Error: why})
	d := tania.Delivery{Code: code, Status: string(tania.TakenRefused)}
	if code >= http.StatusInternalServerError {
		d.Status = string(tania.TakenFailed)
	}
	return d
}

// queued is the answer to nearly every message, so it is written once.
var (
	queued        = receipt{OK: true, Status: intake.Queued.Status, Reason: intake.Queued.Reason}
	queuedBody, _ = json.Marshal(queued)
	jsonType      = []string{"application/json; charset=utf-8"}
)

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
		answer.Status, answer.Reason, answer.Decision = tania.Taken(record.Outcome), record.Reason, &record
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
