package intents

import (
	"cmp"
	"fmt"
	"math"
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
	Unanswered int     // calibration questions in scope that are not answered: what clarifications offer stands on them
}

// UpperBound is the one-sided Clopper-Pearson bound on the rate behind k events in n trials.
func UpperBound(k, n int, confidence float64) float64 {
	if k >= n {
		return 1
	}
	return distuv.Beta{Alpha: float64(k) + 1, Beta: float64(n - k)}.Quantile(confidence)
}

// LowerBound is the one-sided Clopper-Pearson bound from below on the rate behind k events in n trials.
func LowerBound(k, n int, confidence float64) float64 {
	if k <= 0 {
		return 0
	}
	return distuv.Beta{Alpha: float64(k), Beta: float64(n-k) + 1}.Quantile(1 - confidence)
}

// fewestWriters is from how many writers on their differences are measured.
const fewestWriters = 5

// writersBound is the one-sided bound on the rate of wrong answers among answers when the next questions come from another writer
// than these: the ratio estimate with the variance between writers and Student's t (Cochran 1977, "Sampling Techniques", 6.4).
// Questions of one writer go wrong together, which [UpperBound] does not see. It is 0 with too few writers.
func writersBound(answered []outcome, confidence float64) float64 {
	var wrong, all []float64 // by writer
	place := map[string]int{}
	var sumWrong float64
	for i := range answered {
		o := &answered[i]
		at, ok := place[o.by]
		if !ok {
			at = len(all)
			place[o.by] = at
			wrong, all = append(wrong, 0), append(all, 0)
		}
		all[at]++
		if o.wrong() {
			wrong[at]++
			sumWrong++
		}
	}
	m, n := float64(len(all)), float64(len(answered))
	if len(all) < fewestWriters {
		return 0
	}
	rate, variance := sumWrong/n, 0.0
	for w := range all {
		d := wrong[w] - rate*all[w]
		variance += d * d * m / (m - 1) / (n * n)
	}
	return rate + distuv.StudentsT{Sigma: 1, Nu: m - 1}.Quantile(confidence)*math.Sqrt(variance)
}

// String is the promise in a sentence.
func (s Statement) String() string {
	if !s.Met {
		return fmt.Sprintf("budget of %.1f %% wrong answers cannot be stated: %d calibration questions are too few or too often wrong; nothing is answered, only asked back or handed over", 100*s.Budget, s.Questions)
	}
	return fmt.Sprintf("wrong among answered ≤ %.1f %% with %.0f %% confidence where %.0f %% of questions are out of scope, from %d answered of %d calibration questions (%d wrong); what is asked back offers the right article %.0f times in 100, from %d",
		100*s.Bound, 100*s.Confidence, 100*s.OutOfScope, s.Answered, s.Questions, s.Wrong, 100*offered, s.Unanswered)
}

// steps is how many thresholds a sequence tries.
const steps = 100

// Thresholds are tried in two fixed sequences, strictest first, each until one fails, so that trying many does not weaken the
// confidence (fixed-sequence testing; Angelopoulos et al. 2021, "Learn then Test"). The first begins where a good share of
// the questions is answered, because few answers prove little; the second, which begins with the fewest answers that can prove
// anything, is for small or difficult sets. They share the risk of a false statement.
const (
	firstShare   = 0.3 // of the questions answered at the first sequence's first threshold
	firstsRisk   = 0.8 // of the risk, 1 − confidence, that the first sequence may take
	roomForWrong = 1   // wrong answers allowed at the second sequence's first threshold
)

// threshold finds the lowest confidence at which the bound on wrong answers still keeps the budget.
func threshold(outcomes []outcome, cfg Config) Statement {
	sorted := traffic(outcomes, cfg.OutOfScope)
	slices.SortStableFunc(sorted, func(a, b outcome) int { return cmp.Compare(b.score, a.score) })
	risk := 1 - cfg.Confidence
	st := sequence(sorted, int(firstShare*float64(len(sorted))), cfg, 1-risk*firstsRisk)
	if !st.Met {
		st = sequence(sorted, fewest(cfg, 1-risk*(1-firstsRisk)), cfg, 1-risk*(1-firstsRisk))
	}
	return st
}

// sequence tries thresholds from the one that answers first questions on, each with the given confidence.
func sequence(sorted []outcome, first int, cfg Config, confidence float64) Statement {
	st := Statement{Budget: cfg.Budget, Bound: 1, Confidence: cfg.Confidence, OutOfScope: cfg.OutOfScope, Questions: len(sorted), Threshold: 1}
	for k := range steps {
		n := first + (len(sorted)-first)*k/steps
		if n < 1 || n > len(sorted) || sorted[n-1].score < 0 {
			break
		}
		wrong := 0
		for i := range sorted[:n] {
			if sorted[i].wrong() {
				wrong++
			}
		}
		bound := max(UpperBound(wrong, n, confidence), writersBound(sorted[:n], confidence))
		if bound > cfg.Budget {
			break
		}
		st.Met, st.Bound, st.Answered, st.Wrong, st.Threshold = true, bound, n, wrong, sorted[n-1].score
	}
	return st
}

// fewest is the smallest number of answers on which the budget can be stated with the given confidence.
func fewest(cfg Config, confidence float64) int {
	n := 1
	for UpperBound(roomForWrong, n, confidence) > cfg.Budget {
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
