package evaluate

import (
	"cmp"
	"slices"
)

// Point is one threshold of a risk–coverage curve.
type Point struct {
	Threshold float64 `json:"threshold"` // least confidence to answer
	Coverage  float64 `json:"coverage"`  // answered, of all questions
	Risk      float64 `json:"risk"`      // wrong, of answered
}

// Bin are the questions whose confidence lies in one range.
type Bin struct {
	From      float64 `json:"from"`
	To        float64 `json:"to"`
	Questions int     `json:"questions"`
	Said      float64 `json:"said"`  // mean confidence
	Right     float64 `json:"right"` // share whose best candidate is the label
}

// points is how many thresholds a curve has, and bins into how many ranges confidence is cut.
const (
	points = 50
	bins   = 10
)

// riskCoverage tells for rising coverage how many answers would be wrong if the confidence alone decided. Those
// with several labels are left out.
func riskCoverage(outcomes []Outcome) []Point {
	rows := scored(outcomes)
	slices.SortStableFunc(rows, func(a, b *Outcome) int { return cmp.Compare(b.Confidence, a.Confidence) })
	var out []Point
	wrong := 0
	for i, o := range rows {
		wrong += count(!o.topRight())
		n := i + 1
		if n*points/len(rows) > i*points/len(rows) {
			out = append(out, Point{o.Confidence, share(n, len(rows)), share(wrong, n)})
		}
	}
	return out
}

// reliability compares what confidence says with what comes true. Questions with several labels are left out; empty ranges too.
func reliability(outcomes []Outcome) []Bin {
	all := make([]Bin, bins)
	right := make([]int, bins)
	for _, o := range scored(outcomes) {
		b := min(int(o.Confidence*bins), bins-1)
		all[b].Questions++
		all[b].Said += o.Confidence
		right[b] += count(o.topRight())
	}
	var out []Bin
	for i, b := range all {
		if b.Questions > 0 {
			b.From, b.To = float64(i)/bins, float64(i+1)/bins
			b.Said /= float64(b.Questions)
			b.Right = share(right[i], b.Questions)
			out = append(out, b)
		}
	}
	return out
}

// scored are the outcomes of questions with one right label, in scope or out of it: only they have a best candidate that is
// right or wrong.
func scored(outcomes []Outcome) []*Outcome {
	var out []*Outcome
	for i := range outcomes {
		if o := &outcomes[i]; o.single() || o.outOfScope() {
			out = append(out, o)
		}
	}
	return out
}
