package tania

import (
	"cmp"
	"slices"
	"time"
)

// Miss is how the bot missed what a customer wanted, from a closed set; empty where it did not, as far as is known.
type Miss string

// The misses.
const (
	// MissNotKnown: the customer was told that the bot does not know.
	MissNotKnown Miss = "not_known"
	// MissHandedOver: the bot called a human, because it did not know or the model wanted one.
	MissHandedOver Miss = "handed_over"
	// MissDoubted: the customer was not content with the answer: they asked again in other words, got angry, or wanted a human.
	MissDoubted Miss = "doubted"
	// MissCorrected: a human of the team wrote right after the answer.
	MissCorrected Miss = "corrected"
	// MissWantedHuman: the customer wanted a human, was angry, or wrote of what only humans answer. No answer that is taught changes that.
	MissWantedHuman Miss = "wanted_human"
	// MissRatedBad: an agent said that the answer was bad.
	MissRatedBad Miss = "rated_bad"
	// MissWantedEntry: an agent wants the bot to know the question and what a human answered.
	MissWantedEntry Miss = "wanted_entry"
)

// Review is what became of an answer afterwards.
type Review struct {
	// Doubted is when the customer was not content with it, Corrected when a human of the team wrote right after it; zero for never.
	Doubted   time.Time `json:"doubted,omitzero"`
	Corrected time.Time `json:"corrected,omitzero"`
	// Answered is when a human of the team first wrote after a question that the bot had missed; zero for never.
	Answered time.Time `json:"answered,omitzero"`
	// Rated is what an agent said last of the answer, Wanted that one wants the question taught; nil for nothing. In records of before
	// Wanted, Rated has that too.
	Rated  *Rating `json:"rated,omitempty"`
	Wanted *Rating `json:"wanted,omitempty"`
}

// Rate notes what an agent said. What is wanted taught stays so, however the answer is rated.
func (r *Review) Rate(rating *Rating) {
	if rating.Verdict == RatedFAQ {
		r.Wanted = rating
		return
	}
	if r.Wants() {
		r.Wanted = cmp.Or(r.Wanted, r.Rated)
	}
	r.Rated = rating
}

// Wants reports whether an agent wants the question taught.
func (r *Review) Wants() bool {
	return r.Wanted != nil || r.Rated != nil && r.Rated.Verdict == RatedFAQ
}

// Ratings are what agents said, of the answer and of the question.
func (r *Review) Ratings() (all []*Rating) {
	for _, said := range []*Rating{r.Rated, r.Wanted} {
		if said != nil {
			all = append(all, said)
		}
	}
	return all
}

// Rating is what an agent of the team said of an answer of the bot.
type Rating struct {
	Verdict Verdict `json:"verdict"`
	// Reason is in the agent's words, empty for none.
	Reason string `json:"reason,omitempty"`
	// By and Name are the agent's; zero where a label said it, for Chatwoot does not tell who put it on.
	By   UserID    `json:"by,omitempty"`
	Name string    `json:"name,omitempty"`
	At   time.Time `json:"at"`
}

// Verdict is what a Rating says, from a closed set.
type Verdict string

// The verdicts. RatedFAQ wants the question and what a human answered to be taught.
const (
	RatedBad  Verdict = "bad"
	RatedGood Verdict = "good"
	RatedFAQ  Verdict = "faq"
)

// ReviewWithin is how long after an answer what happens in the conversation says something of it.
const ReviewWithin = 10 * time.Minute

// Missed tells how the bot missed what the message wanted. What an agent said of it counts before what happened.
func (r *Record) Missed() Miss {
	switch rated := r.Review.Rated; {
	case rated != nil && rated.Verdict == RatedBad:
		return MissRatedBad
	case r.Review.Wants():
		return MissWantedEntry
	case rated != nil && rated.Verdict == RatedGood:
		return ""
	}
	switch r.Outcome {
	case OutcomeNotKnown:
		return MissNotKnown
	case OutcomeHandedOver:
		return r.Handoff.missed()
	}
	switch {
	case !r.Review.Corrected.IsZero():
		return MissCorrected
	case !r.Review.Doubted.IsZero():
		return MissDoubted
	}
	return ""
}

// missed tells what was missed where a conversation went to a human for the reason.
func (r HandoffReason) missed() Miss {
	switch r {
	case HandoffModel, HandoffNotKnown:
		return MissHandedOver
	case HandoffRequested, HandoffFrustration, HandoffSensitive:
		return MissWantedHuman
	}
	return "" // an outage, or a loop
}

// Reviewable reports whether the record is of an answer that may turn out to have been wrong, and of which that may be said at a time.
func (r *Record) Reviewable(at time.Time) bool {
	answer := r.Route == RouteFAQ || r.Route == RouteCached || r.Route == RouteModel
	ago := at.Sub(r.At)
	return r.Outcome == OutcomeAnswered && answer && ago >= 0 && ago <= ReviewWithin
}

// MissedLast gives the records of a conversation's last turn in which the bot said something or called a human, where it missed what was
// wanted, with what review notes of them. The records are ascending by message.
func MissedLast(records []Record, review func(*Review)) (last []Record) {
	for _, r := range slices.Backward(records) {
		switch {
		case len(last) == 0 && !r.Outcome.Reached():
			continue
		case len(last) > 0 && r.Turn != last[0].Turn:
			return last
		case r.Missed() == "":
			return nil
		}
		review(&r.Review)
		last = append(last, r)
	}
	return last
}

// Reviewed gives the records of a conversation's last turn, where they are of an answer that may be reviewed at a time, with what review
// notes of them. The records are ascending by message.
func Reviewed(records []Record, at time.Time, review func(*Review)) (last []Record) {
	for _, r := range slices.Backward(records) {
		if len(last) > 0 && r.Turn != last[0].Turn {
			break
		}
		if !r.Reviewable(at) {
			return nil
		}
		review(&r.Review)
		last = append(last, r)
	}
	return last
}
