package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/cache"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/chatwoot/channels"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/language"
	"tania/internal/tania"
)

// mostParts is how many messages a customer is sent in one turn.
const mostParts = 10

// attachmentNoticeEvery is how long a customer who was told that attachments cannot be read is not told again. When
// the other notices are due is the governor's business.
const attachmentNoticeEvery = 12 * time.Hour

// Decide governs and dispatches a case, has it answered, and gives the plan with its record. With an error, which is the Answerer's, the
// plan holds the record as far as it was made, and nothing to do.
func Decide(ctx context.Context, c Case, d Deps) (Plan, error) {
	decision := &decision{Case: &c, Deps: d.withDefaults()}
	p, err := decision.make(ctx)
	p.Record.Key, p.Record.Turn, p.Record.Attempt, p.Record.Restarts = c.newest().Key, c.Turn, c.Attempt, c.Restarts
	p.Record.Steps, p.Doubts = decision.steps, decision.doubts
	p.Procedure = decision.ended(&p)
	return p, err
}

// decision is a case beside what is asked about it. Its steps give values; only how long they took is noted by the way, and whether the
// customer doubts what they were answered before.
type decision struct {
	*Case
	Deps
	steps  []tania.Step
	doubts bool
}

func (d *decision) make(ctx context.Context) (Plan, error) {
	verdict := d.govern(ctx)
	record := tania.Record{Reason: verdict.Reason, Detail: verdict.Detail, Unchecked: verdict.Unchecked}
	if !verdict.Proceed() {
		record.Language = Language(d.Bot, "", d.Memory.Language)
		return d.refused(record, verdict), nil
	}
	d.Admitted()
	unread, err := d.files(ctx)
	if err != nil {
		return Plan{Record: record}, err
	}
	record.Unchecked = append(record.Unchecked, unread...)
	read := language.Read(Text(d.Messages))
	choice := d.dispatch(ctx, read)
	record.Route, record.RouteWhy = choice.Route, choice.Why
	record.Language = Language(d.Bot, choice.Language, d.Memory.Language)
	if late, ok := TooLate(*d.Case, d.Deps, record); ok {
		return late, nil
	}
	d.hearDoubts(choice.Route, read, record.Language)
	if reason := forHumans[choice.Route]; reason != "" {
		return handOver(record, reason, ""), nil
	}
	if p, ours, err := d.inProcedure(ctx, choice, read, record); ours {
		return p, err
	}
	if read.Text == "" && !d.anyMessage(shown) {
		return d.unreadable(record), nil
	}
	return d.answer(ctx, choice, read, record)
}

// forHumans are the routes that lead to a human.
var forHumans = map[tania.Route]tania.HandoffReason{
	tania.RouteHandoff: tania.HandoffRequested, tania.RouteFrustration: tania.HandoffFrustration, tania.RouteSensitive: tania.HandoffSensitive,
}

func (d *decision) govern(ctx context.Context) governor.Verdict {
	_, done := d.step(ctx, "govern")
	defer done()
	if d.Governor == nil {
		return governor.Verdict{Reason: tania.Proceed}
	}
	return d.Governor.Judge(d.Facts())
}

// shown reports whether a message has a picture or a document of which is known what it says.
func shown(m *tania.Message) bool {
	return slices.ContainsFunc(m.Attachments, func(a tania.Attachment) bool { return a.Text != "" })
}

// files has the files read that the messages have.
func (d *decision) files(ctx context.Context) (unread []string, err error) {
	if d.Read == nil || !d.anyMessage(func(m *tania.Message) bool { return len(m.Attachments) > 0 }) {
		return nil, nil
	}
	ctx, done := d.step(ctx, "read")
	defer done()
	return d.Read(ctx)
}

func (d *decision) dispatch(ctx context.Context, read *language.Reading) dispatcher.Choice {
	_, done := d.step(ctx, "dispatch")
	defer done()
	return d.Dispatcher.Choose(read)
}

// answer has the case answered: from the cache, from bot.yaml or by the model.
func (d *decision) answer(ctx context.Context, choice dispatcher.Choice, read *language.Reading, record tania.Record) (Plan, error) {
	q, record := d.question(ctx, choice, read, record)
	if q.Chosen = d.chosen(read.Text, q.History); q.Chosen != nil {
		q.Route, record.Route, record.RouteWhy = tania.RouteModel, tania.RouteModel, "what the customer chose when they were asked back"
		return d.answeredNow(ctx, q, record)
	}
	if d.Cache != nil && choice.Route == tania.RouteModel && !choice.OfferHuman {
		switch {
		case d.Personal(q.Text):
			record.CacheWhy = string(shareable.RefusalIdentifying)
		case len(q.Attributes) > 0:
			// What is known of a customer may change any answer: neither is theirs another's, nor another's theirs.
			record.CacheWhy = string(shareable.RefusalKnown)
		default:
			return d.cachedOr(ctx, q, record)
		}
	}
	return d.answeredNow(ctx, q, record)
}

