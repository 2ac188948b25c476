package same

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"
)

// Evidence is how sure a comparison was, before what the scope has learnt.
type Evidence struct {
	// Logit is the model's.
	Logit float64
	// Closeness is of the embeddings: 0 as far apart as any two questions of the scope, 1 the same; without is set when there were none.
	Closeness float64
	Without   bool
}

// Judgements is what judgements have told about a scope: how often the nearest answer was right and wrong, by the evidence. Counts add up
// in any order, so processes share them by adding.
type Judgements map[cell]*tally

// cell is evidence, rounded; checked cells are of hits that were verified, the others of comparisons whose question was answered anyway.
type cell struct {
	checked          bool
	logit, closeness int
}

type tally struct{ right, wrong float64 }

// Steps of the rounding, and what stands for no embeddings.
const (
	stepsPerUnit   = 2
	closenessSteps = 20
	withoutStep    = -1000
)

func (e Evidence) cell(checked bool) cell {
	c := cell{checked: checked, logit: int(math.Floor(max(-20, min(20, e.Logit)) * stepsPerUnit)), closeness: withoutStep}
	if !e.Without {
		c.closeness = int(math.Floor(max(-1, min(1, e.Closeness)) * closenessSteps))
	}
	return c
}

// exists reports whether evidence can be rounded to the cell.
func (c cell) exists() bool {
	if c.logit < -20*stepsPerUnit || c.logit > 20*stepsPerUnit {
		return false
	}
	return c.closeness == withoutStep || -closenessSteps <= c.closeness && c.closeness <= closenessSteps
}

// evidence is the middle of the cell.
func (c cell) evidence() Evidence {
	e := Evidence{Logit: (float64(c.logit) + 0.5) / stepsPerUnit, Without: c.closeness == withoutStep}
	if !e.Without {
		e.Closeness = (float64(c.closeness) + 0.5) / closenessSteps
	}
	return e
}

// Judgement is one, as the store counts it.
func Judgement(e Evidence, checked, right bool) map[string]int64 {
	c := e.cell(checked)
	kind, verdict := "missed", "wrong"
	if checked {
		kind = "checked"
	}
	if right {
		verdict = "right"
	}
	return map[string]int64{fmt.Sprintf("%s/%d/%d/%s", kind, c.logit, c.closeness, verdict): 1}
}

// Add takes counts of the store in; what it does not understand is passed over.
func (l Judgements) Add(counts map[string]int64) {
	for key, n := range counts {
		parts := strings.Split(key, "/")
		if len(parts) != 4 {
			continue
		}
		logit, err := strconv.Atoi(parts[1])
		closeness, err2 := strconv.Atoi(parts[2])
		c := cell{checked: parts[0] == "checked", logit: logit, closeness: closeness}
		if err != nil || err2 != nil || !c.exists() {
			continue
		}
		t := l[c]
		if t == nil {
			t = &tally{}
			l[c] = t
		}
		if parts[3] == "right" {
			t.right += float64(n)
		} else {
			t.wrong += float64(n)
		}
	}
}

// checkedFrom counts the verified hits whose log odds were at least those given, and the wrong ones among them.
func (l Judgements) checkedFrom(c Calibration, logit float64) (right, wrong float64) {
	for at, t := range l {
		if at.checked && c.Logit(at.evidence()) >= logit {
			right, wrong = right+t.right, wrong+t.wrong
		}
	}
	return right, wrong
}

// Calibration turns evidence into log odds that hold in one scope: log odds = model's logit + shift + slope × (closeness − even).
type Calibration struct{ shift, slope float64 }

// What is believed of a scope before it has taught anything: the shift is 0 and the slope 6, with these variances. even is the closeness of
// embeddings that says nothing; relevant the least logit that teaches, for what is far below is never served; caution how many standard
// deviations are taken off the shift.
const (
	shiftVariance = 0.5
	slopeMean     = 6
	slopeVariance = 9
	even          = 0.8
	relevant      = -2
	caution       = 0.5
)

// Logit gives the log odds that evidence has in the scope.
func (c Calibration) Logit(e Evidence) float64 {
	if e.Without {
		return e.Logit + c.shift
	}
	return e.Logit + c.shift + c.slope*(e.Closeness-even)
}

// Calibrate fits shift and slope: a logistic model with the model's logit as offset and normal priors, at its maximum (Newton's method),
// less some caution (Laplace's approximation).
func (l Judgements) Calibrate() Calibration {
	shift, slope := 0.0, float64(slopeMean)
	variance := shiftVariance
	for range 10 {
		g0, g1 := -shift/shiftVariance, -(slope-slopeMean)/slopeVariance
		h00, h01, h11 := 1/shiftVariance, 0.0, 1/float64(slopeVariance)
		for at, t := range l {
			e := at.evidence()
			if e.Logit < relevant && (e.Without || e.Closeness < even) {
				continue
			}
			x := 0.0
			if !e.Without {
				x = e.Closeness - even
			}
			p := Sigmoid(e.Logit + shift + slope*x)
			n := t.right + t.wrong
			g0 += t.right - n*p
			g1 += (t.right - n*p) * x
			w := n * p * (1 - p)
			h00, h01, h11 = h00+w, h01+w*x, h11+w*x*x
		}
		det := h00*h11 - h01*h01
		shift += max(-1, min(1, (g0*h11-g1*h01)/det))
		slope += max(-3, min(3, (g1*h00-g0*h01)/det))
		variance = h11 / det
	}
	return Calibration{shift: shift - caution*math.Sqrt(variance), slope: max(0, slope)}
}

// sureness is of the bound on wrong hits: the probability that the true share is below it.
const sureness = 0.95

// highestRaise in effect turns the semantic tier of a scope off.
const highestRaise = 12.0

// Raise is how much the threshold of a scope must rise, in log odds, for the upper bound of the share of wrong hits to keep within a limit.
// The prior is that of a scope about which nothing is known and which just keeps it: Beta(1, 3/limit), whose 95th percentile is the limit.
func (l Judgements) Raise(c Calibration, threshold, limit float64) float64 {
	for rise := 0.0; rise < highestRaise; rise += 1.0 / stepsPerUnit {
		right, wrong := l.checkedFrom(c, threshold+rise)
		if wrong == 0 {
			return rise
		}
		if (distuv.Beta{Alpha: 1 + wrong, Beta: 3/limit + right}).Quantile(sureness) <= limit {
			return rise
		}
	}
	return highestRaise
}

// Interval is a share with the range that holds it with 90 % probability.
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// WrongShare estimates a share from what was verified, by Jeffreys's interval.
func WrongShare(right, wrong float64) Interval {
	if right+wrong == 0 {
		return Interval{High: 1} // nothing is known
	}
	b := distuv.Beta{Alpha: wrong + 0.5, Beta: right + 0.5}
	i := Interval{Mean: b.Mean(), Low: b.Quantile(0.05), High: b.Quantile(0.95)}
	if wrong == 0 {
		i.Low = 0
	}
	return i
}

// Sigmoid gives the probability of log odds.
func Sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// LogitOf gives the log odds of a probability.
func LogitOf(p float64) float64 { return math.Log(p / (1 - p)) }
