package same

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// judged gives a scope's judgements as the store adds them up.
func someJudgements(t *rapid.T) []map[string]int64 {
	list := make([]map[string]int64, rapid.IntRange(0, 60).Draw(t, "judgements"))
	for i := range list {
		list[i] = Judgement(someEvidence(t), rapid.Bool().Draw(t, "checked"), rapid.IntRange(0, 9).Draw(t, "right") > 0)
	}
	return list
}

func someEvidence(t *rapid.T) Evidence {
	e := Evidence{Logit: rapid.Float64Range(-6, 9).Draw(t, "logit"), Without: rapid.Bool().Draw(t, "without")}
	if !e.Without {
		e.Closeness = rapid.Float64Range(-0.2, 1).Draw(t, "closeness")
	}
	return e
}

func TestMoreWrongHitsNeverLowerTheThreshold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Judgements{}
		for _, j := range someJudgements(t) {
			l.Add(j)
		}
		c := Calibration{shift: rapid.Float64Range(-2, 2).Draw(t, "shift"), slope: rapid.Float64Range(0, 9).Draw(t, "slope")}
		threshold := rapid.Float64Range(0, 5).Draw(t, "threshold")
		limit := rapid.SampledFrom([]float64{0.001, 0.01, 0.05, 0.2}).Draw(t, "limit")
		before := l.Raise(c, threshold, limit)
		if before < 0 || before > highestRaise {
			t.Fatalf("raised by %v", before)
		}
		l.Add(Judgement(someEvidence(t), true, false))
		if after := l.Raise(c, threshold, limit); after < before {
			t.Fatalf("one wrong hit more lowers the threshold from %v to %v", before, after)
		}
	})
}

// The bound holds for what is served from then on: those that were verified above the raised threshold keep within the limit.
func TestTheRaisedThresholdKeepsWithinTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Judgements{}
		for _, j := range someJudgements(t) {
			l.Add(j)
		}
		c, threshold := l.Calibrate(), 3.0
		limit := rapid.SampledFrom([]float64{0.001, 0.01, 0.05, 0.2}).Draw(t, "limit")
		rise := l.Raise(c, threshold, limit)
		right, wrong := l.checkedFrom(c, threshold+rise)
		bound := distuv.Beta{Alpha: 1 + wrong, Beta: 3/limit + right}.Quantile(sureness)
		if bound > limit && rise < highestRaise {
			t.Fatalf("raised by %v with %v right and %v wrong above: at most %v, the limit is %v", rise, right, wrong, bound, limit)
		}
		if rise > 0 {
			if right, wrong := l.checkedFrom(c, threshold+rise-1.0/stepsPerUnit); wrong == 0 ||
				(distuv.Beta{Alpha: 1 + wrong, Beta: 3/limit + right}).Quantile(sureness) <= limit {
				t.Fatalf("raised by %v where less would do", rise)
			}
		}
	})
}

func TestNothingVerifiedRaisesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Judgements{}
		for range rapid.IntRange(0, 40).Draw(t, "judgements") {
			l.Add(Judgement(someEvidence(t), false, rapid.Bool().Draw(t, "right")))
		}
		limit := rapid.SampledFrom([]float64{0.001, 0.01, 0.05, 0.2}).Draw(t, "limit")
		if rise := l.Raise(l.Calibrate(), 3, limit); rise != 0 {
			t.Fatalf("raised by %v", rise)
		}
		if prior := (distuv.Beta{Alpha: 1, Beta: 3 / limit}).Quantile(sureness); prior > limit {
			t.Fatalf("the prior's bound is %v, above the limit %v", prior, limit)
		}
	})
}

func TestCalibrationIsAlwaysFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Judgements{}
		for _, j := range someJudgements(t) {
			for name := range j {
				j[name] = rapid.Int64Range(1, 1_000_000).Draw(t, "times")
			}
			l.Add(j)
		}
		// What another version, or nobody, wrote.
		l.Add(map[string]int64{
			"checked/-9223372036854775808/3/right": 1, "checked/3/-9223372036854775808/wrong": 1, "missed/99999/0/right": 5,
			"x": 1, "a/b/c/d": 2, "": 1,
		})
		c := l.Calibrate()
		if math.IsNaN(c.shift) || math.IsInf(c.shift, 0) || math.IsNaN(c.slope) || math.IsInf(c.slope, 0) || c.slope < 0 {
			t.Fatalf("%+v", c)
		}
		if e := someEvidence(t); math.IsNaN(c.Logit(e)) {
			t.Fatalf("%+v of %+v", c.Logit(e), e)
		}
	})
}

func TestCellsKeepEvidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := someEvidence(t)
		got := e.cell(true).evidence()
		if math.Abs(got.Logit-e.Logit) > 0.5/stepsPerUnit+1e-9 || got.Without != e.Without ||
			!e.Without && math.Abs(got.Closeness-e.Closeness) > 0.5/closenessSteps+1e-9 {
			t.Fatalf("%+v became %+v", e, got)
		}
		l := Judgements{}
		l.Add(Judgement(e, true, true))
		l.Add(Judgement(e, true, false))
		if got := l[e.cell(true)]; got == nil || *got != (tally{1, 1}) {
			t.Fatalf("%+v is kept as %+v", e, l)
		}
	})
}

