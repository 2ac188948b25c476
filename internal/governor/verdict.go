package governor

import (
	"time"

	"tania/internal/tania"
)

// Verdict is what the rules say.
type Verdict struct {
	// Reason is Proceed, or that of the first rule that refused.
	Reason tania.Reason
	// Detail is the reason in words, for the decision record; empty for Proceed.
	Detail string
	// Unchecked names the rules that could not be checked, each with the cause. They do not hold an answer back.
	Unchecked []string
	// Wait asks to look at the turn again after this time instead of ending it; 0: it ends.
	Wait time.Duration
	// Notice is what the customer is to be told now; empty when nothing is, or when they were told already.
	Notice tania.Notice
	// Handoff is why a human gets the conversation, without a word to the customer; empty when none does.
	Handoff tania.HandoffReason
}

// Proceed reports whether the bot may answer.
func (v Verdict) Proceed() bool { return v.Reason == tania.Proceed }

// rule is one question about a subject, and the reason it gives when it refuses.
type rule[T any] struct {
	reason tania.Reason
	check  func(*Governor, T) finding
}

// finding is a rule's answer; the zero finding has no objection.
type finding struct {
	refused bool
	// detail says why, or why it could not be checked.
	detail    string
	unchecked bool
	wait      time.Duration
	notice    tania.Notice
	handoff   tania.HandoffReason
}

func refuse(detail string) finding { return finding{refused: true, detail: detail} }

// unchecked is the finding of a rule that has nothing to go by.
func unchecked(cause string) finding { return finding{unchecked: true, detail: cause} }

// apply asks the rules in order until one refuses.
func apply[T any](g *Governor, rules []rule[T], subject T) Verdict {
	v := Verdict{Reason: tania.Proceed}
	for i := range rules {
		f := rules[i].check(g, subject)
		switch {
		case f.refused:
			v.Reason, v.Detail, v.Wait, v.Notice, v.Handoff = rules[i].reason, f.detail, f.wait, f.notice, f.handoff
			return v
		case f.unchecked:
			v.Unchecked = append(v.Unchecked, string(rules[i].reason)+": "+f.detail)
		}
	}
	return v
}
