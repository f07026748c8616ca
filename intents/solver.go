package intents

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

// Training settings, chosen on calibration questions (see BENCHMARKS.md).
const (
	penalty   = 1.0  // C: cost of a training error against the length of the weights
	passes    = 30   // at most so many looks at each example
	tolerance = 0.8  // stop when no example asks for a larger change: smaller ones cost more and answer no more
	exact     = 0.1  // the same of so few examples that it costs little (embeddings of ten an intent: CLINC150 91.1 instead of 90.8 %)
	exactFor  = 2000 // as many examples at the most
	settled   = 0.1  // an example so far beyond its side of the margin is set aside until the others are settled too
)

// abreast is how many classes are solved side by side: most of the time goes into fetching examples and weights from memory, and one
// fetch serves all of them.
const abreast = 4

// quad is a number for each class of a block.
type quad = [abreast]float32

// blocks is how many blocks hold that many classes.
func blocks(classes int) int { return (classes + abreast - 1) / abreast }

// everyExample has each block trained on all examples.
func everyExample(examples, classes int) [][]int32 {
	all := make([]int32, examples)
	for i := range all {
		all[i] = int32(i)
	}
	out := make([][]int32, blocks(classes))
	for b := range out {
		out[b] = all
	}
	return out
}

// solve fits a support vector machine with squared hinge loss for each class, which tells it from all others, by dual coordinate
// descent (Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM"), on the examples that its block is trained
// on. Each block of classes has its own random order, so the result does not depend on the number of cores. take gets a class's bias
// and its weights by feature, which it must not keep.
func solve(vectors []vector, labels []int, classes, features int, examples [][]int32, take func(class int, bias float32, column []float32)) {
	norms := make([]float32, len(vectors))
	for i, v := range vectors {
		norms[i] = 1 // the bias counts as a feature of value 1
		for _, e := range v {
			norms[i] += e.value * e.value
		}
	}
	next := make(chan int, len(examples))
	for b := range examples {
		next <- b
	}
	close(next)
	var wg sync.WaitGroup
	for range min(len(examples), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			s := solver{vectors: vectors, labels: labels, norms: norms, alpha: make([]quad, len(vectors)), w: make([]quad, features)}
			column := make([]float32, features)
			for b := range next {
				s.first, s.width = b*abreast, min(abreast, classes-b*abreast)
				s.solve(examples[b])
				for c := range s.width {
					for f := range column {
						column[f] = s.w[f][c]
					}
					take(s.first+c, s.bias[c], column)
				}
			}
		})
	}
	wg.Wait()
}

// solver holds the state of one block's problems.
type solver struct {
	vectors []vector
	labels  []int
	norms   []float32
	first   int // class of the block
	width   int // how many classes the block has
	alpha   []quad
	w       []quad // by feature
	bias    quad
}

const everyone = float32(1e30)

// solve finds the weights that tell each class of the block from all others by the given examples.
func (s *solver) solve(examples []int32) {
	clear(s.w)
	for _, i := range examples {
		s.alpha[i] = quad{}
	}
	s.bias = quad{}
	order, least := slices.Clone(examples), float32(tolerance)
	if len(s.vectors) <= exactFor {
		least = exact
	}
	random := rand.New(rand.NewPCG(uint64(s.first), 1)) //nolint:gosec // a fixed order is wanted
	active := len(order)
	bound := everyone // examples of no weight whose gradients exceed it are set aside
	for range passes {
		random.Shuffle(active, func(i, j int) { order[i], order[j] = order[j], order[i] })
		var largest float32
		for k := 0; k < active; k++ {
			asked, needed := s.look(order[k], bound)
			largest = max(largest, asked)
			if !needed {
				active--
				order[k], order[active] = order[active], order[k]
				k--
			}
		}
		if largest <= least {
			if active == len(order) {
				break
			}
			active, bound = len(order), everyone // look once more at those set aside
			continue
		}
		bound = settled
	}
}

// look moves the weights as one example asks. It returns the largest change that the example asked for, and whether any class still
// needs it: one that has weight, or whose gradient does not exceed bound.
func (s *solver) look(i int32, bound float32) (asked float32, needed bool) {
	margins, alpha := s.dot(s.vectors[i]), &s.alpha[i]
	own := s.labels[i] - s.first
	var step quad
	for c := range s.width {
		y := float32(-1)
		if c == own {
			y = 1
		}
		before := alpha[c]
		gradient := y*margins[c] - 1 + before/(2*penalty)
		if before == 0 && gradient > 0 {
			needed = needed || gradient <= bound
			continue
		}
		needed = true
		asked = max(asked, abs(gradient))
		alpha[c] = max(before-gradient/(s.norms[i]+1/(2*penalty)), 0)
		step[c] = (alpha[c] - before) * y
	}
	if step != (quad{}) {
		s.add(s.vectors[i], step)
	}
	return asked, needed
}

func (s *solver) dot(v vector) quad {
	a, b, c, d := s.bias[0], s.bias[1], s.bias[2], s.bias[3]
	for _, e := range v {
		w := &s.w[e.feature]
		a += w[0] * e.value
		b += w[1] * e.value
		c += w[2] * e.value
		d += w[3] * e.value
	}
	return quad{a, b, c, d}
}

func (s *solver) add(v vector, step quad) {
	for c, x := range step {
		s.bias[c] += x
	}
	for _, e := range v {
		w := &s.w[e.feature]
		w[0] += step[0] * e.value
		w[1] += step[1] * e.value
		w[2] += step[2] * e.value
		w[3] += step[3] * e.value
	}
}
