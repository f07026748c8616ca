package intents

import (
	"math"
	"slices"
)

// signals are what the gate sees of a question: how well the best intent fits, the next one, the best
// of all that is no intent, the best vague class, how much of the question training has ever seen, how long it is, and how clearly it falls
// into two questions and whether both ask. What an embedding adds comes last; it is 0 without one.
type signals [signalCount]float64

const (
	signalSeen  = 4
	signalSplit = 6
	signalBoth  = 7
	signalWords = 8 // how many do without an embedding
	signalCount = signalWords + meantSignals
)

func newSignals(margins []float32, r ranking, seen, pieces float64) signals {
	second, other, vague := -1.0, -1.0, -1.0
	if len(r.order) > 1 {
		second = float64(margins[r.order[1]])
	}
	if r.other >= 0 {
		other = float64(margins[r.other])
	}
	if r.vague >= 0 {
		vague = float64(margins[r.vague])
	}
	return signals{float64(margins[r.order[0]]), second, other, vague, seen, math.Log1p(pieces), unsplit} // the rest is 0
}

// gate decides whether to answer. It is a second, small model over [signals], fitted on calibration questions,
// which the classifier has never seen.
type gate struct {
	right     logistic // is the best intent the right answer?
	within    logistic // does any article answer it?
	double    logistic // does it ask two things that articles answer?
	sharpness float64  // factor from margins to log-probabilities
	threshold float64  // least confidence to answer
	mass      float64  // probability that a clarification's candidates must hold
	statement Statement
}

func (g *gate) confidence(s signals) float64 { return g.right.probability(s) }
func (g *gate) inScope(s signals) float64    { return g.within.probability(s) }

// From maybeDouble on, a message is not answered as one question; from surelyDouble on, as two.
const (
	maybeDouble  = 0.2
	surelyDouble = 0.8
)

// Most intents that a clarification offers, how likely it must be that any article answers at all, and the share of the best
// intent's probability from which another is plausible beside it.
const (
	mostCandidates = 3
	clarifyFrom    = 0.35
	plausibleFrom  = 0.05
)

// candidates is the prediction set for a question that is not answered: the fewest intents that hold the
// calibrated mass, when they are at most three and an article probably answers the question. Intents that are plausible beside
// them are added, which makes it no less likely that the right one is offered. It may be a single one.
func (g *gate) candidates(v Verdict) []Score {
	if v.InScope < clarifyFrom {
		return nil
	}
	var total, sum float64
	for _, s := range v.Ranked {
		total += s.P
	}
	for i, s := range v.Ranked {
		sum += s.P
		if sum >= g.mass*total || i+1 == mostCandidates {
			if sum < g.mass*total {
				return nil
			}
			return slices.Clone(v.Ranked[:max(i+1, plausible(v.Ranked))])
		}
	}
	return nil
}

// plausible is how many intents of a ranking are worth offering.
func plausible(ranked []Score) int {
	n := 1
	for n < min(len(ranked), mostCandidates) && ranked[n].P >= plausibleFrom*ranked[0].P {
		n++
	}
	return n
}

// softmax turns margins into probabilities; a larger sharpness makes them bolder.
func softmax(margins []float32, sharpness float64) []float64 {
	top := float64(slices.Max(margins))
	out := make([]float64, len(margins))
	var sum float64
	for i, m := range margins {
		out[i] = math.Exp(sharpness * (float64(m) - top))
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