// question is the case as the answerer is asked.
func (d *decision) question(
	ctx context.Context, choice dispatcher.Choice, read *language.Reading, record tania.Record,
) (answer.Question, tania.Record) {
	past := d.past(ctx)
	record.Unchecked = append(record.Unchecked, past.unchecked...)
	return answer.Question{
		Turn: d.Turn, Text: read.Text, Reading: read, Messages: d.Messages, History: past.beside(d.Messages), About: past.about,
		Language: record.Language, Route: choice.Route, FAQ: choice.FAQ, OfferHuman: choice.OfferHuman,
		Contact: d.newest().Contact, Channel: d.newest().Channel, AskedBack: d.askedBack(), Attributes: d.attributes(),
		Tools: d.offered(nil, d.Bot.Procedures...),
	}, record
}

// attributes are what is known of the customer, of what the bot may know now.
func (d *decision) attributes() (known []tania.Attribute) {
	for _, a := range d.newest().Attributes {
		if slices.Contains(d.Bot.Context, a.Name) && (d.newest().Identified() || !a.Personal()) {
			known = append(known, a)
		}
	}
	return known
}

// answeredNow has the answer made for this customer alone.
func (d *decision) answeredNow(ctx context.Context, q answer.Question, record tania.Record) (Plan, error) {
	q, record = d.recalling(ctx, q, record)
	a, err := d.ask(ctx, q)
	if wanted, is := errors.AsType[*wantedError](err); is {
		record.Usage = record.Usage.Add(a.Usage)
		return d.begunByModel(ctx, wanted, q, record)
	}
	if err != nil {
		return d.unanswered(ctx, q, record, err)
	}
	return d.planned(record, a), nil
}

// ask has the answerer answer. That the month's budget is used up is an answer: a human.
func (d *decision) ask(ctx context.Context, q answer.Question) (answer.Answer, error) {
	ctx, done := d.step(ctx, "answer")
	defer done()
	a, err := d.Answerer.Answer(ctx, q)
	if errors.Is(err, llm.ErrBudget) {
		return answer.Answer{Handoff: &llm.Handoff{Reason: "the model's monthly budget is used up"}, Language: q.Language}, nil
	}
	return a, err
}

// unanswered decides about a question that got no answer. Where no model will give one, the customer gets what can be had without, or the
// apology and a human.
func (d *decision) unanswered(ctx context.Context, q answer.Question, record tania.Record, err error) (Plan, error) {
	var away *NoModelError
	if !errors.As(err, &away) {
		return Plan{Record: record}, err
	}
	record.Detail = "no model answers: " + llm.Cause(away.Cause)
	if a, ok := d.Answerer.WithoutModel(ctx, q); ok {
		d.Log.Warn("answered without the model", "cause", away.Cause)
		return d.planned(record, a), nil
	}
	p := handOver(record, tania.HandoffModelAway, llm.Cause(away.Cause))
	p.Message = d.Bot.Apology.In(record.Language, d.Bot.Language)
	return p, nil
}

// planned turns an answer into what will be sent.
func (d *decision) planned(record tania.Record, a answer.Answer) Plan {
	record.Usage, record.Sources = a.Usage, a.Sources
	record.Guard, record.GuardTwice = a.Held, a.HeldBack
	if a.Held != "" {
		d.Log.Warn("a reply was held", "reason", string(a.Held), "again", a.HeldBack)
	}
	if a.Withheld {
		record.Guard, record.GuardTwice = tania.GuardRecital, true
		record.Detail = "the model's reply recited its instructions, and was withheld"
		d.Log.Warn("a reply was withheld: it recited the model's instructions")
	}
	record = d.noted(record, a.Notes...)
	if a.Language != "" {
		record.Language = a.Language
	}
	if a.Handoff != nil {
		return d.saying(handOver(record, tania.HandoffModel, a.Handoff.Reason), a.Text)
	}
	if !a.Known && len(a.Choices) == 0 && d.knowsTooLittle() {
		p := handOver(record, tania.HandoffNotKnown, "")
		if len(a.Sources) == 0 {
			return p
		}
		// What of it is known is said before the human comes.
		return d.saying(p, a.Text)
	}
	if len(a.Choices) > 0 {
		return d.askingBack(record, a)
	}
	record.Outcome = tania.OutcomeAnswered
	if !a.Known {
		record.Outcome = tania.OutcomeNotKnown
	}
	return d.honestly(d.answering(record, a.Text), a)
}

// honestly is a plan that also says that attachments cannot be read, where the answer was made by the words beside them alone. A model was
// told of them, and says so itself where it matters.
func (d *decision) honestly(p Plan, a answer.Answer) Plan {
	known := d.Now.Sub(d.Memory.Notices[tania.NoticeAttachment]) <= attachmentNoticeEvery
	if a.Usage.Calls > 0 || known || !slices.ContainsFunc(d.Messages, answer.Attached) {
		return p
	}
	said := d.notice(p.Record, tania.NoticeAttachment)
	p.Notice, p.Parts = said.Notice, slices.Concat(said.Parts, p.Parts)
	p.Parts = p.Parts[:min(len(p.Parts), mostParts)]
	return p
}

