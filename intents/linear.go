package intents

import (
	"slices"

	"gonum.org/v1/gonum/blas/blas32"
)

// linear is a one-against-the-rest linear classifier: a weight for every (feature, class) and a bias a class.
type linear struct {
	classes int
	weights []float32 // row × class
	rows    []int32   // by feature: its row of weights, or faintRow; nil where there are many classes
	lists   lists     // in place of weights
	bias    []float32
}

// trainLinear tells each class from all others. labels are in [0, classes).
func trainLinear(vectors []vector, labels []int, classes, features int) *linear {
	m := &linear{classes: classes, bias: make([]float32, classes)}
	if classes <= few {
		weights := make([]float32, features*classes)
		solve(vectors, labels, classes, features, everyExample(len(vectors), classes), func(class int, bias float32, column []float32) {
			m.bias[class] = bias
			for f, x := range column {
				weights[f*classes+class] = x
			}
		})
		m.keepRows(weights, features)
		return m
	}
	columns := make([][]entry, classes)
	solve(vectors, labels, classes, features, opponents(vectors, labels, classes, features), func(class int, bias float32, column []float32) {
		m.bias[class] = bias
		columns[class] = weighty(column, slight)
	})
	m.lists = turn(columns, features)
	return m
}

// faint is the share of the heaviest weight of all below which a feature's weights are dropped when all of them are. Nearly
// half of the features speak so softly; without them the engine is so much smaller and as good (leave one file out: answered
// right 86.8 and 87.1 %).
const (
	faint    = 0.04
	faintRow = -1
)

// keepRows keeps the weights of features that are not faint.
func (m *linear) keepRows(weights []float32, features int) {
	var heaviest float32
	for _, w := range weights {
		heaviest = max(heaviest, abs(w))
	}
	m.rows = make([]int32, features)
	kept := int32(0)
	for f := range m.rows {
		row := weights[f*m.classes:][:m.classes]
		m.rows[f] = faintRow
		if slices.ContainsFunc(row, func(w float32) bool { return abs(w) >= faint*heaviest }) {
			m.rows[f] = kept
			copy(weights[int(kept)*m.classes:], row)
			kept++
		}
	}
	m.weights = slices.Clone(weights[:int(kept)*m.classes])
}

func abs(x float32) float32 { return max(x, -x) }

// score writes the margin of each class for v into into, which has one place a class.
func (m *linear) score(v vector, into []float32) {
	copy(into, m.bias)
	for _, e := range v {
		m.add(e, into)
	}
}

// short is the length below which a loop adds a row faster than a call does.
const short = 12

// add adds what one feature says for each class to into.
func (m *linear) add(e entry, into []float32) {
	if m.rows == nil {
		m.lists.add(e, into)
		return
	}
	if at := m.rows[e.feature]; at != faintRow {
		row := m.weights[int(at)*m.classes:][:m.classes]
		if len(row) < short {
			for c, w := range row {
				into[c] += w * e.value
			}
			return
		}
		blas32.Axpy(e.value, blas32.Vector{N: len(row), Data: row, Inc: 1}, blas32.Vector{N: len(row), Data: into, Inc: 1})
	}
}

// weight is what a feature says for a class.
func (m *linear) weight(feature int32, class int) float32 {
	if m.rows != nil {
		if at := m.rows[feature]; at != faintRow {
			return m.weights[int(at)*m.classes+class]
		}
		return 0
	}
	for _, w := range m.lists.of(feature) {
		if w.Class == int32(class) {
			return w.Weight
		}
	}
	return 0
}
