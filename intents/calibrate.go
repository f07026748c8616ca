package intents

import (
	"math"
	"slices"
	"strings"
)

// outcome is what became of one calibration question.
type outcome struct {
	signals signals
	margins []float32
	best    int
	by      string  // its writer
	label   int     // group of the right intent; none when no article answers it, several when it asks two things, vague when it may mean several
	score   float64 // confidence of the answer that it would get; below 0 when it would get none
	asTwo   bool    // it would be answered as two questions
}

// Labels of outcomes that are no single intent.
const (
	none    = -1
	several = -2
	vague   = -3
	half    = -4 // an article answers one of two questions: left out, because an answer to that one is neither right nor wrong
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

// calibrate fits the gate on the first width signals and picks the threshold, on what became of the calibration questions.
func calibrate(outcomes []outcome, intents, width int, cfg Config) gate {
	g := gate{threshold: math.Inf(1), mass: 1}
	g.sharpness, _ = sharpness(outcomes, intents)
	if len(outcomes) == 0 {
		g.statement = Statement{Budget: cfg.Budget, Bound: 1, Confidence: cfg.Confidence, OutOfScope: cfg.OutOfScope, Threshold: 1}
		return g
	}
	g.right = fit(outcomes, width, (*outcome).right, logistic{})
	g.within = fit(outcomes, width, (*outcome).within, g.right)
	g.double = fit(outcomes, width, (*outcome).double, logistic{})
	g.crossFit(outcomes, width)
	g.statement = threshold(outcomes, cfg)
	if g.statement.Met {
		g.threshold = g.statement.Threshold
	}
	g.mass, g.statement.Unanswered = offerMass(outcomes, intents, &g)
	return g
}

// outcomes classifies the calibration questions. embeddings are those of the calibration questions, or nil.
func (e *Engine) outcomes(embeddings [][]float32) []outcome {
	place := map[string]int{OutOfScope: none}
	for i, g := range e.groups[:e.intents] {
		place[g.id] = i
	}
	out := make([]outcome, len(e.catalogue.Calibration))
	onAllCores(func(from, step int) {
		s := e.scratch.Get().(*scratch)
		defer e.scratch.Put(s)
		for i := from; i < len(out); i += step {
			q := e.catalogue.Calibration[i]
			var embedding []float32
			if embeddings != nil {
				embedding = embeddings[i]
			}
			normalized := e.prepare(s, q.Text)
			r := e.rank(s, normalized, embedding)
			out[i] = outcome{signals: r.signals, margins: slices.Clone(s.margins), best: r.order[0], by: q.By, label: labelOf(q, place)}
			e.split(s, normalized, r).signal(&out[i].signals)
		}
	})
	return slices.DeleteFunc(out, func(o outcome) bool { return o.label == half })
}

// labelOf is the label of a calibration question's outcome; place gives that of intents.
func labelOf(q Question, place map[string]int) int {
	if at, single := place[q.Label]; single {
		return at
	}
	switch {
	case strings.Contains(q.Label, OutOfScope):
		return half
	case strings.Contains(q.Label, "|"):
		return vague
	}
	return several
}

// folds is how many parts cross-fitting has: each is scored by a gate that has not seen it.
const folds = 10

// crossFit says for each outcome what a gate fitted on the other folds would do; g was fitted on all.
func (g *gate) crossFit(outcomes []outcome, width int) {
	var gates [folds]gate
	onAllCores(func(from, step int) {
		for f := from; f < folds; f += step {
			var rest []outcome
			for i, o := range outcomes {
				if i%folds != f {
					rest = append(rest, o)
				}
			}
			gates[f] = gate{right: fit(rest, width, (*outcome).right, g.right), double: fit(rest, width, (*outcome).double, g.double)}
		}
	})
	for i := range outcomes {
		o, g := &outcomes[i], &gates[i%folds]
		o.score = g.right.probability(o.signals)
		switch p := g.double.probability(o.signals); {
		case p >= surelyDouble:
			o.asTwo, o.score = true, 1
		case p >= maybeDouble:
			o.score = -1
		}
	}
}

// sharpness is the factor that makes the right intents most likely, for questions in scope, and minus the logarithm of how
// likely it makes them.
func sharpness(outcomes []outcome, intents int) (factor, loss float64) {
	factor, loss = 3.0, math.Inf(1)
	for k := 1.0; k <= 12; k += 0.25 {
		var sum float64
		for i := range outcomes {
			if o := &outcomes[i]; o.label >= 0 {
				sum -= math.Log(softmax(o.margins[:intents], k)[o.label])
			}
		}
		if sum < loss {
			factor, loss = k, sum
		}
	}
	return factor, loss
}
