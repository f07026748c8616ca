package intents

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// logistic is a logistic regression over the first signals; the last weight is the bias. One that was not fitted knows nothing.
type logistic []float64

func (l logistic) probability(s signals) float64 {
	if len(l) == 0 {
		return 0.5
	}
	n := len(l) - 1
	z := l[n]
	for i, x := range s[:n] {
		z += l[i] * x
	}
	return 1 / (1 + math.Exp(-z))
}

// ridge keeps the gate's weights finite when the calibration set is separable.
const ridge = 0.5

// fit finds the logistic regression of want on the first width signals by Newton's method.
func fit(outcomes []outcome, width int, want func(*outcome) bool) logistic {
	n := width + 1
	l := make(logistic, n)
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
			x := slices.Concat(o.signals[:width], []float64{1})
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
