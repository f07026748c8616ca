package intents

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

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

// Training settings, chosen on calibration questions (see BENCHMARKS.md).
const (
	penalty   = 1.0 // C: cost of a training error against the length of the weights
	passes    = 30  // at most so many looks at each example
	tolerance = 0.5 // stop when no example asks for a larger change: smaller ones cost more and answer no more
	settled   = 0.1 // an example so far beyond its side of the margin is set aside until the others are settled too
)

// trainLinear fits a support vector machine with squared hinge loss for each class by dual coordinate descent
// (Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM"). labels are in
// [0, classes). Each class is a problem of its own with its own random order, so the result does not depend on
// the number of cores.
func trainLinear(vectors []vector, labels []int, classes, features int) *linear {
	m := &linear{classes: classes, bias: make([]float32, classes)}
	all := make([]int32, len(vectors))
	for i := range all {
		all[i] = int32(i)
	}
	if classes <= few {
		weights := make([]float32, features*classes)
		m.solve(vectors, labels, features, func(int) []int32 { return all }, func(class int, w []float32) {
			for f, x := range w {
				weights[f*classes+class] = x
			}
		})
		m.keepRows(weights, features)
		return m
	}
	examples, columns := opponents(vectors, labels, classes, features), make([][]entry, classes)
	m.solve(vectors, labels, features, func(class int) []int32 { return examples[class] }, func(class int, w []float32) {
		columns[class] = weighty(w, slight)
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

// solve finds the weights of each class by the examples that it is trained on, on all cores, and gives them to take, which must
// not keep them.
func (m *linear) solve(vectors []vector, labels []int, features int, examples func(class int) []int32, take func(class int, weights []float32)) {
	norms := make([]float32, len(vectors))
	for i, v := range vectors {
		norms[i] = 1 // the bias counts as a feature of value 1
		for _, e := range v {
			norms[i] += e.value * e.value
		}
	}
	next := make(chan int, m.classes)
	for c := range m.classes {
		next <- c
	}
	close(next)
	var wg sync.WaitGroup
	for range min(m.classes, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			s := solver{vectors: vectors, norms: norms, alpha: make([]float32, len(vectors)), w: make([]float32, features)}
			for c := range next {
				s.solve(labels, c, examples(c))
				m.bias[c] = s.bias
				take(c, s.w)
			}
		})
	}
	wg.Wait()
}

// solver holds the state of one class's problem.
type solver struct {
	vectors []vector
	norms   []float32
	alpha   []float32
	w       []float32
	bias    float32
}

// solve finds the weights that tell class from all others by the given examples.
func (s *solver) solve(labels []int, class int, examples []int32) {
	clear(s.w)
	clear(s.alpha)
	s.bias = 0
	alpha, order := s.alpha, slices.Clone(examples)
	random := rand.New(rand.NewPCG(uint64(class), 1)) //nolint:gosec // a fixed order is wanted
	active := len(order)
	bound := everyone // examples of no weight whose gradient exceeds it are set aside
	for range passes {
		random.Shuffle(active, func(i, j int) { order[i], order[j] = order[j], order[i] })
		var largest float32
		for k := 0; k < active; k++ {
			i := order[k]
			y := float32(-1)
			if labels[i] == class {
				y = 1
			}
			gradient := y*s.dot(s.vectors[i]) - 1 + alpha[i]/(2*penalty)
			if alpha[i] == 0 && gradient > bound {
				active--
				order[k], order[active] = order[active], order[k]
				k--
				continue
			}
			if alpha[i] == 0 && gradient > 0 {
				continue
			}
			largest = max(largest, abs(gradient))
			before := alpha[i]
			alpha[i] = max(before-gradient/(s.norms[i]+1/(2*penalty)), 0)
			s.add(s.vectors[i], (alpha[i]-before)*y)
		}
		if largest <= tolerance {
			if active == len(order) {
				break
			}
			active, bound = len(order), everyone // look once more at those set aside
			continue
		}
		bound = settled
	}
}

const everyone = float32(1e30)

func abs(x float32) float32 { return max(x, -x) }

func (s *solver) dot(v vector) float32 {
	var sums [4]float32 // so that an addition need not wait for the one before
	whole := len(v) &^ 3
	for i := 0; i < whole; i += 4 {
		q := v[i : i+4 : i+4]
		sums[0] += s.w[q[0].feature] * q[0].value
		sums[1] += s.w[q[1].feature] * q[1].value
		sums[2] += s.w[q[2].feature] * q[2].value
		sums[3] += s.w[q[3].feature] * q[3].value
	}
	for _, e := range v[whole:] {
		sums[0] += s.w[e.feature] * e.value
	}
	return s.bias + (sums[0] + sums[1]) + (sums[2] + sums[3])
}

func (s *solver) add(v vector, step float32) {
	if step == 0 {
		return
	}
	s.bias += step
	for _, e := range v {
		s.w[e.feature] += step * e.value
	}
}

// score writes the margin of each class for v into into, which has one place a class.
func (m *linear) score(v vector, into []float32) {
	copy(into, m.bias)
	for _, e := range v {
		m.add(e, into)
	}
}

// add adds what one feature says for each class to into.
func (m *linear) add(e entry, into []float32) {
	if m.rows == nil {
		m.lists.add(e, into)
		return
	}
	if at := m.rows[e.feature]; at != faintRow {
		row := m.weights[int(at)*m.classes:][:m.classes]
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
