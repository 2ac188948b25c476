package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/ledger"
	"tania/internal/tania"
)

// maxRestarts is how often newer messages may make one turn start over.
const maxRestarts = 2

// attachmentNoticeEvery is how long a customer who was told that attachments cannot be read is not told again. When
// the other notices are due is the governor's business.
const attachmentNoticeEvery = 12 * time.Hour

// errNewer is the cause of an answer that was given up because the customer wrote more.
var errNewer = errors.New("worker: a newer message came")

// think decides what to say, starting over while the customer still writes.
func (r *run) think(ctx context.Context, memory *tania.Conversation, dots *typing) (*plan, error) {
	for {
		r.record = tania.Record{Key: r.t.Key, Turn: r.t.ID, Attempt: r.t.Attempt, Restarts: r.t.Restarts}
		p, err := r.decide(ctx, memory, dots)
		if err != nil && !errors.Is(err, errNewer) {
			return nil, err
		}
		if err == nil && (p.quiet() || !r.newerWaits()) {
			return p, nil
		}
		more, absorbErr := r.Engine.Absorb(ctx, r.t)
		if absorbErr != nil {
			return nil, absorbErr
		}
		if !more && err == nil {
			return p, nil
		}
		r.stats.restarted.Add(1)
		r.log.Info("turn starts over", "messages", len(r.t.Messages), "restarts", r.t.Restarts)
	}
}

func (r *run) mayRestart() bool { return r.RestartOnNew && r.t.Restarts < maxRestarts }

func (r *run) newerWaits() bool {
	if !r.mayRestart() {
		return false
	}
	select {
	case <-r.t.Newer:
		return true
	default:
		return false
	}
}

// decide governs and dispatches the turn and makes its plan.
func (r *run) decide(ctx context.Context, memory *tania.Conversation, dots *typing) (*plan, error) {
	_, done := r.step(ctx, "govern")
	contact, err := r.contact(ctx)
	if err != nil {
		done()
		return nil, err
	}
	verdict := r.Governor.Judge(r.facts(memory, contact))
	r.record.Reason, r.record.Detail, r.record.Unchecked = verdict.Reason, verdict.Detail, verdict.Unchecked
	done()
	if !verdict.Proceed() {
		return r.refused(memory, verdict), nil
	}
	dots.begin()

	_, done = r.step(ctx, "dispatch")
	text := r.text()
	choice := r.Dispatcher.Dispatch(text)
	r.record.Route, r.record.RouteWhy = choice.Route, choice.Why
	r.record.Language = r.language(choice.Language, memory)
	done()
	if age := r.late(); age > 0 {
		return r.tooLate(age), nil
	}
	r.hearDoubts(memory, choice.Route, text)

	if text == "" {
		return r.unreadable(memory), nil
	}
	switch choice.Route {
	case tania.RouteHandoff:
		return r.handOver(tania.HandoffRequested, ""), nil
	case tania.RouteFrustration:
		return r.handOver(tania.HandoffFrustration, ""), nil
	case tania.RouteSensitive:
		return r.handOver(tania.HandoffSensitive, ""), nil
	}
	q := answer.Question{
		Turn: r.t.ID, Text: text, Messages: r.t.Messages, History: r.historyBefore(ctx, memory), About: r.about(ctx, memory),
		Language: r.record.Language, Route: choice.Route, FAQ: choice.FAQ, OfferHuman: choice.OfferHuman,
		Contact: r.newest().Contact, Channel: r.newest().Channel,
	}
	if r.Cache != nil && choice.Route == tania.RouteModel && !choice.OfferHuman {
		return r.cachedOr(ctx, q)
	}
	return r.answeredNow(ctx, q)
}

// answeredNow has the answer made for this customer alone.
func (r *run) answeredNow(ctx context.Context, q answer.Question) (*plan, error) {
	began := time.Now()
	a, err := r.answerStep(ctx, q)
	if err != nil {
		return r.unanswered(ctx, q, began, err)
	}
	return r.planned(a), nil
}

// contact is what is known of the contact, where something may be that counts.
func (r *run) contact(ctx context.Context) (tania.ContactMemory, error) {
	m := r.newest()
	if m.Contact.ID == 0 || !r.Governor.HearsConsent(m.Channel) {
		return tania.ContactMemory{}, nil
	}
	return r.Engine.Contact(ctx, m.Key.Account, m.Contact.ID)
}

// planned turns an answer into what will be sent.
func (r *run) planned(a answer.Answer) *plan {
	r.record.Usage, r.record.Sources = a.Usage, a.Sources
	if a.Withheld {
		r.record.Detail = "the model's reply recited its instructions, and was withheld"
		r.log.Warn("a reply was withheld: it recited the model's instructions")
	}
	r.note(a.Notes...)
	if a.Language != "" {
		r.record.Language = a.Language
	}
	if a.Handoff != nil {
		p := r.handOver(tania.HandoffModel, a.Handoff.Reason)
		p.Parts = r.fit(a.Text)
		return p
	}
	p := r.say(a.Text)
	if !a.Known {
		r.record.Outcome = tania.OutcomeNotKnown
	}
	return p
}

