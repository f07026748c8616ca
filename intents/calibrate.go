package intents

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"haedap/knowledge/text"
)

// Statement is the promise about wrong answers and what it stands on.
type Statement struct {
	Met        bool    // the calibration set is large and clean enough for the budget
	Budget     float64 // asked for
	Bound      float64 // upper confidence bound on wrong among answered
	Confidence float64 // of the bound
	Questions  int     // in the calibration set
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

// outcome is what became of one calibration question.
type outcome struct {
	signals signals
	margins []float32
	best    int
	label   int     // group of the right intent; none when no article answers it, several when it asks two things
	score   float64 // confidence of the answer that it would get; below 0 when it would get none
	asTwo   bool    // it would be answered as two questions
}

// Labels of outcomes that are no single intent.
const (
	none    = -1
	several = -2
)

func (o *outcome) right() bool  { return o.label == o.best }
func (o *outcome) within() bool { return o.label != none }
func (o *outcome) double() bool { return o.label == several }

// wrong tells whether the answer that it would get is wrong.
func (o *outcome) wrong() bool {
	if o.asTwo {
		return !o.double()
	}
	return !o.right()
}

// calibrate fits the gate and picks the threshold on the calibration questions.
func (e *Engine) calibrate(cfg Config) gate {
	outcomes := e.outcomes()
	g := gate{sharpness: sharpness(outcomes, e.intents), threshold: math.Inf(1), mass: 0.9}
	if len(outcomes) == 0 {
		g.statement = Statement{Budget: cfg.Budget, Bound: 1, Confidence: cfg.Confidence, Threshold: 1}
		return g
	}
	g.right = fit(outcomes, (*outcome).right)
	g.within = fit(outcomes, (*outcome).within)
	g.double = fit(outcomes, (*outcome).double)
	crossFit(outcomes)
	g.statement = threshold(outcomes, cfg)
	if g.statement.Met {
		g.threshold = g.statement.Threshold
	}
	return g
}

// outcomes classifies the calibration questions. A question of which an article answers one half alone is left out: an
// answer to that half is neither right nor wrong.
func (e *Engine) outcomes() []outcome {
	place := map[string]int{OutOfScope: none}
	for i, g := range e.groups[:e.intents] {
		place[g.id] = i
	}
	var out []outcome
	s := scratch{margins: make([]float32, len(e.groups))}
	for _, q := range e.catalogue.Calibration {
		label, single := place[q.Label]
		if !single {
			if strings.Contains(q.Label, OutOfScope) {
				continue
			}
			label = several
		}
		normalized := text.Normalize(q.Text)
		r := e.rank(&s, normalized)
		o := outcome{signals: r.signals, margins: slices.Clone(s.margins), best: r.order[0], label: label}
		o.signals[signalSplit] = e.split(&s, normalized, r).clearness
		out = append(out, o)
	}
	return out
}

// folds is how many parts cross-fitting has: each is scored by a gate that has not seen it.
const folds = 10

// crossFit says for each outcome what a gate fitted on the other folds would do.
func crossFit(outcomes []outcome) {
	for f := range folds {
		var rest []outcome
		for i, o := range outcomes {
			if i%folds != f {
				rest = append(rest, o)
			}
		}
		right, double := fit(rest, (*outcome).right), fit(rest, (*outcome).double)
		for i := f; i < len(outcomes); i += folds {
			o := &outcomes[i]
			o.score = right.probability(o.signals)
			switch p := double.probability(o.signals); {
			case p >= surelyDouble:
				o.asTwo, o.score = true, 1
			case p >= maybeDouble:
				o.score = -1
			}
		}
	}
}

// steps is how many thresholds are tried, from the strictest on.
const steps = 40

// threshold finds the lowest confidence at which the bound on wrong answers still keeps the budget. Thresholds are
// tried in a fixed order, strictest first, until one fails, so that trying many does not weaken the confidence
// (fixed-sequence testing; Angelopoulos et al. 2021, "Learn then Test").
func threshold(outcomes []outcome, cfg Config) Statement {
	st := Statement{Budget: cfg.Budget, Bound: 1, Confidence: cfg.Confidence, Questions: len(outcomes), Threshold: 1}
	sorted := slices.Clone(outcomes)
	slices.SortStableFunc(sorted, func(a, b outcome) int { return compare(b.score, a.score) })
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

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// sharpness is the factor that makes the probabilities of the right intents most likely, for questions in scope.
func sharpness(outcomes []outcome, intents int) float64 {
	best, least := 3.0, math.Inf(1)
	for k := 1.0; k <= 12; k += 0.25 {
		var loss float64
		for i := range outcomes {
			if o := &outcomes[i]; o.label >= 0 {
				loss -= math.Log(softmax(o.margins[:intents], k)[o.label])
			}
		}
		if loss < least {
			best, least = k, loss
		}
	}
	return best
}

// ridge keeps the gate's weights finite when the calibration set is separable.
const ridge = 0.5

// fit finds the logistic regression of want on the signals by Newton's method.
func fit(outcomes []outcome, want func(*outcome) bool) logistic {
	const n = signalCount + 1
	var l logistic
	for range 30 {
		hessian := mat.NewSymDense(n, nil)
		gradient := mat.NewVecDense(n, nil)
		for i := range n {
			hessian.SetSym(i, i, ridge)
			gradient.SetVec(i, -ridge*l[i])
		}
		for i := range outcomes {
			o := &outcomes[i]
			p := l.probability(o.signals)
			x := append(o.signals[:signalCount:signalCount], 1)
			for a := range n {
				y := 0.0
				if want(o) {
					y = 1
				}
				gradient.SetVec(a, gradient.AtVec(a)+(y-p)*x[a])
				for b := a; b < n; b++ {
					hessian.SetSym(a, b, hessian.At(a, b)+p*(1-p)*x[a]*x[b])
				}
			}
		}
		var step mat.VecDense
		var c mat.Cholesky
		if !c.Factorize(hessian) || c.SolveVecTo(&step, gradient) != nil {
			return l
		}
		for i := range n {
			l[i] += step.AtVec(i)
		}
		if mat.Norm(&step, 2) < 1e-6 {
			break
		}
	}
	return l
}

// String is the promise in a sentence.
func (s Statement) String() string {
	if !s.Met {
		return fmt.Sprintf("budget of %.1f %% wrong answers cannot be stated: %d calibration questions are too few or too often wrong; nothing is answered, only asked back or handed over", 100*s.Budget, s.Questions)
	}
	return fmt.Sprintf("wrong among answered ≤ %.1f %% with %.0f %% confidence, from %d answered of %d calibration questions (%d wrong)", 100*s.Bound, 100*s.Confidence, s.Answered, s.Questions, s.Wrong)
}
