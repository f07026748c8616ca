package intents

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Statement is the promise about wrong answers and what it stands on.
type Statement struct {
	Met        bool    // the calibration set is large and clean enough for the budget
	Budget     float64 // asked for
	Bound      float64 // upper confidence bound on wrong among answered
	Confidence float64 // of the bound
	OutOfScope float64 // share of the questions that no article answers, as assumed
	Questions  int     // calibration questions that it stands on
	Answered   int     // of them, at the threshold
	Wrong      int     // of the answered
	Threshold  float64 // least confidence to answer
}

// UpperBound is the one-sided Clopper-Pearson bound on the rate behind k events in n trials.
func UpperBound(k, n int, confidence float64) float64 {
	if k >= n {
		return 1
	}
	return distuv.Beta{Alpha: float64(k) + 1, Beta: float64(n - k)}.Quantile(confidence)
}

// String is the promise in a sentence.
func (s Statement) String() string {
	if !s.Met {
		return fmt.Sprintf("budget of %.1f %% wrong answers cannot be stated: %d calibration questions are too few or too often wrong; nothing is answered, only asked back or handed over", 100*s.Budget, s.Questions)
	}
	return fmt.Sprintf("wrong among answered ≤ %.1f %% with %.0f %% confidence where %.0f %% of questions are out of scope, from %d answered of %d calibration questions (%d wrong)",
		100*s.Bound, 100*s.Confidence, 100*s.OutOfScope, s.Answered, s.Questions, s.Wrong)
}

// steps is how many thresholds are tried, from the strictest on.
const steps = 40

// threshold finds the lowest confidence at which the bound on wrong answers still keeps the budget. Thresholds are
// tried in a fixed order, strictest first, until one fails, so that trying many does not weaken the confidence
// (fixed-sequence testing; Angelopoulos et al. 2021, "Learn then Test").
func threshold(outcomes []outcome, cfg Config) Statement {
	sorted := traffic(outcomes, cfg.OutOfScope)
	st := Statement{Budget: cfg.Budget, Bound: 1, Confidence: cfg.Confidence, OutOfScope: cfg.OutOfScope, Questions: len(sorted), Threshold: 1}
	slices.SortStableFunc(sorted, func(a, b outcome) int { return cmp.Compare(b.score, a.score) })
	least := fewest(cfg)
	for k := range steps {
		n := least + (len(sorted)-least)*k/steps
		if n > len(sorted) || sorted[n-1].score < 0 {
			break
		}
		wrong := 0
		for i := range sorted[:n] {
			if sorted[i].wrong() {
				wrong++
			}
		}
		bound := UpperBound(wrong, n, cfg.Confidence)
		if bound > cfg.Budget {
			break
		}
		st.Met, st.Bound, st.Answered, st.Wrong, st.Threshold = true, bound, n, wrong, sorted[n-1].score
	}
	return st
}

// fewest is the smallest number of answers, most of them flawless, on which the budget can be stated: with room for one wrong answer.
func fewest(cfg Config) int {
	n := 1
	for UpperBound(1, n, cfg.Confidence) > cfg.Budget {
		n++
	}
	return n
}

// traffic is the largest part of the outcomes in which the assumed share is out of scope: of the kind that there are too
// many of, some are left out, evenly.
func traffic(outcomes []outcome, outOfScope float64) []outcome {
	outside := 0
	for i := range outcomes {
		if !outcomes[i].within() {
			outside++
		}
	}
	inside := len(outcomes) - outside
	keepOutside := min(float64(outside), float64(inside)*outOfScope/(1-outOfScope))
	keepInside := min(float64(inside), float64(outside)*(1-outOfScope)/outOfScope)
	var out []outcome
	var dueOutside, dueInside float64
	for _, o := range outcomes {
		due := &dueInside
		if o.within() {
			dueInside += keepInside / float64(max(1, inside))
		} else {
			due = &dueOutside
			dueOutside += keepOutside / float64(max(1, outside))
		}
		if *due >= 1-1e-9 {
			*due--
			out = append(out, o)
		}
	}
	return out
}