// say plans a reply.
func (r *run) say(text string) *plan {
	r.record.Outcome = tania.OutcomeAnswered
	return &plan{Parts: r.fit(text)}
}

// mostParts is how many messages a customer is sent in one turn.
const mostParts = 10

// fit makes the messages of a text, as many of them as a customer is sent in one turn.
func (r *run) fit(text string) []string {
	parts := chatwoot.Fit(r.newest().Channel, text)
	if len(parts) <= mostParts {
		return parts
	}
	r.note(fmt.Sprintf("the answer makes %d messages on this channel, of which the customer was sent %d", len(parts), mostParts))
	return parts[:mostParts]
}

// note adds words to the record's detail.
func (r *run) note(words ...string) {
	for _, w := range words {
		if r.record.Detail != "" {
			r.record.Detail += "; "
		}
		r.record.Detail += w
		r.log.Info("noted", "note", w)
	}
}

// handOver plans a handoff.
func (r *run) handOver(reason tania.HandoffReason, detail string) *plan {
	r.record.Outcome, r.record.Handoff = tania.OutcomeHandedOver, reason
	return &plan{Handoff: reason, HandoffDetail: detail}
}

// silence plans to say nothing, for the reason in the record.
func (r *run) silence() *plan {
	r.record.Outcome, r.record.Handoff = tania.OutcomeSilent, ""
	return &plan{}
}

// refused plans what the governor's refusal leaves: to wait, to say a notice, or silence.
func (r *run) refused(memory *tania.Conversation, v governor.Verdict) *plan {
	r.record.Language = r.language("", memory)
	if v.Handoff != "" {
		return r.handOver(v.Handoff, v.Detail)
	}
	p := r.silence()
	if v.Notice != "" {
		p = r.notice(v.Notice)
	}
	if v.Wait > 0 {
		p.Wait, r.record.Outcome = v.Wait, tania.OutcomeWaiting
	}
	return p
}

// unreadable plans the reply to attachments without text: that they cannot be read, once.
func (r *run) unreadable(memory *tania.Conversation) *plan {
	r.record.Route, r.record.RouteWhy = "", "attachments without text"
	if time.Since(memory.Notices[tania.NoticeAttachment]) > attachmentNoticeEvery {
		p := r.notice(tania.NoticeAttachment)
		r.record.Outcome = tania.OutcomeAnswered
		return p
	}
	r.record.Reason, r.record.Detail = tania.Empty, "attachments without text; the customer already knows that they cannot be read"
	return r.silence()
}

// notice plans to say a notice and nothing else.
func (r *run) notice(n tania.Notice) *plan {
	text := map[tania.Notice]string{
		tania.NoticeRateLimited:  r.Bot.RateLimited.In(r.record.Language, r.Bot.Language),
		tania.NoticeOutsideHours: r.Bot.OutsideHours.In(r.record.Language, r.Bot.Language),
		tania.NoticeAttachment:   r.Bot.Attachment.In(r.record.Language, r.Bot.Language),
		tania.NoticeTooLong:      r.Bot.TooLong.In(r.record.Language, r.Bot.Language),
	}[n]
	r.record.Outcome = tania.OutcomeSilent
	return &plan{Notice: n, Parts: chatwoot.Fit(r.newest().Channel, text)}
}

// answerStep is answer as a step of the turn.
func (r *run) answerStep(ctx context.Context, q answer.Question) (answer.Answer, error) {
	ctx, done := r.step(ctx, "answer")
	defer done()
	return r.answer(ctx, q)
}

// answer asks the answerer within the processing time, and gives up with errNewer when the customer writes on.
func (r *run) answer(ctx context.Context, q answer.Question) (answer.Answer, error) {
	ctx, done := context.WithTimeout(ctx, r.ProcessingTimeout)
	defer done()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	if r.mayRestart() {
		watching := make(chan struct{})
		go func() {
			defer close(watching)
			select {
			case <-r.t.Newer:
				giveUp(errNewer)
			case <-ctx.Done():
			}
		}()
		defer func() { giveUp(nil); <-watching }()
	}
	a, err := r.Answerer.Answer(ctx, q)
	r.count(ctx, a.Usage)
	switch {
	case errors.Is(context.Cause(ctx), errNewer):
		return a, errNewer
	case errors.Is(err, llm.ErrBudget):
		return answer.Answer{Handoff: &llm.Handoff{Reason: "the model's monthly budget is used up"}, Language: q.Language}, nil
	}
	return a, err
}

// count adds a model call to the counters, whatever becomes of the answer.
func (r *run) count(ctx context.Context, u tania.Usage) {
	r.report("count", ledger.Pay(ctx, r.Engine, u))
}

// language is the customer's: as the text tells, else as remembered, where the bot speaks it, else the bot's.
func (r *run) language(recognised tania.Language, memory *tania.Conversation) tania.Language {
	for _, l := range []tania.Language{recognised, memory.Language, r.Bot.Language} {
		if l != "" && (len(r.Bot.Languages) == 0 || slices.Contains(r.Bot.Languages, l)) {
			return l
		}
	}
	return tania.Spanish
}

func (r *run) newest() tania.Message { return r.t.Messages[len(r.t.Messages)-1] }