func TestCalibrationFindsHowAScopeDiffers(t *testing.T) {
	for _, c := range []struct{ shift, slope float64 }{{-1.5, 6}, {0, 6}, {1, 6}, {-0.5, 2}, {0.5, 11}} {
		rnd, l := rand.New(rand.NewPCG(4, 2)), Judgements{}
		for range 6000 {
			e := Evidence{Logit: 4*rnd.Float64() - 2, Closeness: 0.4 + 0.6*rnd.Float64()}
			truth := Calibration{shift: c.shift, slope: c.slope}
			l.Add(Judgement(e, false, rnd.Float64() < Sigmoid(truth.Logit(e))))
		}
		got := l.Calibrate()
		if math.Abs(got.shift-c.shift) > 0.2 || math.Abs(got.slope-c.slope) > 1 {
			t.Errorf("shift %.2f and slope %.2f are found as %.2f and %.2f", c.shift, c.slope, got.shift, got.slope)
		}
	}
}

func TestTheShareOfWrongHitsHasAnInterval(t *testing.T) {
	for _, c := range []struct{ right, wrong, low, mean, high float64 }{
		{0, 0, 0, 0, 1}, {100, 0, 0, 0.005, 0.019}, {99, 1, 0.0018, 0.0149, 0.038}, {0, 3, 0.556, 0.875, 0.999},
	} {
		got := WrongShare(c.right, c.wrong)
		if c.wrong == 0 && got.Low != 0 {
			t.Errorf("%v right, none wrong: at least %v may be", c.right, got.Low)
		}
		if math.Abs(got.Low-c.low) > 0.01 || math.Abs(got.Mean-c.mean) > 0.01 || math.Abs(got.High-c.high) > 0.01 {
			t.Errorf("%v right, %v wrong: %+v, want about %v, %v, %v", c.right, c.wrong, got, c.low, c.mean, c.high)
		}
	}
}

// TestCountsOfAnotherVersionAreNotTakenIn: only what this one could have written is, to the ends of its range.
func TestCountsOfAnotherVersionAreNotTakenIn(t *testing.T) {
	for key, want := range map[string]bool{
		"checked/40/20/right": true, "checked/-40/-20/right": true, "missed/0/-1000/wrong": true, "missed/-4/0/wrong": true,
		"checked/41/0/right": false, "checked/-41/0/right": false, "checked/0/21/right": false, "checked/0/-21/right": false,
		"checked/0/-999/right": false,
		"checked/x/0/right":    false, "checked/0/x/right": false, "checked/0/0": false, "checked/0/0/right/0": false, "": false,
	} {
		l := Judgements{}
		l.Add(map[string]int64{key: 3})
		if got := len(l) == 1; got != want {
			t.Errorf("%q is taken in: %v", key, got)
		}
	}
	for _, e := range []Evidence{{Logit: 99, Closeness: 9}, {Logit: -99, Closeness: -9}, {Logit: 99, Without: true}} {
		if !e.cell(true).exists() {
			t.Errorf("%+v is rounded to %+v, which is none", e, e.cell(true))
		}
	}
}

// TestWhatIsFarBelowTeachesNothing: it would never be served. Where embeddings say that it is the same, it teaches.
func TestWhatIsFarBelowTeachesNothing(t *testing.T) {
	nothing := Judgements{}.Calibrate()
	for _, c := range []struct {
		e    Evidence
		want bool
	}{
		{Evidence{Logit: -3, Without: true}, false},
		{Evidence{Logit: -3, Closeness: 0.5}, false},
		{Evidence{Logit: -3, Closeness: 0.95}, true},
		{Evidence{Logit: -1, Without: true}, true},
		{Evidence{Logit: -1, Closeness: 0.5}, true},
	} {
		l := Judgements{}
		for range 50 {
			l.Add(Judgement(c.e, false, true))
		}
		if got := l.Calibrate() != nothing; got != c.want {
			t.Errorf("%+v teaches: %v, want %v", c.e, got, c.want)
		}
	}
}

// TestWrongHitsRaiseTheThreshold above where they were, and right ones beside them lower it again; what was not verified counts
// for nothing.
func TestWrongHitsRaiseTheThreshold(t *testing.T) {
	c, low, high := Calibration{slope: 6}, Evidence{Logit: 3, Without: true}, Evidence{Logit: 5, Without: true}
	many := func(l Judgements, e Evidence, checked, right bool, n int) {
		for range n {
			l.Add(Judgement(e, checked, right))
		}
	}
	l := Judgements{}
	many(l, low, true, false, 5)
	many(l, high, true, true, 20)
	many(l, high, false, false, 50)
	if right, wrong := l.checkedFrom(c, 3); right != 20 || wrong != 5 {
		t.Errorf("from 3 on %v were right and %v wrong, want 20 and 5", right, wrong)
	}
	// The middle of the low ones' cell is 3.25, and belongs to what is served from there on.
	if right, wrong := l.checkedFrom(c, 3.25); right != 20 || wrong != 5 {
		t.Errorf("from 3.25 on %v were right and %v wrong, want 20 and 5", right, wrong)
	}
	if right, wrong := l.checkedFrom(c, 3.26); right != 20 || wrong != 0 {
		t.Errorf("from 3.26 on %v were right and %v wrong, want 20 and none", right, wrong)
	}
	if rise := l.Raise(c, 3, 0.05); rise != 0.5 {
		t.Errorf("raised by %v, want past the wrong ones, 0.5", rise)
	}
	many(l, low, true, true, 2000)
	if rise := l.Raise(c, 3, 0.05); rise != 0 {
		t.Errorf("raised by %v, with five wrong of two thousand", rise)
	}
	many(l, Evidence{Logit: 20, Without: true}, true, false, 500)
	if rise := l.Raise(c, 3, 0.05); rise != highestRaise {
		t.Errorf("raised by %v, want %v: all is wrong", rise, highestRaise)
	}
}
