package intents

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// logistic is a logistic regression over signals; the last weight is the bias.
type logistic [signalCount + 1]float64

func (l logistic) probability(s signals) float64 {
	z := l[signalCount]
	for i, x := range s {
		z += l[i] * x
	}
	return 1 / (1 + math.Exp(-z))
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
