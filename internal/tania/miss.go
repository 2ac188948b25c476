package tania

import (
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
)

// Review is what became of an answer afterwards.
type Review struct {
	// Doubted is when the customer was not content with it, Corrected when a human of the team wrote right after it; zero for never.
	Doubted   time.Time `json:"doubted,omitzero"`
	Corrected time.Time `json:"corrected,omitzero"`
}

// ReviewWithin is how long after an answer what happens in the conversation says something of it.
const ReviewWithin = 10 * time.Minute

// Missed tells how the bot missed what the message wanted.
func (r *Record) Missed() Miss {
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