// knowsTooLittle reports whether an answer that the bot does not know is one too many in this episode.
func (d *decision) knowsTooLittle() bool {
	before := 0
	for _, turn := range d.Memory.NotKnown {
		if turn != d.Turn {
			before++
		}
	}
	return d.Bot.UnknownLimit > 0 && before+1 >= d.Bot.UnknownLimit
}

// saying is a plan with a text as the messages that it makes on the channel, as many of them as a customer is sent in one turn.
func (d *decision) saying(p Plan, text string) Plan {
	p.Parts = channels.Fit(d.newest().Channel, text)
	if d.Bot.Bubbles > 0 {
		p.Parts = channels.Bubbles(d.newest().Channel, text, d.Bot.Bubbles)
		p.Paced = len(p.Parts) > 1
	}
	if all := len(p.Parts); all > mostParts {
		p.Parts = p.Parts[:mostParts]
		p.Record = d.noted(p.Record, fmt.Sprintf("the answer makes %d messages on this channel, of which the customer was sent %d", all,
			mostParts))
	}
	return p
}

// noted is a record with words more in its detail, which are in the log too.
func (d *decision) noted(record tania.Record, words ...string) tania.Record {
	for _, w := range words {
		d.Log.Info("noted", "note", w)
	}
	return noted(record, words...)
}

// refused plans what the governor's refusal leaves: to wait, to say a notice, or silence.
func (d *decision) refused(record tania.Record, v governor.Verdict) Plan {
	if v.Handoff != "" {
		return handOver(record, v.Handoff, v.Detail)
	}
	p := Silence(record)
	if v.Notice != "" {
		p = d.notice(record, v.Notice)
	}
	if v.Wait > 0 {
		p.Wait, p.Record.Outcome = v.Wait, tania.OutcomeWaiting
	}
	return p
}

// unreadable plans the reply to attachments without text: that they cannot be read, once.
func (d *decision) unreadable(record tania.Record) Plan {
	record.Route, record.RouteWhy = "", "attachments without text"
	if d.Now.Sub(d.Memory.Notices[tania.NoticeAttachment]) > attachmentNoticeEvery {
		p := d.notice(record, tania.NoticeAttachment)
		p.Record.Outcome = tania.OutcomeAnswered
		return p
	}
	record.Reason, record.Detail = tania.Empty, "attachments without text; the customer already knows that they cannot be read"
	return Silence(record)
}

// notice plans to say a notice and nothing else.
func (d *decision) notice(record tania.Record, n tania.Notice) Plan {
	record.Outcome = tania.OutcomeSilent
	return Plan{Notice: n, Parts: channels.Fit(d.newest().Channel, noticeText(d.Bot, n, record.Language)), Record: record}
}

// hearDoubts notes that the customer was not content with what they were answered before, and tells the cache where that was its answer.
func (d *decision) hearDoubts(route tania.Route, read *language.Reading, lang tania.Language) {
	if d.again() {
		return
	}
	last, newest := d.Memory.LastHit, d.newest()
	cached := d.Cache != nil && last != nil && newest.Created.Sub(last.At) <= cache.FeedbackWithin
	doubt := func(s cache.Signal) {
		d.doubts = true
		if cached {
			d.Cache.Doubt(last.Entry, newest.Key, s)
		}
	}
	switch {
	case route == tania.RouteHandoff || route == tania.RouteFrustration:
		doubt(cache.SignalHuman)
	case cached && route == tania.RouteModel && same.Rephrases(last.Question, read, lang):
		doubt(cache.SignalRephrased)
	}
}

// again reports whether the case was decided on before: by an earlier attempt, before a wait for a server, or before its customer corrected
// it, who does not doubt its answer.
func (c *Case) again() bool {
	trouble := c.Memory.Trouble
	return c.Attempt > 1 || c.newest().Revision > 0 || trouble != nil && trouble.Turn == c.Turn
}

// step begins a step: its span, and, when it ends, its time.
func (d *decision) step(ctx context.Context, name string) (context.Context, func()) {
	began := d.Clock()
	ctx, end := d.Tracer.Start(ctx, name)
	return ctx, func() {
		end(nil)
		d.took(name, began)
	}
}

// took notes how long a step took.
func (d *decision) took(name string, since time.Time) {
	took := d.Clock().Sub(since)
	d.steps = append(d.steps, Took(name, took))
	d.Observe(name, took)
}

// Took is a step that took so long, for the record.
func Took(name string, took time.Duration) tania.Step {
	return tania.Step{Name: name, Millis: float64(took.Microseconds()) / 1000}
}
